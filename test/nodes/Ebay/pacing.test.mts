import type { INodeParameters } from 'n8n-workflow';

import {
	attached,
	BUYER,
	ebayWorld,
	ITEM,
	itemWithPicture,
	messageForm,
	type Failure,
} from '../../engine/ebay.mts';
import { quickTime } from '../../engine/quickTime.mts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import {
	imagePlans,
	memberMessagePlans,
	type TradingCall,
} from '../../../nodes/Ebay/api/limits.ts';

const world = ebayWorld();
const CALL = 'ebay.AddMemberMessageAAQToPartner';

let backToNormal: () => void;
beforeEach(() => {
	backToNormal = quickTime();
});
afterEach(() => {
	backToNormal();
	jest.restoreAllMocks();
});

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
});

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
});

describe.each(['usageLimit', 'http429'] as const)('a block that eBay tells by %s', (words) => {
	beforeEach(() => {
		forgetLanes();
		world.simulator.ebay.state.blockAnswer = words;
	});

	/** Somebody else sent too much. */
	const block = () => {
		const { messageLimit } = world.simulator.ebay.state;
		for (let i = 0; i < 76; i++) messageLimit.take('AddMemberMessageAAQToPartner demo_seller');
	};
	const sends = () => world.simulator.calls.filter(({ operation }) => operation === CALL);
	const twenty = Array.from({ length: 20 }, () => ({ json: {} }));
	const settings = { onError: 'continueErrorOutput' as const };

	it('is waited for, and the message is sent', async () => {
		block();
		const { items } = await world.run(messageForm());
		expect(items[0]!.json.status).toBe('sent');
		expect(sends()).toHaveLength(2);
	});

	it('closes the way for all items: none leaves until it is over, and all are sent', async () => {
		await world.run(messageForm({ options: { validateOnly: true } }));
		block();
		const { items } = await world.run(messageForm(), { items: twenty, settings });
		expect(items.map(({ json }) => json.status)).toEqual(Array(20).fill('sent'));
		expect(world.simulator.received).toHaveLength(20);
		const at = sends().map((one) => one.at);
		const within = at.filter((one) => one - at[0]! > 30_000 && one - at[0]! < 99_000);
		expect(within).toEqual([]);
	}, 20_000);

	it('that is there again after it was waited for is told to the seller, once asked for by one item', async () => {
		const { state } = world.simulator.ebay;
		state.messageLimit.plan = { calls: 0, windowMs: 60_000, blockMs: 86_400_000 };
		const { errors } = await world.run(messageForm(), { items: twenty, settings });
		expect(errors).toHaveLength(20);
		const [{ json }] = errors as unknown as Array<{ json: Failure }>;
		expect(json.details).toMatchObject({ outcome: 'notSent', retryable: true });
		expect(json.details.description).toMatch(/two minutes.*midnight/);
		const at = sends().map((one) => one.at);
		// After the block one goes ahead, and the others do not follow it.
		expect(at.filter((one) => one - at[0]! > 30_000)).toHaveLength(1);

		// While the way is closed, nothing leaves: also not in the next run.
		const before = at.length;
		const { error, details } = await world.failure(messageForm());
		expect(error).toMatch(/limit/);
		expect(details).toMatchObject({ outcome: 'notSent', retryable: true });
		expect(sends()).toHaveLength(before);
	}, 20_000);

	it('does not close the way for replies', async () => {
		block();
		const reply = {
			...{ resource: 'question', operation: 'reply', body: 'Two days.' },
			...{ parentMessageId: '700000001', recipientId: 'shopper_one' },
		};
		const begun = Date.now();
		await Promise.all([
			world.run(messageForm()),
			world.run(reply).then(() => expect(Date.now() - begun).toBeLessThan(50_000)),
		]);
		expect(world.simulator.received).toHaveLength(2);
	}, 20_000);
});

/** Each call of the Trading API, and a form that makes it once an item; a look waits for no limit. */
const tradingForms: Record<Exclude<TradingCall, 'GetMyMessages'>, INodeParameters> = {
	AddMemberMessageAAQToPartner: messageForm(),
	AddMemberMessageRTQ: {
		...{ resource: 'question', operation: 'reply', body: 'Two days.' },
		...{ parentMessageId: '700000001', recipientId: 'shopper_one' },
	},
	GetMemberMessages: { resource: 'question', operation: 'getMany', filters: { itemId: ITEM } },
	GetOrders: { resource: 'order', operation: 'getMany', returnAll: false, limit: 5 },
	// Asked once an execution, whose item it is.
	GetUser: messageForm({ options: { validateOnly: true } }),
};

