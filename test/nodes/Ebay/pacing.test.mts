import { attached, BUYER, ebayWorld, itemWithPicture, messageForm } from '../../engine/ebay.mts';
import { imagePlans, memberMessagePlans } from '../../../nodes/Ebay/api/limits.ts';

const world = ebayWorld();
const CALL = 'ebay.AddMemberMessageAAQToPartner';

afterEach(() => jest.restoreAllMocks());

/** 75 calls in so many seconds instead of 60, at both ends. */
function scaleTo(plan: 'partner' | 'reply', seconds: number): void {
	const factor = seconds / 60;
	world.simulator.ebay.scaleLimits(factor);
	jest.replaceProperty(memberMessagePlans[plan], 'seconds', seconds);
	jest.replaceProperty(memberMessagePlans[plan], 'blockSeconds', 100 * factor);
}

it('sends 150 messages as fast as two windows allow, and is never blocked', async () => {
	scaleTo('partner', 6);
	await world.run(messageForm({ options: { validateOnly: true } }));
	const items = Array.from({ length: 150 }, () => ({ json: {} }));
	const result = await world.run(messageForm(), { items });
	expect(result.items.map(({ json }) => json.status)).toEqual(Array(150).fill('sent'));

	const sends = world.simulator.calls.filter(({ operation }) => operation === CALL);
	expect(sends).toHaveLength(150);
	const after = (call: number) => sends[call]!.at - sends[0]!.at;
	// The 150th can come no earlier than a window after the 75th.
	const ideal = after(74) + 6000;
	expect(after(75)).toBeGreaterThanOrEqual(6000);
	expect(after(149)).toBeLessThanOrEqual(ideal * 1.1);
	expect(after(74)).toBeLessThan(3000);
	expect(result.hints.map(({ message }) => message).join()).toMatch(
		/150 sent, waited \d s for eBay's/,
	);
}, 30_000);

it('counts replies for themselves', async () => {
	scaleTo('partner', 3);
	scaleTo('reply', 3);
	world.simulator.ebay.state.messageLimit.plan = { calls: 75, windowMs: 3000, blockMs: 5000 };
	const items = Array.from({ length: 75 }, () => ({ json: {} }));
	const reply = {
		resource: 'question',
		operation: 'reply',
		parentMessageId: '700000001',
		recipientId: 'shopper_one',
		body: 'Two days.',
	};
	const began = Date.now();
	await Promise.all([
		world.run(messageForm({ recipientId: BUYER }), { items }),
		world.run(reply, { items }),
	]);
	expect(world.simulator.received).toHaveLength(150);
	expect(Date.now() - began).toBeLessThan(3000);
}, 30_000);

it('waits for the end of a block that somebody else caused', async () => {
	scaleTo('partner', 0.6);
	const { state } = world.simulator.ebay;
	state.blockAnswer = 'http429';
	for (let i = 0; i < 76; i++) {
		state.messageLimit.take('AddMemberMessageAAQToPartner demo_seller');
	}
	const { items } = await world.run(messageForm());
	expect(items[0]!.json.status).toBe('sent');
	expect(world.calls()).toEqual([CALL, CALL]);
}, 30_000);

it('uploads pictures no faster than the Media API takes them', async () => {
	jest.replaceProperty(imagePlans.upload, 'calls', 5);
	jest.replaceProperty(imagePlans.upload, 'seconds', 0.5);
	world.simulator.ebay.state.imageLimit.plan = { calls: 5, windowMs: 500, blockMs: 5000 };
	const items = Array.from({ length: 4 }, () => itemWithPicture);
	const five = attached('data', 'data', 'data', 'data', 'data');
	const result = await world.run(messageForm(five), { items });
	expect(result.items.map(({ json }) => json.status)).toEqual(Array(4).fill('sent'));
	expect(world.simulator.calls.filter(({ status }) => status === 429)).toEqual([]);
}, 30_000);
