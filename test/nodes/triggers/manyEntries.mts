/** A day of 10,000 entries through a trigger: each comes once, and the calls that it costs are counted. */
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { pollerOf, type Poller, type Scheduler } from '../../engine/poller.mts';
import { seeded } from '../../engine/seeded.mts';
import type { Fault } from '../../marketplaces/service.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import { emptied, HOUR, MINUTE, type TestTime, type TriggerRow } from './behaviours.mts';

/** What came of it, and what it cost. */
export interface Passed {
	got: unknown[];
	polls: number;
	failed: number;
	/** Calls of the list, and of what stands for an entry by itself. */
	listed: number;
	others: number;
	/** The largest state, in bytes. */
	state: number;
}

interface World {
	simulator: Simulator;
	row: TriggerRow;
	time: TestTime;
	/** How many entries, and in what time. */
	count: number;
	over: number;
	/** Between two polls. */
	interval: number;
}

function switchedOn({ simulator, row }: World, scheduler: Scheduler): Poller {
	simulator.reset();
	emptied(simulator);
	forgetLanes();
	const type = row.credentialType();
	const test = {
		node: row.node(),
		credentialTypes: [type],
		credentials: { [type.name]: row.credential(simulator) as never },
	};
	return pollerOf(test, row.parameters, scheduler);
}

/** Polls, and counts what comes of it. */
function pollingOf({ simulator, row, time, count, interval }: World, poller: Poller) {
	const passed: Passed = { got: [], polls: 0, failed: 0, listed: 0, others: 0, state: 0 };
	const ask = async () => {
		passed.polls += 1;
		const items = (await poller.poll().catch(() => void (passed.failed += 1))) ?? [];
		passed.got.push(...items.map(({ json }) => row.idIn(json)));
	};
	return {
		passed,
		/** @param times so many at once, as n8n may begin one before another ended */
		async poll(times = 1) {
			await Promise.all(Array.from({ length: times }, ask));
			passed.state = Math.max(passed.state, JSON.stringify(poller.state()).length);
			for (const { operation, status } of simulator.calls.splice(0)) {
				if (operation === row.operation) passed.listed += 1;
				else if (!/token/i.test(operation) && status > 0) passed.others += 1;
			}
		},
		async rest() {
			for (let more = 60; more > 0 && passed.got.length < count; more--) {
				time.pass(interval);
				await this.poll();
			}
		},
	};
}

/** Entries that come evenly, and nothing goes wrong. */
export async function calmDay(world: World): Promise<Passed> {
	const { simulator, row, time, count, over, interval } = world;
	const polling = pollingOf(world, switchedOn(world, 'durable'));
	await polling.poll();
	let polled = time.now();
	for (let i = 0; i < count; i++) {
		time.pass(over / count);
		row.happen(simulator, `${i}`);
		if (time.now() - polled < interval) continue;
		polled = time.now();
		await polling.poll();
	}
	await polling.rest();
	return polling.passed;
}

/** Entries of one and the same moment. */
export async function oneMoment(world: World): Promise<Passed> {
	const { simulator, row, time, count, interval } = world;
	const polling = pollingOf(world, switchedOn(world, 'durable'));
	await polling.poll();
	time.pass(MINUTE);
	for (let i = 0; i < count; i++) row.happen(simulator, `${i}`);
	await polling.rest();
	time.pass(interval);
	await polling.poll();
	return polling.passed;
}

const faults: Array<Partial<Fault> & Pick<Fault, 'kind'>> = [
	{ kind: 'status', status: 429 },
	{ kind: 'status', status: 500, times: 2 },
	{ kind: 'status', status: 503 },
	{ kind: 'lost', times: 2 },
	{ kind: 'lost', when: 'after' },
	{ kind: 'cutOff' },
	{ kind: 'garbage', times: 2 },
];

/** Half of it within seconds, a tenth shown hours late, answers that fail, polls beside others, restarts. */
export async function hardDay(world: World & { seed: number }): Promise<Passed> {
	const { simulator, row, time, count, over, interval, seed } = world;
	const random = seeded(seed);
	const poller = switchedOn(world, 'memory');
	const polling = pollingOf(world, poller);
	await polling.poll();
	const begun = time.now();
	const latest = Math.min(row.lateness, 4 * HOUR);
	const coming = Array.from({ length: count }, (_, i) => {
		const at = i < count / 2 ? begun + over / 4 + 20 * i : begun + MINUTE + random.below(over);
		return { id: `${i}`, at, late: random.chance(0.1) ? random.below(latest + 1) : 0 };
	}).sort((one, other) => one.at - other.at);
	for (const end = begun + over + latest; time.now() < end;) {
		const until = time.now() + interval;
		for (; coming.length > 0 && coming[0].at <= until; coming.shift()) {
			const { id, at, late } = coming[0];
			time.pass(Math.max(0, at - time.now()));
			row.happen(simulator, id, at + late);
		}
		time.pass(Math.max(0, until - time.now()));
		if (random.chance(0.1)) {
			const fault = faults[random.below(faults.length)];
			simulator.faults.push({ operation: row.operation, skip: random.below(3), ...fault });
		}
		if (random.chance(0.03)) poller.restart();
		await polling.poll(random.chance(0.05) ? 2 : 1);
	}
	simulator.faults.length = 0;
	await polling.rest();
	return polling.passed;
}
