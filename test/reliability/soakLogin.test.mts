import { magaluStreet } from './streetMagalu.mts';
import { soak } from './soak.mts';
import type { Street } from './streets.mts';

/** The answer to the first renewal is lost: its refresh token is spent, and the new one nobody has. */
const losesItsLogin: Street = {
	...magaluStreet,
	many: {
		...magaluStreet.many,
		prepare(simulator, messages) {
			magaluStreet.many.prepare(simulator, messages);
			if (messages[0]!.number > 0) return;
			magaluStreet.endTokens(simulator);
			simulator.faults.push({ operation: 'magalu.token', kind: 'lost', when: 'after' });
		},
	},
};

test('a seller whose login was lost connects the credential again before the next execution', async () => {
	const options = { messages: 20, perRun: 10, faults: 0, seed: 1 };
	const { said, connectedAgain } = await soak({ streets: [losesItsLogin], ...options });

	expect(said).toEqual({ notSent: 10, sent: 10 });
	expect(connectedAgain).toBe(1);
});
