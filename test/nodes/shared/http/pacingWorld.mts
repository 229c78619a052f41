/** The gate with its limits, in one process or several, against a marketplace's bucket, on a clock that jumps. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { RepeatPolicy, Service } from '../../../../nodes/shared/http/service.ts';
import { seeded, type Seeded } from '../../../engine/seeded.mts';
import {
	machine,
	timeline,
	type Machine,
	type Stalls,
	type Timeline,
} from '../../../engine/timeline.mts';
import { ratePlans, type Plan } from '../../../marketplaces/rateplan.mts';
import { acme } from './acme.mts';

/** What a message asks for. The marketplace counts what has a plan. */
export interface Call {
	operation: string;
	policy: RepeatPolicy;
	plan?: Plan;
	/** The plan in the node's tables; the real rate stands in each good answer. */
	documented?: Plan;
}

export interface Setting {
	/** One after the other. */
	calls: Call[];
	/** Processes that do not know of each other. */
	workers: number;
	/** Of each worker, all at once; they begin within so many milliseconds. */
	executions: number;
	beginWithinMs: number;
	/** Messages of each execution. */
	messages: number;
	/** The marketplace looks at a request so long after it came, and then answers at once. */
	latencyMs: number;
	/** Each way takes up to so much longer. */
	jitterMs: number;
	/** For so long a process does nothing else when it asks. */
	costMs: number;
	/** Of each worker, and of the marketplace. */
	stalls?: Stalls;
}

export interface Outcome {
	seconds: number;
	/** What one who knows everything would take, and could do nothing about the stalls. */
	best: number;
	sent: number;
	answers: number;
	throttled: number;
	/** Of the limit of the first call, from the first second on, as long as every worker still has something to send. */
	used: number;
}

interface Modules {
	gate: typeof import('../../../../nodes/shared/http/request.ts');
	inFlight: typeof import('../../../../nodes/shared/run/inFlight.ts');
	statistics: typeof import('../../../../nodes/shared/http/requestStatistics.ts');
}

/** The modules of one process: what those of another one learned, they do not know. */
function load(sleep: (ms: number) => Promise<void>): Modules {
	const workflow = jest.requireActual<object>('n8n-workflow');
	let modules: Modules | undefined;
	jest.isolateModules(() => {
		jest.doMock('n8n-workflow', () => ({ ...workflow, sleep }));
		modules = {
			gate: jest.requireActual('../../../../nodes/shared/http/request.ts'),
			inFlight: jest.requireActual('../../../../nodes/shared/run/inFlight.ts'),
			statistics: jest.requireActual('../../../../nodes/shared/http/requestStatistics.ts'),
		};
	});
	jest.dontMock('n8n-workflow');
	return modules!;
}

/** The same seed gives the same stalls, whatever the gate does. */
export async function simulate(setting: Setting, seed: number): Promise<Outcome> {
	const time = timeline(1_000_000_000);
	const random = seeded(seed);
	const spies = [
		jest.spyOn(Date, 'now').mockImplementation(() => Math.floor(time.now())),
		jest.spyOn(Math, 'random').mockImplementation(() => random.next()),
	];
	try {
		return await run(setting, time, random, seed);
	} finally {
		for (const spy of spies) spy.mockRestore();
	}
}

const service: Service = {
	...acme,
	heard: ({ headers }) => (headers['x-rate'] ? { rate: Number(headers['x-rate']) } : {}),
};

