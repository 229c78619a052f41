import { PollContext } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';

import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import { orderPages } from '../../../nodes/Magalu/api/limits.ts';
import { MagaluOrderTrigger } from '../../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import { magaluCredential } from '../../engine/magalu.mts';
import type { Order } from '../../marketplaces/magalu/state.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
import { isWhole } from '../../reliability/isWhole.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.magalu.state.settings.tokenLifetime = 1000 * 24 * 3600;
	forgetLanes();
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
	jest.restoreAllMocks();
});

function triggerOn(event: string, more: INodeParameters = {}): Poller {
	const test = {
		node: new MagaluOrderTrigger(),
		credentialTypes: [new MagaluOAuth2Api()],
		credentials: { magaluOAuth2Api: magaluCredential(simulator) },
	};
	return pollerOf(test, { event, ...more });
}

const place = (code: string, order: Partial<Order> = {}): Order =>
	simulator.magalu.addOrder({ code, updatedAt: order.purchasedAt ?? mockNow, ...order });

function change(code: string, changed: Partial<Order> = {}): void {
	const order = simulator.magalu.state.orders.find((one) => one.code === code);
	Object.assign(order!, { updatedAt: mockNow }, changed);
}

const pass = (ms: number) => {
	mockNow += ms;
};

async function codesOf(poller: Poller): Promise<unknown[] | null> {
	const items = await poller.poll();
	return items && items.map(({ json }) => json.orderCode);
}

async function pollFor(poller: Poller, ms: number, every = 5 * MINUTE): Promise<unknown[]> {
	const codes: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		pass(every);
		codes.push(...((await codesOf(poller)) ?? []));
	}
	return codes;
}

describe('a new order', () => {
	it('comes once, with our names first and without personal data', async () => {
		const trigger = triggerOn('orderCreated');
		expect(await trigger.poll()).toBeNull();
		pass(1);
		const order = place('a');
		pass(MINUTE);
		const items = (await trigger.poll())!;
		expect(items).toHaveLength(1);
		expect(items[0]!.json).toMatchObject({
			orderId: order.id,
			orderCode: 'a',
			code: 'a',
			status: 'new',
			deliveries: [{ items: [{ quantity: expect.any(Number) as number }] }],
		});
		expect(Object.keys(items[0]!.json).slice(0, 2)).toEqual(['orderId', 'orderCode']);
		expect(JSON.stringify(items)).not.toMatch(
			/Maria|12345678909|example\.com|991234567|Flores|14400000/,
		);
		change('a');
		expect(await pollFor(trigger, DAY, 15 * MINUTE)).toEqual([]);
	});

	it('tells nothing personal at any depth, whatever Magalu adds', async () => {
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(MINUTE);
		const strange = { name_of_buyer: 'Maria', contact: { email: 'maria@example.com' } };
		const now = new Date(mockNow).toISOString();
		const order = {
			...{ ...strange, id: 'o', code: 'a', created_at: now, purchased_at: now, updated_at: now },
			channel: { ...strange, id: 'c', extras: { ...strange, alias: 'magalu' } },
			amounts: { ...strange, total: 100, freight: { ...strange, total: 9 } },
			payments: [{ ...strange, method: 'pix' }],
			deliveries: [
				{
					...strange,
					seller: { ...strange, id: 's' },
					amounts: { ...strange, total: 100 },
					items: [{ ...strange, quantity: 1, info: { ...strange, sku: 'k' } }],
					shipping: {
						provider: { ...strange, name: 'Correios' },
						tracking: { ...strange, code: 'BR1' },
						deadline: { ...strange, value: 5 },
					},
				},
			],
		};
		const body = { meta: null, results: [order] };
		simulator.faults.push({ operation: 'magalu.orders', kind: 'status', status: 200, body });
		const [item] = (await trigger.poll())!;
		expect(JSON.stringify(item)).not.toMatch(/maria/i);
		expect(item!.json).toMatchObject({
			channel: { id: 'c', extras: { alias: 'magalu' } },
			amounts: { total: 100, freight: { total: 9 } },
			deliveries: [
				{
					...{ seller: { id: 's' }, items: [{ quantity: 1, info: { sku: 'k' } }] },
					shipping: { provider: { name: 'Correios' }, tracking: { code: 'BR1' } },
				},
			],
		});
	});

	it('comes with personal data where that was chosen', async () => {
		const trigger = triggerOn('orderCreated', { options: { includePersonalData: true } });
		await trigger.poll();
		pass(1);
		place('a');
		pass(MINUTE);
		expect((await trigger.poll())![0]!.json).toMatchObject({
			customer: { name: 'Maria Oliveira' },
		});
	});

	it('starts the workflow also where there was no order before', async () => {
		simulator.magalu.state.orders = [];
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});

	it('comes when it has the status that the filter names', async () => {
		const trigger = triggerOn('orderCreated', { filters: { status: 'cancelled' } });
		place('old', { purchasedAt: mockNow - DAY });
		await trigger.poll();
		pass(1);
		place('a');
		expect(await pollFor(trigger, DAY, 15 * MINUTE)).toEqual([]);
		for (const code of ['a', 'old']) change(code, { status: 'cancelled' });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});
});

