import type { ICredentialDataDecryptedObject, NodeExecutionHint } from 'n8n-workflow';

import type { Caller } from './request';
import { Tally } from './tally';

/** What the items of one execution share. It ends with the execution. */
export interface Session {
	tally: Tally;
	/** The credential, read once. */
	credentials(type: string): Promise<ICredentialDataDecryptedObject>;
	/** Asks a question once and gives every item the same answer; a failed question may be asked again. */
	once<T>(key: string, ask: () => Promise<T>): Promise<T>;
	/** Something that a person wants to know after the run; said once, however many items say it. */
	hint(message: string): void;
	hints(): NodeExecutionHint[];
}

const sessions = new WeakMap<object, Session>();

/** The session of an `execute`, `poll` or list method: the same for every item of it. */
export function sessionOf(caller: Caller): Session {
	const known = sessions.get(caller);
	if (known) return known;

	const asked = new Map<string, Promise<unknown>>();
	const said = new Set<string>();
	const session: Session = {
		tally: new Tally(),
		credentials: async (type) =>
			await session.once(`credentials ${type}`, async () => await caller.getCredentials(type)),
		async once<T>(key: string, ask: () => Promise<T>) {
			const running = asked.get(key) ?? ask();
			asked.set(key, running);
			running.catch(() => asked.delete(key));
			return (await running) as T;
		},
		hint: (message) => said.add(message),
		hints: () => [...said].map((message) => ({ message, type: 'info', location: 'outputPane' })),
	};
	sessions.set(caller, session);
	return session;
}
