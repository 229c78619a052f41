import type { ICredentialDataDecryptedObject, NodeExecutionHint } from 'n8n-workflow';

import type { Caller } from '../http/request';
import { RequestStatistics } from '../http/requestStatistics';

/** What the items of one execution share. It ends with the execution. */
export interface Execution {
	statistics: RequestStatistics;
	/** The credential, read once. */
	credentials(type: string): Promise<ICredentialDataDecryptedObject>;
	/** Asks a question once and gives every item the same answer; a failed question may be asked again. */
	askOnce<T>(key: string, ask: () => Promise<T>): Promise<T>;
	/** Something that a person wants to know after the run; said once, however many items say it. */
	hint(message: string): void;
	hints(): NodeExecutionHint[];
	/** Items whose message "Prevent Duplicates" has noted: running them again passes over it. */
	noted: Set<number>;
}

const executions = new WeakMap<object, Execution>();

/** The execution of an `execute`, `poll` or list method: the same for every item of it. */
export function executionOf(caller: Caller): Execution {
	const known = executions.get(caller);
	if (known) return known;

	const asked = new Map<string, Promise<unknown>>();
	const said = new Set<string>();
	const execution: Execution = {
		statistics: new RequestStatistics(),
		credentials: async (type) =>
			await execution.askOnce(`credentials ${type}`, async () => await caller.getCredentials(type)),
		async askOnce<T>(key: string, ask: () => Promise<T>) {
			const running = asked.get(key) ?? ask();
			asked.set(key, running);
			running.catch(() => asked.delete(key));
			return (await running) as T;
		},
		hint: (message) => said.add(message),
		hints: () => [...said].map((message) => ({ message, type: 'info', location: 'outputPane' })),
		noted: new Set(),
	};
	executions.set(caller, execution);
	return execution;
}
