/** Until when what goes through a connection may leave. */
import { leavingBefore } from '../../../../nodes/shared/http/leaving.ts';
import type { Gate } from '../../../../nodes/shared/http/request.ts';
import type { HttpResponse, RepeatPolicy } from '../../../../nodes/shared/http/service.ts';
import { answer } from '../../../engine/answer.mts';
import { acme } from './acme.mts';

const request = { method: 'POST', url: 'https://acme.example/' } as const;
const tooLate = () => new Error('too late');

/** What reaches the gate, and what it answers. */
function passing() {
	const seen: object[] = [];
	const given = answer(200, {});
	const ask: Gate['ask'] = async (...all): Promise<HttpResponse> => {
		seen.push(all);
		return given;
	};
	const gate: Gate = { ask, askBare: ask };
	const connection = leavingBefore({ gate, account: 'me' }, tooLate);
	return { seen, given, gate, connection };
}

test('a send is told until when it may leave, and its answer comes back', async () => {
	const { seen, given, connection } = passing();
	expect(await connection.gate.ask(acme, 'send', request)).toBe(given);
	expect(seen).toEqual([[acme, 'send', { ...request, tooLate }]]);
});

test.each<RepeatPolicy>(['read', 'prepare', 'once', 'poll'])(
	'a "%s" may leave at any time',
	async (policy) => {
		const { seen, connection } = passing();
		await connection.gate.ask(acme, policy, request);
		expect(seen).toEqual([[acme, policy, request]]);
	},
);

test('everything else of the connection is as it was', () => {
	const { gate, connection } = passing();
	expect(connection.account).toBe('me');
	expect(connection.gate.askBare).toBe(gate.askBare);
});
