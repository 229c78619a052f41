import type { Verdict } from './cell.mts';
import { isWhole } from './isWhole.mts';
import { inDoubtAmong, inWords, tryLook, tryPath, tryWithoutLook } from './matrix.mts';
import { keepTables, unknownIn } from './matrixTables.mts';
import type { Street } from './streets.mts';

/** Who is stopped while an answer comes may have it or not, which counts among few. */
const EITHER_WAY = isWhole ? 0 : 2;
const leastCells = isWhole ? 400 : 150;

/** The fault matrix of a marketplace as jest tests. */
export function matrixOf(street: Street): void {
	describe(`every request of ${street.title} with every fault`, () => {
		const all: Verdict[] = [];
		const withoutLook: Verdict[] = [];

		test.each(street.paths)(
			'$name: at most one message, and the truth about it',
			async (path) => {
				const verdicts = await tryPath(street, path);
				all.push(...verdicts);
				expect(verdicts.filter(({ violations }) => violations.length > 0).map(inWords)).toEqual([]);
			},
			300_000,
		);

		test.each(street.paths)(
			'$name: the look after a lost answer tells the truth, whatever it meets',
			async (path) => {
				const verdicts = await tryLook(street, path);
				expect(verdicts.filter(({ violations }) => violations.length > 0).map(inWords)).toEqual([]);
			},
			300_000,
		);

		test('the same without the look', async () => {
			const inDoubt = inDoubtAmong(all);
			withoutLook.push(...(await tryWithoutLook(inDoubt)));
			const wrong = withoutLook.filter(({ violations }) => violations.length > 0);
			expect(wrong.map(inWords)).toEqual([]);
			expect(unknownIn(inDoubt)).toBeLessThanOrEqual(unknownIn(withoutLook) + EITHER_WAY);
		}, 300_000);

		test(`the matrix has at least ${leastCells} cells`, () => {
			expect(all.length).toBeGreaterThanOrEqual(leastCells);
		});

		afterAll(() => keepTables(street, all, inDoubtAmong(all), withoutLook));
	});
}
