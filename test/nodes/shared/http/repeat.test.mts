/** What may be repeated, row by row. */
import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import { next, type TryResult } from '../../../../nodes/shared/http/repeat.ts';
import type { RepeatPolicy } from '../../../../nodes/shared/http/service.ts';
import { writeTable } from '../../../bench/tables.mts';
import { columns, rows, tableOfRepeats } from './repeatTable.mts';

const cells = rows.flatMap(({ request, policy, cells: ofRow }) =>
	ofRow.flatMap(([step], column) =>
		columns[column]!.results.map((result, i) => ({
			request,
			policy,
			result,
			step: Array.isArray(step) ? step[i]! : step,
		})),
	),
);

test.each(cells)('$request, $result.kind: $step', ({ policy, result, step }) => {
	expect(next(policy, { ...result, times: 1 }, 1)).toBe(step);
});

const policies: RepeatPolicy[] = ['read', 'prepare', 'send', 'once', 'poll'];
const anyPolicy = fc.constantFrom(...policies);
const anyKind = fc.constantFrom(
	...(['expired', 'throttled', 'again', 'refused', 'failing', 'unreadable'] as const),
	...(['neverLeft', 'lost'] as const),
);
const anyResult: fc.Arbitrary<TryResult> = fc.record({
	kind: anyKind,
	times: fc.integer({ min: 1, max: 5 }),
	mayPass: fc.boolean(),
	renewable: fc.boolean(),
	waitMs: fc.constantFrom(0, 3000, 60_000),
});

test('what is done is done, at any try', () => {
	fc.assert(
		fc.property(anyPolicy, fc.integer({ min: 1, max: 9 }), (policy, attempt) => {
			expect(next(policy, { kind: 'done', times: 1, waitMs: 99_000 }, attempt)).toBe('done');
		}),
	);
});

test('nothing is tried more than five times, and a poll not more than twice', () => {
	fc.assert(
		fc.property(anyPolicy, anyResult, (policy, result) => {
			expect(next(policy, result, policy === 'poll' ? 2 : 5)).toBe('giveUp');
		}),
	);
	expect(next('send', { kind: 'throttled', times: 4 }, 4)).toBe('repeat');
	expect(next('poll', { kind: 'lost', times: 1 }, 1)).toBe('repeat');
});

test('a send whose fate is unknown is never repeated', () => {
	const doubtful = anyResult.filter(({ kind }) => ['failing', 'unreadable', 'lost'].includes(kind));
	fc.assert(
		fc.property(doubtful, fc.integer({ min: 1, max: 5 }), (result, attempt) => {
			expect(next('send', result, attempt)).toBe('giveUp');
			expect(next('once', result, attempt)).toBe('giveUp');
		}),
	);
});

test('who asks for more than a minute is not asked again', () => {
	fc.assert(
		fc.property(anyPolicy, anyResult, (policy, result) => {
			expect(next(policy, { ...result, waitMs: 60_001 }, 1)).toBe('giveUp');
		}),
	);
});

test('who asks for a minute is asked again', () => {
	expect(next('send', { kind: 'throttled', times: 1, waitMs: 60_000 }, 1)).toBe('repeat');
});

test('a poll waits for two seconds and no longer: the next one comes by itself', () => {
	const step = (waitMs: number) => next('poll', { kind: 'failing', times: 1, waitMs }, 1);
	expect([step(2000), step(2001)]).toEqual(['repeat', 'giveUp']);
});

test('what is too large is not asked for again: it would be as large', () => {
	for (const policy of policies) {
		expect(next(policy, { kind: 'tooLarge', times: 1 }, 1)).toBe('giveUp');
	}
});

test('a token is renewed once, and only where it can be', () => {
	expect(next('read', { kind: 'expired', times: 1, renewable: true }, 3)).toBe('renewToken');
	expect(next('read', { kind: 'expired', times: 2, renewable: true }, 3)).toBe('giveUp');
	expect(next('read', { kind: 'expired', times: 1 }, 1)).toBe('giveUp');
});

test('"not now, nothing was done" is asked three times', () => {
	expect([1, 2, 3].map((times) => next('send', { kind: 'again', times }, times))).toEqual([
		'repeat',
		'repeat',
		'giveUp',
	]);
});

test('what n8n itself does not let out is not tried again', () => {
	for (const policy of policies) {
		expect(next(policy, { kind: 'neverLeft', times: 1, mayPass: false }, 1)).toBe('giveUp');
	}
});

test('the page says the same', () => {
	writeTable('docs/reliability.md', 'what is repeated', tableOfRepeats());
	const page = readFileSync('docs/reliability.md', 'utf8');
	const written = /<!-- what is repeated: begin -->([^]*)<!-- what is repeated: end -->/.exec(page);
	expect(written?.[1]?.trim()).toBe(tableOfRepeats());
});
