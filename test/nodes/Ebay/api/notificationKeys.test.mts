import { generateKeyPairSync } from 'node:crypto';

import { publicKeyOf } from '../../../../nodes/Ebay/api/notificationKeys.ts';

const HOUR_MS = 60 * 60_000;

const keyOfEbay = generateKeyPairSync('ec', { namedCurve: 'P-256' })
	.publicKey.export({ format: 'der', type: 'spki' })
	.toString('base64');

/** Keys are kept by the address of eBay's API: each test has its own eBay. */
let api = 0;
let asked: string[] = [];

beforeEach(() => {
	jest.useFakeTimers();
	api += 1;
	asked = [];
});
afterEach(() => {
	jest.useRealTimers();
});

/** eBay knows the names that begin with `ebay`. */
const look = async (kid: string, tell = async () => {}) =>
	await publicKeyOf(`https://ebay-${api}.example`, kid, async (name) => {
		asked.push(name);
		await tell();
		return name.startsWith('ebay') ? keyOfEbay : undefined;
	});

const timesAsked = (kid: string) => asked.filter((name) => name === kid).length;

const flood = async (count: number, tell?: () => Promise<void>) =>
	await Promise.all(Array.from({ length: count }, (_, i) => look(`invented-${i}`, tell)));

const failing = async () => await Promise.reject(new Error('503'));

it('a key is kept for an hour', async () => {
	await look('ebay');
	jest.advanceTimersByTime(HOUR_MS - 1);
	await look('ebay');

	expect(timesAsked('ebay')).toBe(1);
});

it('a key is asked for again after an hour', async () => {
	await look('ebay');
	jest.advanceTimersByTime(HOUR_MS);
	await look('ebay');

	expect(timesAsked('ebay')).toBe(2);
});

it('a name that eBay does not know is kept as well', async () => {
	await look('invented');
	await look('invented');

	expect(timesAsked('invented')).toBe(1);
});

it('many at the same moment ask once', async () => {
	const keys = await Promise.all(Array.from({ length: 20 }, () => look('ebay')));

	expect(timesAsked('ebay')).toBe(1);
	expect(keys.every((key) => key !== undefined)).toBe(true);
});

it('strangers who all come at the same moment spend no more than a bounded number of calls', async () => {
	await flood(200);

	expect(asked.length).toBe(60);
	expect(await look('ebay')).toBeUndefined();
});

it('strangers do not keep out a key that eBay renews', async () => {
	await look('ebay');
	jest.advanceTimersByTime(HOUR_MS);
	await flood(200);

	expect(await look('ebay')).toBeDefined();
});

it('a key that eBay failed to tell is asked for again', async () => {
	await expect(look('ebay', failing)).rejects.toThrow('503');

	expect(await look('ebay')).toBeDefined();
});

it('what eBay failed to tell is not held against the next', async () => {
	await expect(flood(60, failing)).rejects.toThrow('503');

	expect(await look('ebay')).toBeDefined();
});

describe('while eBay is slow to tell', () => {
	const slow = async () => {
		await new Promise((told) => setTimeout(told, 10_000));
	};

	it('nobody waits longer than eBay waits for the answer to its notification', async () => {
		const looking = expect(look('ebay', slow)).rejects.toThrow('in time');
		await jest.advanceTimersByTimeAsync(2_500);

		await looking;
	});

	it('the key is there for the next try', async () => {
		const looking = expect(look('ebay', slow)).rejects.toThrow('in time');
		await jest.advanceTimersByTimeAsync(10_000);
		await looking;

		expect(await look('ebay')).toBeDefined();
		expect(timesAsked('ebay')).toBe(1);
	});

	it('no failure that comes after that goes unheard', async () => {
		const looking = expect(
			look('ebay', async () => {
				await slow();
				await failing();
			}),
		).rejects.toThrow('in time');
		await jest.advanceTimersByTimeAsync(10_000);
		await looking;

		expect(await look('ebay')).toBeDefined();
	});
});
