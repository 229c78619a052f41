/** The loop over items, in n8n's engine, with the Amazon node as its example. */
import type { INode } from 'n8n-workflow';

import { amazonWorld, messageForm, ORDER } from '../../../engine/amazon.mts';
import { keepNotes } from '../../../engine/engine.mts';
import { quickTime } from '../../../engine/quickTime.mts';
import { toolOf } from '../../../engine/tool.mts';

const amazon = amazonWorld();
const form = messageForm('={{ $json.order }}', 'confirmOrderDetails', {
	text: '={{ $json.text }}',
	options: { checkAvailability: false },
});
const itemsOf = (orders: string[]) =>
	orders.map((order) => ({ json: { order, text: `To ${order}` } }));
const sends = () => amazon.calls().filter((name) => name === 'amazon.send').length;
const arrived = () => amazon.simulator.received.map(({ reference }) => reference);

/** So often nothing has changed before it counts as settled; what looks is no work, and time goes on. */
const LOOKS = 20;
const look = async () => await new Promise((resolve) => realSetTimeout(resolve, 2));
const realSetTimeout = globalThis.setTimeout;

let backToNormal: () => void;
beforeEach(() => {
	backToNormal = quickTime();
	amazon.withoutLimits();
});
afterEach(() => backToNormal());

/** The order's message is refused. */
function refuse(order: string, times = 1): void {
	const body = { errors: [{ code: 'InvalidInput', message: 'No' }] };
	amazon.simulator.faults.push({
		operation: 'amazon.send',
		kind: 'status',
		status: 400,
		headers: { 'x-amzn-RequestId': 'request-1' },
		containing: order,
		body,
		times,
	});
}

/** The order's message arrives, and nobody learns of it. */
function lose(order: string): void {
	amazon.simulator.faults.push({
		operation: 'amazon.send',
		kind: 'lost',
		when: 'after',
		containing: order,
	});
}

test('the results come in input order, paired with their items, whoever answers first', async () => {
	const orders = amazon.addOrders(40);
	for (const containing of orders.slice(0, 36)) {
		const ms = Math.random() * 60;
		amazon.simulator.faults.push({ operation: 'amazon.send', kind: 'delay', ms, containing });
	}
	const { items } = await amazon.run(form, { items: itemsOf(orders) });

	expect(items.map(({ json }) => json.orderId)).toEqual(orders);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(orders.map((_, item) => ({ item })));
	expect(arrived().sort()).toEqual(orders);
	expect(arrived()).not.toEqual(orders);
});

/** @returns the most messages that are on their way at once, told after the run */
function watchFlying(): () => number {
	const { calls } = amazon.simulator;
	let most = 0;
	const push = Array.prototype.push.bind(calls);
	calls.push = (...added) => {
		const length = push(...added);
		const flying = calls.filter((call) => call.operation === 'amazon.send' && call.status === 0);
		most = Math.max(most, flying.length);
		return length;
	};
	return () => {
		// Its own again: a list as any other.
		Reflect.deleteProperty(calls, 'push');
		return most;
	};
}

/** No send is answered, but for the first ones, until they are released. */
function hold(times: number, skip = 0): () => void {
	let release = () => {};
	const until = new Promise<void>((resolve) => (release = resolve));
	amazon.simulator.faults.push({ operation: 'amazon.send', kind: 'delay', until, times, skip });
	return release;
}

/** @returns how many sends there are when there are so many, and no more come for a while */
async function comeTo(wanted: number): Promise<number> {
	for (let same = 0, before = 0; same < LOOKS; before = sends()) {
		await look();
		same = sends() >= wanted && sends() === before ? same + 1 : 0;
	}
	return sends();
}

test.each([
	['with "Stop Workflow", and never more than 32', 'stopWorkflow', 32],
	['with "Continue", and never more than 64', 'continueRegularOutput', 64],
] as const)('several items are in flight %s', async (_, onError, bound) => {
	const orders = amazon.addOrders(120);
	amazon.simulator.latencyMs = 150;
	const mostFlying = watchFlying();
	// The first answers let more in; the others wait until more than eight are there.
	const answered = 20;
	const release = hold(orders.length, answered);
	const run = amazon.run(form, { items: itemsOf(orders), settings: { onError } });
	await comeTo(answered + 9);
	release();
	await run;
	const most = mostFlying();
	expect(most).toBeGreaterThan(8);
	expect(most).toBeLessThanOrEqual(bound);
	expect(arrived()).toHaveLength(120);
});