it.each([
	['orderApproved', { status: 'approved' }],
	['orderCancelled', { status: 'cancelled' }],
] as const)(
	'%s starts the workflow, whatever status a stored filter names',
	async (event, coming) => {
		const trigger = triggerOn(event, { filters: { status: 'new' } });
		place('a', { purchasedAt: mockNow - DAY });
		await trigger.poll();
		pass(1);
		change('a', coming);
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	},
);

it('behind a page with entries that are null there are others: it is read like any full page', async () => {
	const trigger = triggerOn('orderCreated');
	await trigger.poll();
	pass(MINUTE);
	const now = new Date(mockNow).toISOString();
	const order = { id: 'o', code: 'a', created_at: now, purchased_at: now, updated_at: now };
	const body = { meta: null, results: [...Array<null>(99).fill(null), order] };
	simulator.faults.push({ operation: 'magalu.orders', kind: 'status', status: 200, body });
	const before = simulator.calls.length;
	expect(await codesOf(trigger)).toEqual(['a']);
	expect(simulator.calls[before + 1]!.rawUrl).toContain('_offset=90');
});

describe('a changed order', () => {
	it('starts the workflow once for each change', async () => {
		place('a', { purchasedAt: mockNow - DAY });
		const trigger = triggerOn('orderUpdated');
		await trigger.poll();
		for (let i = 0; i < 2; i++) {
			pass(MINUTE);
			change('a');
			expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		}
	});
});

describe('an approved order', () => {
	it('starts the workflow once, whatever happens to it later', async () => {
		const trigger = triggerOn('orderApproved');
		await trigger.poll();
		pass(1);
		place('a');
		place('b');
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		change('a', { status: 'approved', approvedAt: mockNow });
		change('b', { status: 'cancelled' });
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
		for (const days of [1, 100]) {
			pass(days * DAY);
			change('a', { status: 'finished' });
			expect(await pollFor(trigger, HOUR)).toEqual([]);
		}
	});

	it('is not one that was approved before the workflow was switched on', async () => {
		for (const days of [1, 5, 30]) {
			const purchasedAt = mockNow - days * DAY;
			place(`${days}`, { purchasedAt, approvedAt: purchasedAt, status: 'approved' });
		}
		const trigger = triggerOn('orderApproved');
		await trigger.poll();
		pass(MINUTE);
		for (const days of [1, 5, 30]) change(`${days}`);
		expect(await pollFor(trigger, HOUR)).toEqual([]);
	});
});

describe.each([
	['orderShipped', 'shipped'],
	['orderDelivered', 'delivered'],
])('%s, where the order keeps its date', (event, status) => {
	/** An order of some days ago, of which nothing tells when it goes out. */
	const bought = (code: string, days: number, deliveryStatus = 'approved') => {
		const at = mockNow - days * DAY;
		const delivery = { id: code, code, status: deliveryStatus, updatedAt: null };
		return place(code, { purchasedAt: at, createdAt: at, status: 'approved', delivery });
	};
	const goOut = (order: Order) => void (order.delivery.status = status);
	beforeEach(() => void (simulator.magalu.state.orders = []));

	it('starts the workflow once, also for what was bought before it was switched on', async () => {
		const orders = [bought('a', 5)];
		const trigger = triggerOn(event);
		await trigger.poll();
		pass(MINUTE);
		orders.push(bought('b', 0));
		expect(await pollFor(trigger, HOUR)).toEqual([]);
		for (const order of orders) goOut(order);
		expect((await pollFor(trigger, HOUR)).sort()).toEqual(['a', 'b']);
		change('a');
		expect(await pollFor(trigger, DAY, HOUR)).toEqual([]);
	});

	it('starts none for what went out before it was switched on', async () => {
		for (const days of [0.01, 1, 20, 44]) bought(`${days}`, days, status);
		const trigger = triggerOn(event);
		await trigger.poll();
		expect(await pollFor(trigger, 2 * HOUR)).toEqual([]);
	});

	it.each([
		['days ago', 3 * DAY],
		['just now', 0],
	])('starts the workflow also after it was published again %s', async (_when, since) => {
		const order = bought('a', 2);
		const trigger = triggerOn(event);
		await trigger.poll();
		expect(await pollFor(trigger, 2 * DAY, HOUR)).toEqual([]);
		trigger.switchOff();
		await trigger.poll();
		await pollFor(trigger, since, HOUR);
		goOut(order);
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});

	it('starts it for what went out while it was off for less than a day', async () => {
		const order = bought('a', 2);
		const trigger = triggerOn(event);
		await trigger.poll();
		goOut(bought('first', 1));
		expect(await pollFor(trigger, HOUR)).toEqual(['first']);
		goOut(order);
		trigger.switchOff();
		pass(20 * HOUR);
		expect(await pollFor(trigger, HOUR)).toEqual(['a']);
	});

	it('starts none for what went out while it was off for longer, and each one after that', async () => {
		const orders = ['a', 'b', 'c'].map((code) => bought(code, 2));
		const trigger = triggerOn(event);
		await trigger.poll();
		goOut(bought('first', 1));
		expect(await pollFor(trigger, HOUR)).toEqual(['first']);
		trigger.switchOff();
		pass(2 * DAY);
		goOut(orders[0]!);
		pass(2 * DAY);
		change('b');
		goOut(orders[1]!);
		pass(HOUR);
		expect(await pollFor(trigger, HOUR)).toEqual(['b']);
		goOut(orders[2]!);
		expect(await pollFor(trigger, HOUR)).toEqual(['c']);
	});
});

