/**
 * One clock for the node and for the marketplace; whoever is waited for moves it. A test file that uses it has
 * to say so: `jest.mock('n8n-workflow', () => jest.requireActual<Waits>('…/clockOfWaits.mts').n8nWorkflow())`.
 */
let now = Date.parse('2026-11-20T12:00:00Z');
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => now));

export interface Waits {
	n8nWorkflow(): object;
}

export const n8nWorkflow: Waits['n8nWorkflow'] = () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		// Whoever is waited for sleeps in slices; what only goes on by itself stays asleep here.
		if (ms <= 100) now += ms;
		await new Promise((done) => ms <= 100 && setImmediate(done));
	},
});

/** So many milliseconds pass at once. */
export const pass = (ms: number) => void (now += ms);
