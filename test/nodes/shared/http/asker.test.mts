/** Who goes ahead for a token, and who waits for whom. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import { keptToken, withToken } from '../../../../nodes/shared/auth/accessToken.ts';
import { atOnce, firstAlone, type Asker } from '../../../../nodes/shared/http/asker.ts';

const options = (url = 'https://acme.example/'): IHttpRequestOptions => ({ url });

/** Requests that end when the test says so. */
function pending() {
	const ends: Array<{ resolve(answer: string): void; reject(error: Error): void }> = [];
	const ask = async () =>
		await new Promise<string>((resolve, reject) => ends.push({ resolve, reject }));
	return { ask, ends };
}

const isAhead = async (asker: Asker) => {
	await new Promise(setImmediate);
	return asker.ahead() !== undefined;
};

test('where all go at once nobody waits for anybody', async () => {
	const { ask, ends } = pending();
	const asker = atOnce(ask);
	const asking = asker.ask(options());
	expect(await isAhead(asker)).toBe(false);
	ends[0]!.resolve('answer');
	expect(await asking).toBe('answer');
});

describe('where the first goes alone', () => {
	test('nobody waits before it', async () => {
		expect(await isAhead(firstAlone(pending().ask))).toBe(false);
	});

	test('the others wait until it has its token', async () => {
		const { ask } = pending();
		const asker = firstAlone(ask);
		const first = options();
		void asker.ask(first);
		expect(await isAhead(asker)).toBe(true);
		const token = { accessToken: 'token', accessTokenExpiresAt: Date.now() + 3_600_000 };
		withToken(keptToken(token, 'me'), 'me', first, () => undefined);
		expect(await isAhead(asker)).toBe(false);
	});

	test('the others wait for its answer, which it gets', async () => {
		const { ask, ends } = pending();
		const asker = firstAlone(ask);
		const asking = asker.ask(options());
		ends[0]!.resolve('answer');
		expect(await asking).toBe('answer');
		expect(await isAhead(asker)).toBe(false);
	});

	test('the others go after it failed, which it is told', async () => {
		const { ask, ends } = pending();
		const asker = firstAlone(ask);
		const asking = asker.ask(options());
		ends[0]!.reject(new Error('no token'));
		await expect(asking).rejects.toThrow('no token');
		expect(await isAhead(asker)).toBe(false);
	});

	test('nobody waits for the second', async () => {
		const { ask, ends } = pending();
		const asker = firstAlone(ask);
		const asking = asker.ask(options());
		ends[0]!.resolve('answer');
		await asking;
		await isAhead(asker);
		void asker.ask(options());
		expect(await isAhead(asker)).toBe(false);
	});
});