test.each([
	['with "Continue" sixteen', 'continueRegularOutput', false, 16],
	['with "Continue" and Prevent Duplicates four', 'continueRegularOutput', true, 4],
	['with "Stop Workflow" four', 'stopWorkflow', false, 4],
] as const)('%s items begin at once', async (_, onError, preventDuplicates, begin) => {
	await keepNotes();
	const orders = amazon.addOrders(20);
	const release = hold(orders.length);
	const options = { checkAvailability: false, preventDuplicates };
	const run = amazon.run({ ...form, options }, { items: itemsOf(orders), settings: { onError } });
	const begun = await comeTo(begin);
	release();
	await run;
	expect(begun).toBe(begin);
	expect(arrived()).toHaveLength(20);
});

test('no items are no requests', async () => {
	const { items, error } = await amazon.run(form, { items: [] });
	expect([items, error, amazon.simulator.calls]).toEqual([[], undefined, []]);
});

describe('with "Continue"', () => {
	const settings: Partial<INode> = { onError: 'continueRegularOutput' };

	test('a failed item is an item with its error', async () => {
		const orders = amazon.addOrders(4);
		refuse(orders[1]);
		lose(orders[2]);
		const { items } = await amazon.run(form, { items: itemsOf(orders), settings });

		expect(
			items.map(({ json }) => json.status ?? (json.details as { outcome: string }).outcome),
		).toEqual(['sent', 'notSent', 'unknown', 'sent']);
		expect(items[1]).toEqual({
			json: {
				error: `Order ${orders[1]}: Amazon refused the request: No`,
				details: {
					orderId: orders[1],
					outcome: 'notSent',
					retryable: false,
					code: 'InvalidInput',
					httpStatus: 400,
					requestId: 'request-1',
					marketplace: 'amazon',
					marketplaceMessage: 'No',
					description: expect.stringMatching(/./),
				},
			},
			pairedItem: { item: 1 },
		});
		expect(items[2].pairedItem).toEqual({ item: 2 });
	});

	test('the item begins with whom it is about', async () => {
		const [order] = amazon.addOrders(1);
		refuse(order);
		const { items } = await amazon.run(form, { items: itemsOf([order]), settings });
		const { error, details } = items[0].json as { error: string; details: object };
		expect(error).toMatch(new RegExp(`^Order ${order}: `));
		expect(Object.keys(details).slice(0, 2)).toEqual(['orderId', 'outcome']);
	});

	test('an address names its order without what is behind it', async () => {
		const address = 'https://sellercentral.amazon.com/orders-v3/order/nothing?token=secret#part';
		const { items } = await amazon.run(form, { items: itemsOf([address]), settings });
		expect(items[0].json.error).toMatch(/^Order https:\/\/sellercentral[^?#]*nothing: /);
		expect(JSON.stringify(items)).not.toContain('token=secret');
	});

	test('an order that an expression cannot find is not named', async () => {
		const { items } = await amazon.run(
			{ ...form, orderId: '={{ $json.nothing.deeper }}' },
			{ items: itemsOf([ORDER]), settings },
		);
		expect(items[0].json).toMatchObject({ error: expect.not.stringMatching(/^Order /) });
	});

	test('a refused item is told in the same words', async () => {
		const { items } = await amazon.run(form, { items: itemsOf(['../x', ORDER]), settings });
		expect(items[0].json).toEqual({
			error: "Order ../x: 'Order ID' is not an Amazon order ID",
			details: {
				orderId: '../x',
				outcome: 'notSent',
				retryable: false,
				marketplace: 'amazon',
				description: expect.stringMatching(/three groups of digits/),
			},
		});
		expect(items[1].json.status).toBe('sent');
	});
});

test('with the error output a failed item goes there, and only there', async () => {
	const orders = amazon.addOrders(3);
	refuse(orders[1]);
	const settings: Partial<INode> = { onError: 'continueErrorOutput' };
	const { items, errors } = await amazon.run(form, { items: itemsOf(orders), settings });

	expect(items.map(({ json }) => json.orderId)).toEqual([orders[0], orders[2]]);
	expect(errors).toHaveLength(1);
	expect(errors[0].json).toMatchObject({
		error: `Order ${orders[1]}: Amazon refused the request: No`,
		details: { orderId: orders[1], outcome: 'notSent' },
	});
	expect(errors[0].pairedItem).toMatchObject({ item: 1 });
});

describe('with "Stop Workflow"', () => {
	test('the error says what was sent, what failed and what was never tried', async () => {
		await amazon.run({ resource: 'buyer', operation: 'getAttributes', orderId: ORDER });
		const orders = amazon.addOrders(60);
		const slow = { operation: 'amazon.send', kind: 'delay', ms: 100 } as const;
		refuse(orders[1]);
		lose(orders[2]);
		amazon.simulator.faults.push({ ...slow, containing: orders[0] });
		amazon.simulator.faults.push({ ...slow, containing: orders[3] });
		const { items, error } = await amazon.run(form, { items: itemsOf(orders) });

		expect(items).toEqual([]);
		expect(error).toMatchObject({ name: 'NodeApiError', context: { itemIndex: 1 } });
		expect(error?.description).toContain(
			`Sent: order ${orders[0]} (item 0), order ${orders[3]} (item 3). Failed, nothing sent: order ${orders[1]} (item 1). Not known whether sent: order ${orders[2]} (item 2). Never tried: order ${orders[4]} (item 4), `,
		);
		expect(error?.description).toContain(`order ${orders[13]} (item 13), and items 14-59.`);
		expect(error?.message).toBe(`Order ${orders[1]}: Amazon refused the request: No`);
		expect(sends()).toBe(4);
		expect(arrived().sort()).toEqual([orders[0], orders[2], orders[3]]);
	});

	test('the first item that failed by input order is the one that is told', async () => {
		await amazon.run({ resource: 'buyer', operation: 'getAttributes', orderId: ORDER });
		const [, order] = amazon.addOrders(2);
		refuse(order);
		amazon.simulator.faults.push({
			operation: 'amazon.send',
			kind: 'delay',
			ms: 100,
			containing: 'nobody',
		});
		const { error } = await amazon.run(form, { items: itemsOf(['nobody', order]) });
		expect(error?.message).toMatch(/^Order nobody: Amazon does not find this order/);
		expect(error?.context.itemIndex).toBe(0);
		expect(error?.description).toContain(
			`Failed, nothing sent: order nobody (item 0), order ${order} (item 1).`,
		);
	});

	test.each([
		[false, /Running all of them again sends again what was sent: take that out first/],
		[true, /Running all of them again passes over what was sent/],
	])(
		'the error says what running again does (Prevent Duplicates: %s)',
		async (preventDuplicates, words) => {
			await keepNotes();
			const orders = amazon.addOrders(2);
			refuse(orders[1]);
			const options = { checkAvailability: false, preventDuplicates };
			const { error } = await amazon.run({ ...form, options }, { items: itemsOf(orders) });
			expect(error?.description).toMatch(words);
			expect(error?.description).toContain("'Prevent Duplicates'");
		},
	);

	const byItem = {
		...form,
		options: { checkAvailability: false, preventDuplicates: '={{ $json.once }}' },
	};
	/** Two that are sent and one that is refused. @param once whether each is sent once */
	const runOnce = async (...once: boolean[]) => {
		await keepNotes();
		const orders = amazon.addOrders(3);
		refuse(orders[2]);
		const items = itemsOf(orders).map(({ json }, i) => ({ json: { ...json, once: once[i]! } }));
		return (await amazon.run(byItem, { items })).error?.description;
	};

	test('an expression that gave false for all promises nothing of running again', async () => {
		expect(await runOnce(false, false, false)).toContain(
			'Running all of them again sends again what was sent: take that out first.',
		);
	});

	test('an expression that gave true for all that was sent says that it is passed over', async () => {
		expect(await runOnce(true, true, false)).toContain(
			'Running all of them again passes over what was sent',
		);
	});

	test('an expression that gave both names the items that would be sent again', async () => {
		const description = await runOnce(true, false, true);
		expect(description).toContain(
			"Running all of them again sends again what was sent without 'Prevent Duplicates' (item 1): take that out first.",
		);
	});

	test('where nothing was sent, nothing is said of running again', async () => {
		const { error } = await amazon.run(form, { items: itemsOf(['nobody', 'no one']) });
		expect(error?.description).not.toContain('Running');
	});

	test('a single item is told without a list', async () => {
		refuse(ORDER);
		const { error } = await amazon.run(form, { items: itemsOf([ORDER]) });
		expect(error?.description).not.toMatch(/item/);
	});

	test.each([
		['is named where an expression gives it', '={{ $json.order }}', `Order ${ORDER}: Amazon`],
		['is not named where the form beside it shows it', ORDER, 'Amazon'],
	])('whom a single item is about %s', async (_, orderId, begin) => {
		refuse(ORDER);
		const { error } = await amazon.run({ ...form, orderId }, { items: itemsOf([ORDER]) });
		expect(error?.message).toBe(`${begin} refused the request: No`);
	});
});

describe('hints', () => {
	const said = async (orders: string[]) => {
		const settings: Partial<INode> = { onError: 'continueRegularOutput' };
		const { hints } = await amazon.run(form, { items: itemsOf(orders), settings });
		return hints.map(({ message }) => message);
	};

	test('count what became of the messages', async () => {
		const orders = amazon.addOrders(5);
		refuse(orders[3]);
		lose(orders[4]);
		expect(await said(orders)).toEqual(['3 sent, 1 failed, 1 not known']);
	});

	test('say nothing about a single message', async () => {
		expect(await said([ORDER])).toEqual([]);
	});

	test.each([
		['sends again', 'manual', {}, 1],
		['passes over what was sent, and nothing is said', 'manual', { preventDuplicates: true }, 0],
		['is no matter of a trigger', 'trigger', {}, 0],
		['sends nothing of what was only checked', 'manual', { validateOnly: true }, 0],
	] as const)('say that running again by hand %s', async (_, mode, more, times) => {
		await keepNotes();
		const options = { checkAvailability: false, ...more };
		const { hints } = await amazon.run({ ...form, options }, { items: itemsOf([ORDER]), mode });
		const again = hints.filter(({ message }) => /^Running this again sends again/.test(message));
		expect(again).toHaveLength(times);
	});

	test.each([
		['for all', [false, false], [/^Running this again sends again\. /]],
		['for some', [true, false], [/sends again what was sent without 'Prevent.*' \(item 1\)\.$/]],
		['for none', [true, true], []],
	] as const)('say so by what an expression gave: off %s', async (_, once, words) => {
		await keepNotes();
		const options = { checkAvailability: false, preventDuplicates: '={{ $json.once }}' };
		const items = itemsOf(amazon.addOrders(2)).map(({ json }, i) => ({
			json: { ...json, once: once[i]! },
		}));
		const { hints } = await amazon.run({ ...form, options }, { items, mode: 'manual' });
		const again = hints.map(({ message }) => message).filter((one) => /sends again/.test(one));
		expect(again).toEqual(words.map((one) => expect.stringMatching(one) as string));
	});

	test('do not say so of a review request, which Amazon takes once', async () => {
		const request = {
			resource: 'reviewRequest',
			operation: 'send',
			orderId: '111-4444444-4444444',
		};
		const parameters = { ...form, ...request };
		const { items, hints } = await amazon.run(parameters, { mode: 'manual' });
		expect([items[0].json.status, hints]).toEqual(['sent', []]);
	});

	test("tell how long Amazon's limit was waited for", async () => {
		amazon.simulator.amazon.state.plans.reset();
		expect(await said(amazon.addOrders(8))).toEqual([
			expect.stringMatching(/^8 sent, waited [3-9] s for Amazon's limit$/),
		]);
	});
});

describe('with "Retry On Fail"', () => {
	const settings: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	test('what was sent is not sent again', async () => {
		const orders = amazon.addOrders(3);
		refuse(orders[1]);
		const { items } = await amazon.run(form, { items: itemsOf(orders), settings });
		expect(items.map(({ json }) => [json.status, json.orderId])).toEqual(
			orders.map((id) => ['sent', id]),
		);
		expect(arrived().sort()).toEqual(orders);
	});

	test('what nobody knows of is not sent again', async () => {
		const orders = amazon.addOrders(2);
		lose(orders[0]);
		const { error } = await amazon.run(form, { items: itemsOf(orders), settings });
		expect(error?.context.details).toMatchObject({ outcome: 'unknown' });
		expect(arrived().sort()).toEqual(orders);
		expect(sends()).toBe(2);
	});

	test('what is surely not sent is tried as often as the seller wants', async () => {
		refuse(ORDER, 99);
		await amazon.run(form, { items: itemsOf([ORDER]), settings });
		expect(sends()).toBe(3);
	});

	test('the error of the last try tells what earlier tries sent', async () => {
		const orders = amazon.addOrders(30);
		lose(orders[2]);
		const { error } = await amazon.run(form, { items: itemsOf(orders), settings });
		const sent = orders.flatMap((order, i) => (i !== 2 && arrived().includes(order) ? [i] : []));

		expect(sent.length).toBeGreaterThan(1);
		const told = /Sent: (.*?)\. Not known/.exec(error!.description)![1];
		expect(told).toBe(sent.map((i) => `order ${orders[i]} (item ${i})`).join(', '));
	});

	test('a tool of an agent does not send again what nobody knows of', async () => {
		lose(ORDER);
		const toThisOrder = { ...form, orderId: ORDER, text: 'To you' };
		const invoke = await toolOf(amazon.node, toThisOrder, settings);
		await expect(invoke({ any: 'arguments' })).rejects.toThrow(/It is not known/);
		expect(arrived()).toEqual([ORDER]);

		expect(await invoke({ any: 'arguments' })).toContain('"sent"');
		expect(arrived()).toEqual([ORDER, ORDER]);
	});

	test('a loop sends again', async () => {
		const { run } = await amazon.run(form, { items: itemsOf([ORDER]), settings, rounds: 3 });
		expect(run.data.resultData.runData.Node).toHaveLength(3);
		expect(arrived()).toEqual([ORDER, ORDER, ORDER]);
	});

	test('another execution sends again', async () => {
		for (let i = 0; i < 2; i++) await amazon.run(form, { items: itemsOf([ORDER]), settings });
		expect(arrived()).toEqual([ORDER, ORDER]);
	});
});

describe('a stopped execution', () => {
	test('starts nothing new while it waits for a limit, and tells what was sent', async () => {
		amazon.simulator.amazon.state.plans.reset();
		const orders = amazon.addOrders(30);
		const { received } = amazon.simulator;
		let stop: () => void = () => undefined;
		// The stop button is pressed at the very moment when the fourth arrives.
		const arriving = jest.spyOn(received, 'push').mockImplementation((...more) => {
			const length = Array.prototype.push.apply(received, more);
			if (length === 4) stop();
			return length;
		});
		await amazon.run(form, {
			items: itemsOf(orders),
			onStart: (_execute, cancel) => {
				stop = cancel;
			},
		});
		const sent = arrived().length;
		for (let i = 0; i < 15; i++) await new Promise((resolve) => setTimeout(resolve, 100));
		arriving.mockRestore();
		expect(arrived()).toHaveLength(sent);
		expect(sent).toBeGreaterThanOrEqual(4);
		expect(sent).toBeLessThanOrEqual(5);
	});
});

test('60 text messages find the rate of the account, with at most 2 throttled answers', async () => {
	amazon.simulator.amazon.state.plans.set('amazon.send', { rate: 10, burst: 5 });
	amazon.simulator.latencyMs = 100;
	const orders = amazon.addOrders(60);
	const { items } = await amazon.run(form, { items: itemsOf(orders) });

	expect(items).toHaveLength(60);
	const throttled = amazon.simulator.calls.filter(({ status }) => status === 429);
	expect(throttled.length).toBeLessThanOrEqual(2);
	const at = amazon.simulator.calls.map((call) => call.at);
	expect(Math.max(...at) - Math.min(...at)).toBeGreaterThan(4_500);
});