async function run(
	setting: Setting,
	time: Timeline,
	random: Seeded,
	seed: number,
): Promise<Outcome> {
	const { calls, workers, latencyMs } = setting;
	const plans: Record<string, Plan> = {};
	for (const { operation, plan } of calls) if (plan) plans[operation] = plan;
	const buckets = ratePlans({ now: () => time.now() }, plans);
	const market = machine(time, seeded(seed * 100), setting.stalls);
	const machines = [market];
	const outcome: Outcome = { seconds: 0, best: 0, sent: 0, answers: 0, throttled: 0, used: 0 };
	const start = time.now();
	const taken: number[] = [];
	let firstDone = Infinity;
	const jitter = () => random.next() * setting.jitterMs;

	const answer = (operation: string) => {
		const isTaken = buckets.take(operation, 'me');
		outcome.answers += 1;
		const rate = plans[operation]?.rate;
		if (isTaken && operation === calls[0]!.operation) taken.push(time.now());
		if (isTaken) return { statusCode: 200, headers: rate ? { 'x-rate': rate } : {}, body: '{}' };
		outcome.throttled += 1;
		return Object.assign(new Error('too fast'), { response: { status: 429, data: '' } });
	};
	const worker = async (index: number) => {
		const mine = machine(time, seeded(seed * 100 + index + 1), setting.stalls);
		machines.push(mine);
		const sleep = async (ms: number) =>
			await new Promise<void>((wake) => mine.at(time.now() + ms, wake));
		const { gate, inFlight, statistics } = load(sleep);
		const request = async ({ url }: { url: string }) =>
			await new Promise<object>((resolve, reject) => {
				const leave = () => market.at(time.now() + jitter(), arrive);
				const arrive = () => market.at(time.now() + latencyMs, look);
				const look = () => {
					const given = answer(url.split('/').at(-1)!);
					const end = given instanceof Error ? reject : resolve;
					mine.at(time.now() + jitter(), () => end(given));
				};
				mine.at(time.now(), leave, setting.costMs);
			});
		const caller = {
			helpers: { httpRequest: request },
			logger: { debug: () => undefined },
		} as unknown as IExecuteFunctions;

		const execution = async () => {
			await sleep(random.next() * setting.beginWithinMs);
			const counts = new statistics.RequestStatistics();
			const { askBare } = gate.openGate(caller, 'acmeApi', 'me', counts, true);
			const send = async () => {
				for (const { operation, policy, documented } of calls) {
					const url = `https://acme.example/${operation}`;
					const plan = documented && { name: operation, ...documented };
					await askBare(service, policy, { method: 'POST', url, plan });
				}
				outcome.sent += 1;
			};
			// What is not sent is missed at the end.
			const job = async () => await send().then(toNext, toNext);
			const items = Array.from({ length: setting.messages });
			await inFlight.severalAtOnce(items, inFlight.inFlightFor(true, false), counts, job);
		};
		await Promise.all(Array.from({ length: setting.executions }, execution));
		firstDone = Math.min(firstDone, time.now());
	};

	await time.until(Promise.all(Array.from({ length: workers }, (_, i) => worker(i))));
	outcome.seconds = (time.now() - start) / 1000;
	const [from, to] = [start + 1000, firstDone - latencyMs * calls.length];
	const between = taken.filter((at) => at >= from && at < to).length;
	outcome.used = between / (((to - from) / 1000) * calls[0]!.plan!.rate);
	outcome.best = bestOf(setting, start, machines) + (latencyMs * calls.length) / 1000;
	return outcome;
}

const toNext = () => 'go on' as const;

/** Each token is used as soon as it is there, but where somebody stands still; a full bucket takes no more. */
function bestOf(setting: Setting, start: number, machines: Machine[]): number {
	const { rate, burst } = setting.calls[0]!.plan!;
	const stalls = machines.flatMap((one) => one.stalls).sort((one, other) => one.from - other.from);
	let left = setting.workers * setting.executions * setting.messages - burst;
	let at = start;
	for (const { from, to } of stalls) {
		const between = (Math.max(0, from - at) / 1000) * rate;
		if (between >= left) break;
		const begins = Math.max(from, at);
		left -= between + Math.min(burst, (Math.max(0, to - begins) / 1000) * rate);
		at = Math.max(at, to);
	}
	return (at - start) / 1000 + Math.max(0, left) / rate;
}
