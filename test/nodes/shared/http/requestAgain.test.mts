/** When the gate asks once more; without a server. */
import { keptToken, withToken } from '../../../../nodes/shared/auth/accessToken.ts';
import { forgetLanes } from '../../../../nodes/shared/http/rateLimit.ts';
import { openGate, type GateRequest } from '../../../../nodes/shared/http/request.ts';
import type { Service } from '../../../../nodes/shared/http/service.ts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { acme } from './acme.mts';
import { answering, good, lost, meaning, status } from './answering.mts';

let time: QuickTime;
beforeEach(() => {
	forgetLanes();
	time = quickTime();
});
afterEach(() => time());

const request: GateRequest = { method: 'POST', url: 'https://acme.example/', body: 'x' };

describe('a send', () => {
	const tries = async (service: Service, ...answers: object[]) => {
		const { caller, asked } = answering(...answers);
		const gate = openGate(caller, 'acmeApi', 'me');
		const end = await gate.askBare(service, 'send', request).then(
			() => 'sent',
			(error: { details: { outcome: string } }) => error.details.outcome,
		);
		return [asked.length, end];
	};

	test('that never left goes again where that may pass, and not where it stays', async () => {
		expect(await tries(acme, lost('ENOTFOUND'), good)).toEqual([2, 'sent']);
		expect(await tries(acme, lost('INVALID_CA'), good)).toEqual([1, 'notSent']);
	});

	test('that was not taken for now goes three times', async () => {
		expect(await tries(meaning('again'), status(400))).toEqual([3, 'notSent']);
		expect(await tries(meaning('again'), status(400), status(400), good)).toEqual([3, 'sent']);
	});

	test('with a token of which n8n knows nothing is not renewed', async () => {
		expect(await tries(meaning('expired'), status(401), good)).toEqual([1, 'notSent']);
	});
});

describe('a service that fails and asks to wait', () => {
	const ask = async (policy: 'read' | 'poll', seconds: number) => {
		const { caller, asked } = answering(status(503, { 'retry-after': `${seconds}` }), good);
		const began = Date.now();
		const end = await openGate(caller, 'acmeApi', 'me')
			.askBare(meaning('failing'), policy, { ...request, method: 'GET', body: undefined })
			.catch((error: unknown) => error);
		return { asked: asked.length, end, waited: Date.now() - began };
	};

	test('for longer than a moment is not waited for by a poll, which says what the service said', async () => {
		const { asked, end, waited } = await ask('poll', 60);
		expect([asked, waited < 1000]).toEqual([1, true]);
		expect(end).toMatchObject({
			message: 'Acme refused the request',
			waitMs: 60_000,
			details: { httpStatus: 503, outcome: 'notSent', retryable: true },
		});
	});

	test('for a moment is asked by a poll once more, and for a minute by others', async () => {
		expect(await ask('poll', 2)).toMatchObject({ asked: 2, end: { status: 200 } });
		expect(await ask('read', 60)).toMatchObject({ asked: 2, end: { status: 200 } });
	});
});

describe('a token that the marketplace rejects', () => {
	/** Puts a token of ours onto each request, as a credential does; n8n renews a rejected one. */
	const asking = async (...answers: object[]) => {
		const { caller } = answering();
		const tokens: string[] = [];
		let current = 'token-1';
		caller.helpers.httpRequestWithAuthentication = async function (_type, options) {
			const put = (token: string) => {
				const fresh = { accessToken: token, accessTokenExpiresAt: Date.now() + 3_600_000 };
				withToken({ ...keptToken(fresh, 'me') }, 'me', options, (_headers, used) =>
					tokens.push(used),
				);
			};
			try {
				put(current);
			} catch {
				put((current = `token-${tokens.length + 1}`));
			}
			const answer = answers[Math.min(tokens.length, answers.length) - 1]!;
			if (answer instanceof Error) throw answer;
			return answer;
		};
		const gate = openGate(caller, 'acmeApi', 'me', undefined, true);
		const end = await gate.ask(meaning('expired'), 'send', request).then(
			() => 'sent',
			() => 'failed',
		);
		return { tokens, end };
	};

	test('is renewed, once', async () => {
		expect(await asking(status(401), good)).toEqual({
			...{ tokens: ['token-1', 'token-2'], end: 'sent' },
		});
		expect(await asking(status(401))).toEqual({
			...{ tokens: ['token-1', 'token-2'], end: 'failed' },
		});
	});
});
