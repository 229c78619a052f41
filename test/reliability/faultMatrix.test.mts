import { inWords, tryPath } from './matrix.mts';
import { amazonStreet } from './streetAmazon.mts';
import type { Verdict } from './cell.mts';

const streets = [amazonStreet];
const all: Verdict[] = [];

for (const street of streets) {
	describe(`every request of ${street.title} with every fault`, () => {
		test.each(street.paths)(
			'$name: at most one message, and the truth about it',
			async (path) => {
				const verdicts = await tryPath(street, path);
				all.push(...verdicts);
				expect(verdicts.filter(({ violations }) => violations.length > 0).map(inWords)).toEqual([]);
			},
			300_000,
		);
	});
}

test('the matrix has at least 400 cells', () => {
	expect(all.length).toBeGreaterThanOrEqual(400);
});