describe.each(Object.keys(tradingForms) as Array<keyof typeof tradingForms>)(
	'the code 518 of %s',
	(call) => {
		const form = tradingForms[call];
		const settings = { onError: 'continueErrorOutput' as const };
		const twenty = Array.from({ length: call === 'GetUser' ? 1 : 20 }, () => ({ json: {} }));
		const usedUp = (times?: number) =>
			void world.simulator.ebay.state.nextAnswers.push({ call, errors: [{ code: '518' }], times });
		const asked = () =>
			world.simulator.calls
				.filter(({ operation }) => operation === `ebay.${call}`)
				.map(({ at }) => at);
		beforeEach(forgetLanes);

		it('closes its way once, and then the item is tried once more', async () => {
			usedUp();
			const { error } = await world.run(form);
			expect(error).toBeUndefined();
			const [first, second, ...more] = asked();
			expect(second! - first!).toBeGreaterThanOrEqual(100_000);
			expect(more).toEqual([]);
		});

		it('that comes again is refused with when to come back, and until then nothing leaves', async () => {
			usedUp(Infinity);
			const { errors } = await world.run(form, { items: twenty, settings });
			const failures = errors.map(({ json }) => json as unknown as Failure);
			expect(failures).toHaveLength(twenty.length);
			for (const { details } of failures) {
				expect(details).toMatchObject({ outcome: 'notSent', retryable: true });
				expect(details.description).toMatch(/eBay asks to wait \d+ seconds\./);
			}
			const at = asked();
			// What left together is refused together; after the block one goes ahead, and nobody follows.
			expect(at.filter((one) => one - at[0]! > 30_000)).toHaveLength(1);

			await world.failure(form);
			expect(asked()).toHaveLength(at.length);
		}, 20_000);
	},
);

it('uploads pictures no faster than the Media API takes them', async () => {
	jest.replaceProperty(imagePlans.upload, 'calls', 5);
	jest.replaceProperty(imagePlans.upload, 'seconds', 0.5);
	world.simulator.ebay.state.imageLimit.plan = { calls: 5, windowMs: 500, blockMs: 5000 };
	const items = Array.from({ length: 4 }, () => itemWithPicture);
	const five = attached('data', 'data', 'data', 'data', 'data');
	const result = await world.run(messageForm(five), { items });
	expect(result.items.map(({ json }) => json.status)).toEqual(Array(4).fill('sent'));
	expect(world.simulator.calls.filter(({ status }) => status === 429)).toEqual([]);
});

describe('messages in conversations', () => {
	const form = {
		resource: 'conversation',
		operation: 'send',
		conversationId: '800000000001',
		text: 'Tomorrow.',
	};
	const tooMany = (status: number) => ({
		operation: 'ebay.sendMessage',
		kind: 'status' as const,
		status,
		body: { errors: [{ errorId: 2001, domain: 'ACCESS', message: 'Too many requests.' }] },
	});

	it.each([429, 403, 200])(
		'wait for all of them where eBay says too many with %i',
		async (status) => {
			world.simulator.faults.push({ ...tooMany(status), times: 1 });
			const items = Array.from({ length: 40 }, () => ({ json: {} }));
			const settings = { onError: 'continueRegularOutput' as const };
			const result = await world.run(form, { items, settings });
			expect(result.items.map(({ json }) => json.status)).toEqual(Array(40).fill('sent'));
		},
	);

	it('are not sent again where eBay fails with HTTP 503, whatever it says', async () => {
		world.simulator.faults.push({ ...tooMany(503), times: 9 });
		const options = { lookUpAfterLoss: false };
		const { details } = await world.failure({ ...form, options });
		expect(details).toMatchObject({ outcome: 'unknown', code: '2001' });
		expect(world.calls()).toEqual(['ebay.sendMessage']);
	});

	it('do not go on into a limit that is used up', async () => {
		const headers = { 'retry-after': '60' };
		world.simulator.faults.push({ ...tooMany(429), headers, times: 1 });
		const items = Array.from({ length: 120 }, () => ({ json: {} }));
		const settings = { onError: 'continueRegularOutput' as const };
		await world.run(form, { items, settings });
		const sends = world.simulator.calls.filter(({ operation }) => operation === 'ebay.sendMessage');
		const refused = sends.find(({ status }) => status === 429)!;
		// What had left before may still come in.
		const during = sends.filter(({ at }) => at > refused.at + 20_000 && at < refused.at + 58_000);
		expect(during).toHaveLength(0);
		expect(sends).toHaveLength(121);
	});

	it('are read no more while eBay has too many requests', async () => {
		const operation = 'ebay.conversation';
		world.simulator.faults.push({ ...tooMany(429), operation, times: 1 });
		const items = Array.from({ length: 40 }, () => ({ json: {} }));
		const get = { resource: 'conversation', operation: 'get', conversationId: '800000000001' };
		const { error } = await world.run(get, { items });
		expect(error).toBeUndefined();
		const calls = world.simulator.calls.filter((call) => call.operation === operation);
		const refused = calls.find(({ status }) => status === 429)!;
		// What had left before may still come in.
		const during = calls.filter(({ at }) => at > refused.at + 2000 && at < refused.at + 9900);
		expect(during).toEqual([]);
	});
});
