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

it('sends 150 messages in two windows, and is never blocked', async () => {
	scaleTo('partner', 6);
	await world.run(messageForm({ options: { validateOnly: true } }));
	const items = Array.from({ length: 150 }, () => ({ json: {} }));
	const result = await world.run(messageForm(), { items });
	expect(result.items.map(({ json }) => json.status)).toEqual(Array(150).fill('sent'));

	const sends = world.simulator.calls.filter(({ operation }) => operation === CALL);
	expect(sends).toHaveLength(150);
	// The 76th comes a whole window after the first. How fast the rest goes is for the benchmarks.
	expect(sends[75]!.at - sends[0]!.at).toBeGreaterThanOrEqual(6000);
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
	const [messages, replies] = await Promise.all([
		world.run(messageForm({ recipientId: BUYER }), { items }),
		world.run(reply, { items }),
	]);
	expect(world.simulator.received).toHaveLength(150);
	const hints = [...messages.hints, ...replies.hints].map(({ message }) => message).join();
	expect(hints).toMatch(/75 sent/);
	expect(hints).not.toMatch(/waited/);
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