describe('a test in the editor', () => {
	it('shows the newest order', async () => {
		place('newest');
		const items = await triggerOn('orderCreated').poll('manual');
		expect(items!.map(({ json }) => json.orderCode)).toEqual(['newest']);
	});

	it('says that there is none', async () => {
		simulator.magalu.state.orders = [];
		await expect(triggerOn('orderApproved').poll('manual')).rejects.toMatchObject({
			message: 'Magalu has no order that fits',
		});
	});
});

describe('where there is more than Magalu lists at once', () => {
	/** The short form has a tenth of everything, of what Magalu lists, too. */
	const shorter = isWhole ? 1 : 10;
	const most = 5000 / shorter + 100;
	const count = most + 100;
	const { lastOffset } = orderPages;
	beforeEach(() => {
		orderPages.lastOffset = most - 100;
		simulator.magalu.state.settings.lastOrderOffset = most - 100;
	});
	afterAll(() => {
		orderPages.lastOffset = lastOffset;
	});

	it('reads all changes, and looks back over all of them', async () => {
		simulator.magalu.state.orders = [];
		place('first', { purchasedAt: mockNow - DAY });
		const trigger = triggerOn('orderCreated');
		await trigger.poll();
		const changes = most + 900 / shorter;
		for (let i = 0; i < changes; i++) {
			pass(12_000 * shorter);
			place(`o${i}`);
		}
		place('late', { indexedAt: mockNow + 2 * HOUR });
		const codes: unknown[] = [];
		for (let polls = 0; polls < 20; polls++) {
			pass(15 * MINUTE);
			codes.push(...((await codesOf(trigger)) ?? []));
		}
		expect(codes).toHaveLength(changes + 1);
		expect(new Set(codes).size).toBe(changes + 1);
	}, 240_000);

	test.each([
		{ what: 'orders that changed in one moment come each once', purchase: 1, change: 0 },
		{ what: 'orders that were bought in one moment come each once', purchase: 0, change: 1 },
		{
			what: 'orders of one moment come as far as it lists them',
			purchase: 0,
			change: 0,
			listed: most - 50,
		},
	])(
		'$what, and the one after them',
		async ({ purchase, change, listed = count }) => {
			const warn = jest.fn();
			const given = jest.spyOn(PollContext.prototype, 'logger', 'get');
			given.mockReturnValue({ warn, debug: () => undefined } as never);
			simulator.magalu.state.orders = [];
			const trigger = triggerOn('orderUpdated');
			await trigger.poll();
			const begun = mockNow;
			pass(MINUTE);
			for (let i = 0; i < count; i++) {
				place(`o${i}`, {
					purchasedAt: begun - DAY + i * purchase,
					updatedAt: begun + 1 + i * change,
				});
			}
			const codes = await pollFor(trigger, 80 * MINUTE, 10 * MINUTE);
			expect(codes).toHaveLength(listed);
			expect(new Set(codes).size).toBe(listed);
			place('after');
			expect(await pollFor(trigger, 80 * MINUTE, 10 * MINUTE)).toEqual(['after']);
			given.mockRestore();
			const words = warn.mock.calls.map(([text]) => text as string);
			const told = `Magalu lists at most ${most} orders that were bought in one moment`;
			expect(words.length > 0).toBe(listed < count);
			expect(words.every((text) => text.startsWith(told))).toBe(true);
		},
		240_000,
	);
});
