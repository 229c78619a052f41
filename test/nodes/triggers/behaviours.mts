/** What holds for every trigger: a list of things that happen goes in, and what must come out. */
import type { ICredentialType, IDataObject, INodeParameters, INodeType } from 'n8n-workflow';

import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { pollerOf, schedulers, type Poller, type Scheduler } from '../../engine/poller.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
import { isWhole } from '../../reliability/isWhole.mts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** One trigger with one event. */
export interface TriggerRow {
	name: string;
	node: () => INodeType;
	credentialType: () => ICredentialType;
	credential(simulator: Simulator): IDataObject;
	parameters: INodeParameters;
	/** The simulator's name of the list that is polled. */
	operation: string;
	/** Makes something happen now that starts the workflow; lists show it from `shownAt` on. */
	happen(simulator: Simulator, id: string, shownAt?: number): void;
	/** It leaves the list, so that what stands behind it moves up. */
	leave(simulator: Simulator, id: string): void;
	/** Entries on a page of the list. */
	pageSize: number;
	/** Changes it afterwards, in a way that is not the event again. */
	touch?(simulator: Simulator, id: string): void;
	/** From now on the marketplace refuses to show what is in it, though its list does. Left out: nothing is asked for. */
	refuse?(simulator: Simulator, id: string): void;
	/** How late the marketplace may show it, and it still comes. */
	lateness: number;
	/** What each item carries first, in this order; and a field of the marketplace's own that follows. */
	names: string[];
	theirs: string;
	/** The names of people come where they are asked for. */
	hasPersonalData: boolean;
	/** The id that `happen` was given, as an item tells it. */
	idIn(json: IDataObject): unknown;
}

/** The clock of everybody; a test file moves it where n8n's `sleep` is called. */
export interface TestTime {
	now(): number;
	pass(ms: number): void;
}

export function behaviours(rows: TriggerRow[], time: TestTime): void {
	let simulator: Simulator;
	beforeAll(async () => {
		tellTime(time.now);
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		emptied(simulator);
		forgetLanes();
	});
	afterEach(() => expect(simulator.defects).toEqual([]));
	afterAll(async () => {
		await simulator.close();
	});

	describe.each(schedulers)('with the scheduler in %s', (scheduler) => {
		describe.each(rows)('$name', (row) => {
			behavioursOf(row, () => simulator, time, scheduler);
		});
	});
}

/** Without the demo's orders, questions and tickets; tokens outlive every test. */
export function emptied({ amazon, ebay, magalu }: Simulator): void {
	amazon.state.orders = [];
	ebay.state.orders = [];
	ebay.state.questions = [];
	ebay.state.conversations = [];
	magalu.state.orders = [];
	magalu.state.tickets = [];
	magalu.state.settings.tokenLifetime = 1000 * 24 * 3600;
}

/** So many entries leave a list at each end of it. */
const LEAVING = 15;

/** Once, between the first page and the second. @returns what ends the waiting for it */
function atSecondCall({ calls }: Simulator, operation: string, then: () => void): () => void {
	let count = 0;
	calls.push = (...added) => {
		count += added.filter((call) => call.operation === operation).length;
		if (count === 2) then();
		if (count >= 2) Reflect.deleteProperty(calls, 'push');
		return Array.prototype.push.apply(calls, added);
	};
	return () => void Reflect.deleteProperty(calls, 'push');
}

