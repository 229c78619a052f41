/** What hurts whoever sends, the same for every marketplace: an answer lost, too fast, a token that ended. */
import type { Fault } from '../service.mts';
import type { Trial } from './trials.mts';
import type { World } from './world.mts';

export interface Pains {
	title: string;
	/** The operations that write to a buyer. */
	operations: string[];
	/** What the marketplace says above its limit. */
	tooFast: Pick<Fault, 'status' | 'body' | 'headers'>;
	/** Every access token that is out ends now. */
	endTokens(world: World): void;
	/** What the node makes of a lost answer. */
	afterLoss: string;
}

const send = 'In n8n: execute a workflow that sends, with Validate Only off.';

/** What a node makes of a lost answer where the marketplace shows what was sent. */
export const whereItCanTell =
	'The node asks the marketplace whether the message arrived. Where it finds it, the output says "sent"; where nobody can tell, it stops and says so. It never sends by itself again.';

export function painTrials({ title, operations, tooFast, endTokens, afterLoss }: Pains): Trial[] {
	/** Only the next message: what was asked for before and did not happen is off. */
	function next({ faults }: World, fault: Omit<Fault, 'operation'>): void {
		for (const old of faults.filter((one) => one.operation === operations)) {
			faults.splice(faults.indexOf(old), 1);
		}
		faults.push({ ...fault, operation: operations });
	}

	return [
		{
			id: 'loseAnswer',
			label: 'Lose the next answer',
			run(world) {
				next(world, { kind: 'lost', when: 'after' });
				return {
					happened: `The next message to ${title} will arrive, but its answer is lost on the way back.`,
					look: `${send} ${afterLoss}`,
				};
			},
		},
		{
			id: 'tooFast',
			label: 'Say "too fast"',
			run(world) {
				next(world, { kind: 'status', ...tooFast });
				return {
					happened: `The next message to ${title} is refused once: too many requests. The buyer gets nothing by it.`,
					look: `${send} The node waits and sends again by itself: one message arrives here, some seconds later.`,
				};
			},
		},
		{
			id: 'endToken',
			label: 'End the token',
			run(world) {
				endTokens(world);
				return {
					happened: `${title} takes none of the access tokens any more that it gave out.`,
					look: `${send} The node fetches a new token, sends once, and nobody notices.`,
				};
			},
		},
	];
}
