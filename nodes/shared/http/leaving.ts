import type { Gate } from './request';

/**
 * A connection through which a message leaves as long as it may.
 * @param tooLate asked right before each try of a send: why it must not leave any more
 */
export function leavingBefore<Connection extends { gate: Gate }>(
	connection: Connection,
	tooLate: () => Error | undefined,
): Connection {
	const { gate } = connection;
	const ask: Gate['ask'] = async (service, policy, request) =>
		await gate.ask(service, policy, policy === 'send' ? { ...request, tooLate } : request);
	return { ...connection, gate: { ...gate, ask } };
}
