import { MarketplaceError, Refusal } from '../../../../nodes/shared/outcome.ts';
import {
	askedOnce,
	checkAll,
	clockFinding,
	endingFinding,
	findingOf,
	type Check,
} from '../../../../nodes/shared/run/check.ts';
import { Cancelled } from '../../../../nodes/shared/sleep.ts';

const DAY = 86_400_000;
const passes = (name: string): Check => ({ name, look: () => ({ ok: true, message: 'Fine' }) });

const error = (retryable: boolean) =>
	new MarketplaceError('No', {
		outcome: 'notSent',
		retryable,
		code: '17',
		httpStatus: 403,
		marketplace: 'amazon',
		description: 'Do something.',
	});

const failing = (name: string, thrown: Error): Check => ({
	name,
	look: async () => await Promise.reject(thrown),
});

describe('all checks', () => {
	test('are made in order, also when one fails', async () => {
		const others = [failing('Orders', error(false)), passes('Clock')];
		const rows = await checkAll('amazon', passes('Login'), others);

		expect(rows).toEqual([
			{ check: 'Login', ok: true, message: 'Fine', advice: 'Nothing to do.', details: {} },
			{
				check: 'Orders',
				ok: false,
				message: 'No',
				advice: 'Do something.',
				code: '17',
				details: { httpStatus: 403 },
			},
			{ check: 'Clock', ok: true, message: 'Fine', advice: 'Nothing to do.', details: {} },
		]);
	});

	test('but for those that ask nothing wait for the login', async () => {
		const others = [passes('Orders'), { ...passes('Secret'), offline: true as const }];
		const rows = await checkAll('amazon', failing('Login', error(false)), others);

		expect(rows.map(({ check, ok }) => [check, ok])).toEqual([
			['Login', false],
			['Orders', null],
			['Secret', true],
		]);
	});

	test('end where the user stops the execution', async () => {
		const others = [failing('Orders', new Cancelled())];
		await expect(checkAll('amazon', passes('Login'), others)).rejects.toThrow(Cancelled);
	});
});

describe('an error', () => {
	test('that may pass by itself tells nothing', () => {
		expect(findingOf(error(true), 'amazon')).toMatchObject({ ok: null, advice: 'Do something.' });
	});

	test('of our own is a fault, with the way out', () => {
		const refusal = new Refusal("'API URL' is not an address", 'Write one.');
		expect(findingOf(refusal, 'amazon')).toEqual({
			ok: false,
			message: "'API URL' is not an address",
			advice: 'Write one.',
			details: {},
		});
	});
});

test('a shared question is asked once, also when it fails', async () => {
	const ask = jest.fn(async () => await Promise.reject(error(false)));
	const once = askedOnce(ask);

	await expect(once()).rejects.toThrow('No');
	await expect(once()).rejects.toThrow('No');
	expect(ask).toHaveBeenCalledTimes(1);
});

describe('what ends', () => {
	const inDays = (days: number) => endingFinding('The token', Date.now() + days * DAY, 'Renew it.');

	test.each([
		[31.5, 'Good until'],
		[30.5, 'The token ends in 30 days, on'],
		[1.5, 'The token ends in 1 day, on'],
		[0.5, 'The token ends within a day, on'],
		[-0.5, 'The token ended on'],
	])('in %d days is said to: %s', (days, words) => {
		expect(inDays(days).message).toContain(words);
	});

	test('comes with what to do from 30 days before', () => {
		expect([31.5, 30.5, -1].map((days) => inDays(days).advice)).toEqual([
			undefined,
			'Renew it.',
			'Renew it.',
		]);
	});

	test('fails only once it has ended', () => {
		expect([0.5, -0.5].map((days) => inDays(days).ok)).toEqual([true, false]);
	});
});

describe('the clock', () => {
	test.each([
		[59_000, true],
		[-59_000, true],
		[61_000, false],
		[-61_000, false],
	])('that is %d ms ahead: %p', (ahead, ok) => {
		expect(clockFinding('Amazon', ahead).ok).toBe(ok);
	});

	test('of a marketplace that did not answer cannot be told', () => {
		expect(clockFinding('Amazon', undefined)).toMatchObject({ ok: null });
	});

	test('is told in minutes', () => {
		expect(clockFinding('Amazon', 61_000).message).toContain('1 minute ahead');
	});
});
