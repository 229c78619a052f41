import type { RequestStatistics } from '../http/requestStatistics';

/** Items in flight: as few as this at first, and never more than that. */
export interface InFlight {
	fewest: number;
	most: number;
}

const AS_ALWAYS: InFlight = { fewest: 16, most: 64 };

/**
 * With "Stop Workflow" what is in flight when an item fails can still be sent; with "Prevent Duplicates"
 * it is in doubt where n8n dies.
 */
const WITH_CARE: InFlight = { fewest: 4, most: 32 };

/**
 * @param goesOn after an item that failed
 * @param preventsDuplicates as the option stands in the form
 */
export function inFlightFor(goesOn: boolean, preventsDuplicates: boolean): InFlight {
	return goesOn && !preventsDuplicates ? AS_ALWAYS : WITH_CARE;
}

/**
 * As many jobs in flight as limit and latency ask for. After each job: two more where none of them waits
 * for the limit, one more where less than a quarter do, one fewer where more than half do. In between the
 * limit is used up, and nobody waits long. Jobs that asked nothing, such as those of messages that were
 * sent before, let no more in.
 *
 * @returns whether one said `halt`, which lets no other start
 */
export async function severalAtOnce<T>(
	items: readonly T[],
	{ fewest, most }: InFlight,
	statistics: Pick<RequestStatistics, 'asked' | 'nowWaiting'>,
	job: (item: T) => Promise<'go on' | 'halt'>,
): Promise<boolean> {
	let next = 0;
	let running = 0;
	let room = fewest;
	let halted = false;
	let { asked } = statistics;

	await new Promise<void>((finished) => {
		const end = (then: 'go on' | 'halt') => {
			const share = statistics.nowWaiting / running;
			const step = share === 0 ? 2 : share < 1 / 4 ? 1 : share > 1 / 2 ? -1 : 0;
			room = Math.min(most, Math.max(fewest, room + (statistics.asked > asked ? step : 0)));
			({ asked } = statistics);
			halted ||= then === 'halt';
			running -= 1;
			start();
		};
		const start = () => {
			while (!halted && running < room && next < items.length) {
				running += 1;
				void job(items[next++]!).then(end);
			}
			if (running === 0) finished();
		};
		start();
	});
	return halted;
}