function behavioursOf(
	row: TriggerRow,
	simulator: () => Simulator,
	{ now, pass }: TestTime,
	scheduler: Scheduler,
): void {
	const happen = (id: string, shownAt?: number) => row.happen(simulator(), id, shownAt);
	let poller: Poller;
	let got: unknown[];

	const poll = async () => {
		const items = (await poller.poll()) ?? [];
		got.push(...items.map(({ json }) => row.idIn(json)));
	};
	/** Polls so often, after waiting so long each time. */
	const polls = async (times: number, wait: number) => {
		for (let i = 0; i < times; i++) {
			pass(wait);
			await poll();
		}
	};
	const switchOn = async () => {
		poller.switchOff();
		await poll();
	};
	const fail = (status: number, times: number) =>
		simulator().faults.push({ operation: row.operation, kind: 'status', status, times });

	const test = () => ({
		node: row.node(),
		credentialTypes: [row.credentialType()],
		credentials: { [row.credentialType().name]: row.credential(simulator()) as never },
	});

	beforeEach(() => {
		poller = pollerOf(test(), row.parameters, scheduler);
		got = [];
		pass(DAY);
	});

	const asks = () => simulator().calls.length;

	it('refuses an event that there is not, in words that name what there is', async () => {
		const { event } = row.parameters;
		if (event === undefined) return;
		const asked = asks();
		const wrong = pollerOf(test(), { ...row.parameters, event: 'orderEaten' }, scheduler);
		const refusal = await wrong.poll().catch((error: unknown) => error);
		expect(refusal).toMatchObject({
			message: "'Trigger On' is not one that this node has: orderEaten",
			description: expect.stringContaining(String(event)) as string,
		});
		expect(asks()).toBe(asked);
	});

	it('hands over nothing from before it was first switched on', async () => {
		happen('old');
		pass(HOUR);
		happen('older than a poll');
		pass(10 * MINUTE);
		await polls(1, 0);
		await polls(4, 20 * MINUTE);
		expect(got).toEqual([]);
	});

	it('hands over each thing once, from the moment of the switching on', async () => {
		await poll();
		pass(1000);
		happen('a');
		await polls(1, 5 * MINUTE);
		happen('b');
		await polls(5, 10 * MINUTE);
		row.touch?.(simulator(), 'a');
		await polls(3, 10 * MINUTE);
		expect(got).toEqual(['a', 'b']);
	});

	it('hands over all that happens in one moment', async () => {
		await poll();
		pass(MINUTE);
		for (const id of ['a', 'b', 'c']) happen(id);
		await polls(3, 10 * MINUTE);
		expect([...got].sort()).toEqual(['a', 'b', 'c']);
	});

	it('goes on after a restart of n8n', async () => {
		await poll();
		pass(MINUTE);
		happen('a');
		await polls(2, 10 * MINUTE);
		happen('b');
		poller.restart();
		await polls(2, 10 * MINUTE);
		poller.restart();
		await polls(2, 10 * MINUTE);
		expect(got).toEqual(['a', 'b']);
	});

	it('hands over what happened while it was off, though nothing happened for long before', async () => {
		await poll();
		pass(MINUTE);
		happen('a');
		await polls(2, 10 * MINUTE);
		await polls(5, 6 * HOUR);
		poller.switchOff();
		pass(MINUTE);
		happen('b');
		pass(5 * MINUTE);
		await switchOn();
		await polls(2, 20 * MINUTE);
		expect(got).toEqual(['a', 'b']);
	});

	it('hands over what happened while it was off for almost a day, though it never had anything', async () => {
		await poll();
		await polls(2, 10 * MINUTE);
		poller.switchOff();
		pass(HOUR);
		happen('a');
		pass(22 * HOUR);
		await switchOn();
		await polls(3, 20 * MINUTE);
		expect(got).toEqual(['a']);
	});

	it('hands over nothing older than a day after it was off for longer', async () => {
		await poll();
		pass(MINUTE);
		happen('a');
		await polls(2, 10 * MINUTE);
		poller.switchOff();
		pass(DAY);
		happen('missed');
		pass(2 * DAY);
		happen('b');
		pass(12 * HOUR);
		await switchOn();
		await polls(3, 20 * MINUTE);
		expect(got).toEqual(['a', 'b']);
	});

	it('finds once what the marketplace shows late', async () => {
		await poll();
		pass(MINUTE);
		happen('late', now() + row.lateness - HOUR);
		happen('a');
		await polls(12, (row.lateness + HOUR) / 12);
		await polls(3, 20 * MINUTE);
		expect(got).toEqual(['a', 'late']);
	});

	it('loses nothing by a poll that fails', async () => {
		await poll();
		pass(MINUTE);
		happen('a');
		pass(5 * MINUTE);
		fail(500, 2);
		await expect(poll()).rejects.toMatchObject({ name: 'NodeApiError' });
		await polls(3, 10 * MINUTE);
		expect(got).toEqual(['a']);
	});

	it('loses nothing where the limit is used up, also at the switching on', async () => {
		fail(429, 1);
		await poll();
		expect(got).toEqual([]);
		pass(MINUTE);
		happen('a');
		await polls(2, 10 * MINUTE);
		happen('b');
		pass(5 * MINUTE);
		fail(429, 1);
		await poll();
		await polls(4, 10 * MINUTE);
		expect(got).toEqual(['a', 'b']);
	});

	// Many pages, and the scheduler has no part in reading them: the short form reads them under one.
	const pagesTest = isWhole || scheduler === schedulers[0] ? it : undefined;
	pagesTest?.(
		'loses nothing where entries leave and join the list while its pages are read',
		async () => {
			await poll();
			pass(MINUTE);
			const count = row.pageSize + 3 * LEAVING;
			const ids = Array.from({ length: count }, (_, i) => `${i}`);
			for (const id of ids) {
				happen(id);
				pass(1000);
			}
			poller.restart();
			pass(2.5 * DAY);
			// Whichever end of the list comes first.
			const leaving = [...ids.slice(0, LEAVING), ...ids.slice(-LEAVING)];
			const stop = atSecondCall(simulator(), row.operation, () => {
				for (const id of leaving) row.leave(simulator(), id);
				happen('joined');
			});
			const staying = ['joined', ...ids.filter((id) => !leaving.includes(id))];
			const missing = () => staying.filter((id) => !got.includes(id));
			for (let i = 0; i < 40 && missing().length > 0; i++) await polls(1, 10 * MINUTE);
			stop();
			await polls(3, 10 * MINUTE);
			expect(missing()).toEqual([]);
			expect(new Set(got).size).toBe(got.length);
		},
	);

	it('hands over all of an outage of days', async () => {
		await poll();
		pass(MINUTE);
		for (const id of ['a', 'b', 'c']) {
			happen(id);
			pass(15 * HOUR);
			fail(500, 2);
			await expect(poll()).rejects.toMatchObject({ name: 'NodeApiError' });
		}
		await polls(3, 10 * MINUTE);
		expect(got).toEqual(['a', 'b', 'c']);
	});

	const partsTest = row.refuse ? it : undefined;

	partsTest?.('passes over what alone cannot be read, and hands it over once it can', async () => {
		await poll();
		pass(MINUTE);
		happen('refused');
		happen('a');
		row.refuse!(simulator(), 'refused');
		await polls(1, 5 * MINUTE);
		happen('b');
		await polls(3, 10 * MINUTE);
		expect(got).toEqual(['a', 'b']);
		simulator().faults.length = 0;
		await polls(4, 20 * MINUTE);
		expect(got).toEqual(['a', 'b', 'refused']);
	});

	partsTest?.('fails where nothing can be read, and loses nothing by it', async () => {
		await poll();
		pass(MINUTE);
		for (const id of ['a', 'b']) {
			happen(id);
			row.refuse!(simulator(), id);
		}
		pass(5 * MINUTE);
		await expect(poll()).rejects.toMatchObject({ name: 'NodeApiError' });
		simulator().faults.length = 0;
		await polls(3, 10 * MINUTE);
		expect([...got].sort()).toEqual(['a', 'b']);
	});

	partsTest?.('shows what can be read in the editor', async () => {
		happen('a');
		pass(MINUTE);
		happen('refused');
		row.refuse!(simulator(), 'refused');
		const items = await poller.poll('manual');
		expect(items!.map(({ json }) => row.idIn(json))).toEqual(['a']);
	});

	partsTest?.('says in the editor what is refused where nothing can be read', async () => {
		happen('refused');
		row.refuse!(simulator(), 'refused');
		await expect(poller.poll('manual')).rejects.toMatchObject({ name: 'NodeApiError' });
	});

	it('keeps a small state, as JSON', async () => {
		await poll();
		pass(MINUTE);
		for (let i = 0; i < 20; i++) happen(`${i}`);
		await polls(3, 10 * MINUTE);
		expect(got).toHaveLength(20);
		expect(JSON.stringify(poller.state()).length).toBeLessThan(2500);
	});
}
