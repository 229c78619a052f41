/**
 * Every list of the three nodes, whatever the marketplace says of its pages. `RELIABILITY=whole` draws 30 ways
 * of paging for each instead of 12, of lists of up to 150 rows instead of 60.
 */
import fc from 'fast-check';

import { isWhole } from '../reliability/isWhole.mts';
import {
	listOperations,
	listWorld,
	type Asked,
	type ListOperation,
	type Served,
} from './lists.mts';

const [RUNS, MOST_ROWS] = isWhole ? [30, 150] : [12, 60];

const world = listWorld();

/** How a marketplace pages. */
interface Paging {
	/** Rows of a page, for so many asked. */
	rows: (asked: number) => number;
	/** Whether it says that there are more. */
	says: 'truth' | 'always' | 'never';
	/** The same page again, whatever is asked for. */
	again: boolean;
	/** Pages without a row between the others. */
	gaps: boolean;
}

function pager({ rows: howMany, says, again, gaps }: Paging): (asked: Asked) => Served {
	let pages = 0;
	return ({ limit, offset, rows }) => {
		pages += 1;
		const from = again ? 0 : offset;
		const empty = gaps && pages % 2 === 0;
		const count = empty ? 0 : Math.max(1, howMany(Math.max(1, limit)));
		const served = rows.slice(from, from + count);
		const next = from + served.length;
		const more = says === 'always' || (says === 'truth' && next < rows.length);
		return { rows: served, next: more ? next : undefined };
	};
}

async function list(
	operation: ListOperation,
	total: number,
	limit: number | undefined,
	paging: Paging,
): Promise<number[]> {
	world.serve(operation, total, pager(paging));
	const wanted = limit === undefined ? { returnAll: true } : { returnAll: false, limit };
	const { items, error } = await world.run(operation, wanted);
	expect(error).toBeUndefined();
	return items.map(({ json }) => operation.rowOf(json));
}

const exactly = {
	rows: (asked: number) => asked,
	says: 'truth',
	again: false,
	gaps: false,
} as const;

const odd: fc.Arbitrary<Paging> = fc.record({
	rows: fc.constantFrom(
		(asked: number) => asked,
		(asked: number) => asked + 7,
		(asked: number) => asked * 20,
		(asked: number) => Math.floor(asked / 2),
		() => 1,
		() => 100,
	),
	says: fc.constantFrom('truth', 'always', 'never'),
	again: fc.boolean(),
	gaps: fc.boolean(),
});

describe.each(listOperations)('$name', (operation) => {
	test('gives as many as are wanted, whatever the pages hold, and asks for no more than it must', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: MOST_ROWS }),
				fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
				odd,
				async (total, limit, paging) => {
					const rows = await list(operation, total, limit, paging);
					for (const asked of world.asked()) {
						expect(Number.isInteger(asked.limit) && asked.limit >= 1).toBe(true);
						expect(Number.isInteger(asked.offset) && asked.offset >= 0).toBe(true);
					}
					expect(new Set(rows).size).toBe(rows.length);
					expect(rows.length).toBeLessThanOrEqual(Math.min(limit ?? Infinity, total));
					// Behind empty pages that lead on there may be others.
					const beyond = operation.tokens ? 20 : 10;
					expect(world.asked().length).toBeLessThanOrEqual(2 * total + beyond);
				},
			),
			{ numRuns: RUNS, seed: 11 },
		);
	}, 120_000);

	test.each([1, 5, 24, 50, 51, 120, undefined])(
		'finds %s of 230, where pages are as asked',
		async (limit) => {
			const rows = await list(operation, 230, limit, exactly);
			expect(rows).toHaveLength(limit ?? 230);
		},
	);

	test('finds all where pages are longer than asked', async () => {
		const longer = { ...exactly, rows: (asked: number) => asked + 7 };
		const total = operation.reach ?? 230;
		expect(await list(operation, total, undefined, longer)).toHaveLength(total);
		expect(await list(operation, 230, 5, { ...exactly, rows: () => 100 })).toHaveLength(5);
	});

	if (!operation.shortIsLast && !operation.numbered) {
		test('finds all where pages are shorter than asked', async () => {
			const short = { ...exactly, rows: () => 17 };
			expect(await list(operation, 230, undefined, short)).toHaveLength(230);
		});
	}

	if (operation.tokens) {
		test('finds all where some pages are empty and lead on', async () => {
			expect(await list(operation, 230, undefined, { ...exactly, gaps: true })).toHaveLength(230);
		});
	}
});
