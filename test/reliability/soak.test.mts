import { tableOf, writeTable } from '../bench/tables.mts';
import { isWhole } from './isWhole.mts';
import { amazonStreet } from './streetAmazon.mts';
import { ebayStreet } from './streetEbay.mts';
import { magaluStreet } from './streetMagalu.mts';
import { soak, type SoakResult } from './soak.mts';

const streets = [amazonStreet, ebayStreet, magaluStreet];

const messages = isWhole ? 20_000 : 600;

describe(`${messages} messages, a file with every third, and a fault in 5 % of the requests`, () => {
	let result: SoakResult;

	beforeAll(async () => {
		result = await soak({ streets, messages, perRun: 200, faults: 0.05, seed: 6 });
	}, 1_200_000);

	afterAll(() => {
		const table = resultTable(result);
		console.log(table);
		writeTable('docs/reliability.md', 'soak', table);
	});

	test('every message is accounted for', () => {
		const { sent = 0, accepted = 0, notSent = 0, unknown = 0 } = result.said;
		expect(sent + accepted + notSent + unknown).toBe(messages);
		expect(result.said.nothing).toBeUndefined();
	});

	test('none arrives twice', () => {
		expect(result.duplicates).toBe(0);
	});

	test('what is said is true', () => {
		expect(result.lies).toBe(0);
	});

	test('no secret is shown', () => {
		expect(result.secrets).toBe(0);
	});

	test('the simulator had no defect, and faults did strike', () => {
		expect(result.defects).toEqual([]);
		expect(result.faults / result.requests).toBeGreaterThan(0.03);
	});

	test('memory does not grow with the messages', () => {
		expect(result.heap[1] - result.heap[0]).toBeLessThan(20);
	});
});

function resultTable({ said, heap, rss, ...result }: SoakResult): string {
	const megabytes = ([before, after]: [number, number]) =>
		`${before.toFixed(0)} MB after a tenth, ${after.toFixed(0)} MB at the end`;
	const rows: Array<[string, string | number]> = [
		['messages', result.messages],
		['requests', result.requests],
		['faults', result.faults],
		...Object.entries(said).sort(),
		['arrived, of the unknown ones', result.unknownArrived],
		['arrived twice', result.duplicates],
		['credentials that had to be connected again', result.connectedAgain],
		["'sent' or 'notSent' that was not true", result.lies],
		['secrets shown', result.secrets],
		['heap and buffers', megabytes(heap)],
		['resident set', megabytes(rss)],
		['time', `${result.seconds.toFixed(0)} s`],
	];
	return tableOf(['', ''], rows);
}
