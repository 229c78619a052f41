/** The small helpers of the shared rooms. */
import type { INode } from 'n8n-workflow';

import { settleAll } from '../../../nodes/shared/settleAll.ts';
import {
	failureOf,
	MarketplaceError,
	nodeErrorOf,
	Refusal,
} from '../../../nodes/shared/outcome.ts';
import {
	codePointsIn,
	isRecord,
	parseJson,
	queryOf,
	recordOf,
	recordsOf,
	textOf,
} from '../../../nodes/shared/values.ts';
import { Cancelled, jittered, wait, waitUntil } from '../../../nodes/shared/sleep.ts';

describe('values from outside', () => {
	test.each([
		[{}, true],
		[[], false],
		[null, false],
		['x', false],
	])('%j is a record: %s', (value, is) => {
		expect(isRecord(value)).toBe(is);
		expect(recordOf(value)).toEqual({});
	});

	test('a text that is no JSON is nothing', () => {
		expect([parseJson('{"a":1}'), parseJson('<html>'), parseJson('')]).toEqual([
			{ a: 1 },
			undefined,
			undefined,
		]);
	});

	test('JSON behind a byte order mark is read', () => {
		expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
	});

	test('a number is a text, an empty text is none', () => {
		expect([textOf(5), textOf('a'), textOf(''), textOf(null)]).toEqual([
			'5',
			'a',
			undefined,
			undefined,
		]);
	});

	test('of a list only the records count', () => {
		expect([recordsOf([{ a: 1 }, 2, null]), recordsOf('x')]).toEqual([[{ a: 1 }], []]);
	});

	test('an emoji is one character', () => {
		expect(codePointsIn('a😀é')).toBe(3);
	});

	test('a query is encoded, and leaves out what is undefined', () => {
		expect(queryOf({ a: '+/=&', 'b c': 1, d: undefined })).toBe('a=%2B%2F%3D%26&b%20c=1');
	});
});

describe('all of them', () => {
	test('give their results in order', async () => {
		const slowFirst = async (turns: number) => {
			for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
			return turns;
		};
		expect(await settleAll([9, 1, 5], slowFirst)).toEqual([9, 1, 5]);
	});

	test('are waited for, also when one fails early', async () => {
		let ended = false;
		const each = async (one: string) => {
			if (one === 'bad') throw new Error('bad');
			await new Promise(setImmediate);
			ended = true;
		};
		await expect(settleAll(['bad', 'slow'], each)).rejects.toThrow('bad');
		expect(ended).toBe(true);
	});
});

describe('waiting', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test('ends when the goal is reached, also when the goal moves', async () => {
		let goal = Date.now() + 1000;
		const waiting = waitUntil(() => goal);
		await jest.advanceTimersByTimeAsync(500);
		goal += 1000;
		await jest.advanceTimersByTimeAsync(2000);
		expect(await waiting).toBe(2000);
	});

	test('waits for nothing where the goal is now, though the clock goes on meanwhile', async () => {
		let now = 1_000_000;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now++);
		const timers = jest.getTimerCount();
		const waiting = waitUntil(() => Date.now());
		expect(jest.getTimerCount()).toBe(timers);
		clock.mockRestore();
		await waiting;
	});

	test('ends at once when the execution is stopped', async () => {
		const stop = new AbortController();
		const waiting = wait(60_000, stop.signal).catch((error: unknown) => error);
		await jest.advanceTimersByTimeAsync(150);
		stop.abort();
		await jest.advanceTimersByTimeAsync(100);
		expect(await waiting).toBeInstanceOf(Cancelled);
	});

	test('does not begin when the execution is stopped already', async () => {
		await expect(wait(0, AbortSignal.abort())).rejects.toThrow('The execution was stopped');
	});

	test('is half to the whole of what is asked', () => {
		const all = Array.from({ length: 200 }, () => jittered(1000));
		expect(Math.min(...all)).toBeGreaterThanOrEqual(500);
		expect(Math.max(...all)).toBeLessThanOrEqual(1000);
		expect(new Set(all).size).toBeGreaterThan(100);
	});
});

describe('a failure', () => {
	const node = { name: 'x', type: 'x', id: '1' } as unknown as INode;

	test.each([
		[new Error('Any'), 'Any', 'Correct the input and run it again.'],
		['not even an error', 'The item could not be processed', /Correct the input/],
		[new Refusal('No', 'Because', 'Code'), 'No', 'Because'],
		[Object.assign(new Error('Told'), { description: 'By n8n' }), 'Told', 'By n8n'],
	])('from %s is of something that was not sent', (thrown, message, description) => {
		const failure = failureOf(thrown, 'amazon');
		expect(failure).toMatchObject({
			message,
			refused: true,
			details: { outcome: 'notSent', retryable: false },
		});
		expect(failure.details.description).toEqual(
			typeof description === 'string' ? description : expect.stringMatching(description),
		);
	});

	test('becomes a NodeApiError where the marketplace said it, a NodeOperationError where we did', () => {
		const details = {
			outcome: 'unknown',
			retryable: false,
			marketplace: 'amazon',
			description: 'Look',
		} as const;
		const theirs = nodeErrorOf(
			node,
			failureOf(new MarketplaceError('Lost', details), 'amazon'),
			3,
			'More.',
		);
		const ours = nodeErrorOf(node, failureOf(new Refusal('No', 'Because'), 'amazon'), 4);
		expect(theirs).toMatchObject({
			name: 'NodeApiError',
			message: 'Lost',
			description: 'Look More.',
		});
		expect(theirs.context).toEqual({ itemIndex: 3, details });
		expect(ours).toMatchObject({
			name: 'NodeOperationError',
			message: 'No',
			description: 'Because',
		});
		expect(ours.context).toMatchObject({ itemIndex: 4, details: { outcome: 'notSent' } });
	});
});
