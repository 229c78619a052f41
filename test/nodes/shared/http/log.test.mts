/** What n8n's log tells of requests, for whoever looks for the cause of a failure. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { openGate, type GateRequest } from '../../../../nodes/shared/http/request.ts';
import type { RepeatPolicy } from '../../../../nodes/shared/http/service.ts';
import { quickTime, type QuickTime } from '../../../engine/quickTime.mts';
import { acme } from './acme.mts';

let time: QuickTime;
beforeEach(() => {
	time = quickTime();
});
afterEach(() => time());

type Answer = { statusCode: number; headers?: Record<string, string>; body?: string } | Error;

const SECRET = 'secret-of-the-seller-0123456789';
const URL = `https://acme.example/orders/12345?signature=${SECRET}`;

/** What is logged while a request is answered like this, try by try. */
async function linesFor(
	answers: Answer[],
	request: Partial<GateRequest> = {},
	policy: RepeatPolicy = 'read',
	credentials: object = {},
): Promise<Array<[string, object]>> {
	const lines: Array<[string, object]> = [];
	const ask = async () => {
		const answer = answers.shift()!;
		if (answer instanceof Error) throw answer;
		const { statusCode, headers = {}, body = '' } = answer;
		if (statusCode < 300) return { statusCode, headers, body };
		throw Object.assign(new Error('n8n says'), {
			response: { status: statusCode, headers, data: body },
		});
	};
	const caller = {
		helpers: { httpRequest: ask, httpRequestWithAuthentication: ask },
		getCredentials: async () => credentials,
		logger: { debug: (message: string, facts: object) => lines.push([message, facts]) },
	} as unknown as IExecuteFunctions;
	const gate = openGate(caller, 'acmeApi', 'log', undefined, true);
	const whole: GateRequest = {
		method: 'POST',
		url: URL,
		body: 'Dear buyer',
		operation: 'acme.send',
		...request,
	};
	await gate.ask(acme, policy, whole).catch(() => undefined);
	return lines;
}

test('one line a try tells what was asked, what came, and how long it waited', async () => {
	const lines = await linesFor([
		{ statusCode: 503, headers: { 'x-request-id': 'r-1' } },
		Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
		{ statusCode: 200, headers: { 'x-request-id': 'r-2' } },
	]);
	const same = { service: 'Acme', operation: 'acme.send', waitedMs: expect.any(Number) };
	expect(lines).toEqual([
		['Acme answered 503', { ...same, try: 1, status: 503, code: '503', requestId: 'r-1' }],
		['Acme did not answer', { ...same, try: 2, code: 'ECONNRESET' }],
		['Acme answered 200', { ...same, try: 3, status: 200, requestId: 'r-2' }],
	]);
	// A busy machine may take a moment.
	const waits = lines.map(([, facts]) => (facts as { waitedMs: number }).waitedMs);
	expect(Math.max(...waits)).toBeLessThan(900);
	expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
});

test('what never left is told as that', async () => {
	const refused = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
	const [line] = await linesFor([refused, { statusCode: 200 }]);
	expect(line).toMatchObject(['Acme was not reached', { code: 'ENOTFOUND' }]);
});

test('a request without a name goes by its limit, or else by its method', async () => {
	const plan = { name: 'acme.orders', rate: 100, burst: 100 };
	const good = () => [{ statusCode: 200 }];
	const [byLimit] = await linesFor(good(), { operation: undefined, plan });
	const [byMethod] = await linesFor(good(), { operation: undefined });
	expect([byLimit![1], byMethod![1]]).toMatchObject([
		{ operation: 'acme.orders' },
		{ operation: 'POST' },
	]);
});

test('the credential is read for what failed, not for every answer', async () => {
	const reads = async (answer: Answer) => {
		let count = 0;
		const credentials = {
			get clientSecret() {
				count += 1;
				return SECRET;
			},
		};
		await linesFor([answer], {}, 'read', credentials);
		return count;
	};
	expect(await reads({ statusCode: 200 })).toBe(0);
	expect(await reads({ statusCode: 400 })).toBeGreaterThan(0);
});

test('what has neither a code nor a number is told without', async () => {
	const [line] = await linesFor([{ statusCode: 400 }], {}, 'read', { clientSecret: SECRET });
	expect(line).toMatchObject(['Acme answered 400', { status: 400, requestId: undefined }]);
});

test('the wait for a limit is told', async () => {
	const plan = { name: 'acme.slow', rate: 1, burst: 1 };
	const good = () => [{ statusCode: 200 }];
	await linesFor(good(), { plan });
	const [line] = await linesFor(good(), { plan });
	expect((line![1] as { waitedMs: number }).waitedMs).toBeGreaterThan(900);
});

test('no secret, no address, no text to a buyer and no words of the marketplace stand in it', async () => {
	const echo = { 'x-request-id': `r-${SECRET}` };
	for (const credentials of [
		{ clientSecret: SECRET },
		{ oauthTokenData: { access_token: SECRET } },
	]) {
		const lines = await linesFor(
			[
				{ statusCode: 503, headers: echo, body: `Dear buyer ${URL}` },
				{ statusCode: 400, headers: echo, body: `Dear buyer ${URL}` },
			],
			{},
			'read',
			credentials,
		);
		expect(lines).toHaveLength(2);
		expect(JSON.stringify(lines)).not.toMatch(/secret-of|acme\.example|12345|Dear|buyer/);
	}
	const long = { statusCode: 200, headers: { 'x-request-id': `${'Atza'.repeat(30)}` } };
	const text = { statusCode: 200, headers: { 'x-request-id': 'Dear buyer' } };
	expect(JSON.stringify(await linesFor([long]))).not.toContain('Atza');
	expect(JSON.stringify(await linesFor([text]))).not.toContain('buyer');
});
