/** When the gate asks once more, and what it learns of a limit on the way; without a server. */
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { keptToken, withToken } from '../../../../nodes/shared/auth/accessToken.ts';
import { forgetLanes, laneOf } from '../../../../nodes/shared/http/rateLimit.ts';
import { openGate, type GateRequest } from '../../../../nodes/shared/http/request.ts';
import type { AnswerKind, Service } from '../../../../nodes/shared/http/service.ts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { acme } from './acme.mts';

let time: QuickTime;
beforeEach(() => {
	forgetLanes();
	time = quickTime();
});
afterEach(() => time());

const request: GateRequest = { method: 'POST', url: 'https://acme.example/', body: 'x' };
const good = { statusCode: 200, headers: {}, body: '{}' };
const lost = (code: string) => Object.assign(new Error('no'), { code });
const status = (code: number, headers = {}) =>
	Object.assign(new Error('no'), { response: { status: code, headers, data: '' } });

/** Gives one answer after the other, the last one for good. */
function answering(...answers: object[]) {
	const asked: IHttpRequestOptions[] = [];
	const ask = async (options: IHttpRequestOptions) => {
		asked.push(options);
		const answer = answers[Math.min(asked.length, answers.length) - 1]!;
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const caller = {
		helpers: { httpRequest: ask, httpRequestWithAuthentication: ask },
		getCredentials: async () => ({}),
		logger: { debug: () => undefined },
	} as unknown as IExecuteFunctions;
	return { caller, asked };
}

const meaning = (kind: AnswerKind): Service => ({
	...acme,
	kindOf: (answer) => (answer.status < 300 ? 'done' : kind),
});

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

describe('a limit', () => {
	const plan = { name: 'acme.send', rate: 10, burst: 10 };

	test('is learned from what the answer tells of it', async () => {
		const { caller } = answering({ ...good, headers: { rate: '0.5' } });
		const heard: Service = { ...acme, heard: ({ headers }) => ({ rate: Number(headers.rate) }) };
		await openGate(caller, 'acmeApi', 'me').askBare(heard, 'send', { ...request, plan });
		const mine = laneOf('me', plan);
		while (mine.room() > 0) await mine.turn();
		const stop = new AbortController();
		const waiting = mine.turn(stop.signal).catch(() => undefined);
		expect(mine.waitMs()).toBeGreaterThan(1500);
		stop.abort();
		await waiting;
	});

	test('that is closed for too long is not waited for, and the item may go later', async () => {
		const { caller, asked } = answering(status(429, { 'retry-after': '301' }), good);
		const gate = openGate(caller, 'acmeApi', 'me');
		const end = async () =>
			await gate.askBare(acme, 'send', { ...request, plan }).catch((error: unknown) => error);
		expect(await end()).toMatchObject({ details: { outcome: 'notSent', retryable: true } });
		expect(await end()).toMatchObject({
			details: {
				...{ outcome: 'notSent', retryable: true, httpStatus: 429 },
				description: expect.stringMatching(/asks to wait 30[01] seconds/) as string,
			},
		});
		expect(asked).toHaveLength(1);
	});

	test('counts what goes under it, and nothing else', async () => {
		const { caller, asked } = answering(good);
		const gate = openGate(caller, 'acmeApi', 'me');
		await gate.askBare(acme, 'send', request);
		await gate.askBare(acme, 'send', { ...request, plan });
		expect(asked).toHaveLength(2);
		expect(laneOf('me', plan).room()).toBe(8);
	});
});
