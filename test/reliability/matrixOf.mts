import type { Verdict } from './cell.mts';
import { inWords, isWhole, tryPath } from './matrix.mts';
import { keepTables } from './matrixTables.mts';
import type { Street } from './streets.mts';

const leastCells = isWhole ? 400 : 150;

/** The fault matrix of a marketplace as jest tests. */
export function matrixOf(street: Street): void {
	describe(`every request of ${street.title} with every fault`, () => {
		const all: Verdict[] = [];

		test.each(street.paths)(
			'$name: at most one message, and the truth about it',
			async (path) => {
				const verdicts = await tryPath(street, path);
				all.push(...verdicts);
				expect(verdicts.filter(({ violations }) => violations.length > 0).map(inWords)).toEqual([]);
			},
			300_000,
		);

		test(`the matrix has at least ${leastCells} cells`, () => {
			expect(all.length).toBeGreaterThanOrEqual(leastCells);
		});

		afterAll(() => keepTables(street, all));
	});
}
