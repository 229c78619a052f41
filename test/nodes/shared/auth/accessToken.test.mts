import {
	exchangedOnce,
	fingerprint,
	hasToken,
	refreshAt,
	refuseToken,
	tokenOf,
	withToken,
	type FreshToken,
} from '../../../../nodes/shared/auth/accessToken.ts';

const HOUR = 3600_000;
let account = '';
let made = 0;
beforeEach(() => {
	account = `account ${++made}`;
});

function exchanger() {
	let count = 0;
	return jest.fn(async (): Promise<FreshToken> => {
		// Everybody who asks at once has asked by then.
		await new Promise(setImmediate);
		return { accessToken: `token ${++count}`, accessTokenExpiresAt: Date.now() + HOUR };
	});
}

describe('an exchange', () => {
	test('is one for all who ask at once', async () => {
		const exchange = exchanger();
		const tokens = await Promise.all(
			[1, 2, 3].map(async () => await exchangedOnce(account, exchange)),
		);
		expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['token 1', 'token 1', 'token 1']);
		expect(exchange).toHaveBeenCalledTimes(1);
	});

	test('is made anew for who asks later', async () => {
		const exchange = exchanger();
		await exchangedOnce(account, exchange);
		expect(await exchangedOnce(account, exchange)).toMatchObject({ accessToken: 'token 2' });
	});

	test('that failed is not remembered', async () => {
		const failing = jest.fn(async () => await Promise.reject(new Error('no')));
		const both = [1, 2].map(async () => await exchangedOnce(account, failing).catch(String));
		expect(await Promise.all(both)).toEqual(['Error: no', 'Error: no']);
		expect(failing).toHaveBeenCalledTimes(1);
		expect(await exchangedOnce(account, exchanger())).toMatchObject({ accessToken: 'token 1' });
	});

	test('of another account is another', async () => {
		const exchange = exchanger();
		await Promise.all([exchangedOnce(account, exchange), exchangedOnce(`${account}b`, exchange)]);
		expect(exchange).toHaveBeenCalledTimes(2);
	});
});

test.each([
	[{}, false],
	[{ accessToken: 'x', accessTokenAccount: 'me' }, false],
	[{ accessToken: 'x', accessTokenAccount: 'me', accessTokenExpiresAt: 1 }, false],
	[{ accessToken: '', accessTokenAccount: 'me', accessTokenExpiresAt: Infinity }, false],
	[{ accessToken: 'x', accessTokenAccount: 'other', accessTokenExpiresAt: Infinity }, false],
	[{ accessToken: 'x', accessTokenAccount: 'me', accessTokenExpiresAt: Infinity }, true],
])('%j holds a good token of mine: %s', (credentials, good) => {
	expect(hasToken(credentials, 'me')).toBe(good);
});

test.each([
	[3600, 3540],
	[600, 540],
	[60, 54],
	[2, 1.8],
])('a token of %d s is renewed after %d s', (life, seconds) => {
	expect(refreshAt(life, 1_000_000)).toBe(1_000_000 + seconds * 1000);
});

describe('a request', () => {
	const put = (headers: Record<string, unknown>, token: string) => {
		headers.token = token;
	};
	const good = {
		accessToken: 'x',
		accessTokenAccount: 'me',
		accessTokenExpiresAt: Date.now() + HOUR,
	};
	const thrown = (action: () => unknown) => {
		try {
			return action();
		} catch (error) {
			return error;
		}
	};

	test('gets the token', () => {
		expect(withToken(good, 'me', { url: 'u' }, put)).toEqual({ url: 'u', headers: { token: 'x' } });
	});

	test.each([
		['spent', { ...good, accessTokenExpiresAt: Date.now() - 1 }],
		['missing', {}],
		["another account's", { ...good, accessTokenAccount: 'other' }],
	])(
		'with a token that is %s is answered like a server would, before it leaves',
		(_what, credentials) => {
			expect(thrown(() => withToken(credentials, 'me', { url: 'u' }, put))).toMatchObject({
				response: { status: 401 },
			});
		},
	);

	test('whose token was just rejected asks for another', () => {
		const request = { url: 'u' };
		refuseToken(request, fingerprint('x'));
		expect(thrown(() => withToken(good, 'me', request, put))).toMatchObject({
			response: { status: 401 },
		});
		expect(withToken({ ...good, accessToken: 'y' }, 'me', request, put)).toMatchObject({
			headers: { token: 'y' },
		});
	});

	test('remembers a fingerprint of the token that it went with, not the token', () => {
		const request = { url: 'u' };
		withToken(good, 'me', request, put);
		expect(tokenOf(request)).toBe(fingerprint('x'));
	});
});

test('a fingerprint tells secrets apart and holds none', () => {
	expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
	expect(fingerprint('secret')).toMatch(/^[0-9a-f]{24}$/);
});
