/** Lists with entries that are none: they are passed over, and the list goes on behind them. */
import { listOperations, listWorld, type ListOperation } from './lists.mts';

const world = listWorld();

const TOTAL = 230;

/** An entry as JSON has it, and as XML does. */
const EMPTY = /<(Order|MemberMessageExchange)>.*?<\/\1>/gs;

/** The list with nothing where these rows stand. */
function holed(operation: ListOperation, isHole: (row: number) => boolean): ListOperation {
	return {
		...operation,
		page(served) {
			const { type, body } = operation.page(served);
			const holes = served.rows.map(isHole);
			if (type === 'text/xml') {
				let at = 0;
				return {
					type,
					body: body.replace(EMPTY, (all, name) => (holes[at++] ? `<${name}/>` : all)),
				};
			}
			const page = Object.entries(JSON.parse(body) as object).map(([name, value]) => [
				name,
				Array.isArray(value) ? value.map((row, i) => (holes[i] ? null : (row as unknown))) : value,
			]);
			return { type, body: JSON.stringify(Object.fromEntries(page)) };
		},
	};
}

async function rowsOf(operation: ListOperation, total: number): Promise<number[]> {
	world.serve(operation, total, ({ limit, offset, rows }) => {
		const served = rows.slice(offset, offset + limit);
		const next = offset + served.length;
		return { rows: served, next: next < rows.length ? next : undefined };
	});
	const { items, error } = await world.run(operation, { returnAll: true });
	expect(error).toBeUndefined();
	// eBay takes no other place.
	if (operation.name.startsWith('eBay'))
		expect(world.asked().filter(({ limit, offset }) => offset % limit > 0)).toEqual([]);
	return items.map(({ json }) => operation.rowOf(json)).sort((one, other) => one - other);
}

const conversations = listOperations.find(({ name }) => name.includes('Conversation'))!;

/** eBay may name the next page, or how many there are. */
const byTotal: ListOperation = {
	...conversations,
	name: 'eBay: Conversation, Get Many, by the total',
	page: (served) => {
		const { type, body } = conversations.page(served);
		return { type, body: JSON.stringify({ ...JSON.parse(body), next: null, total: TOTAL }) };
	},
};

describe.each([...listOperations, byTotal])('$name', (operation) => {
	test.each<[string, (row: number) => boolean]>([
		['one of ten', (row) => row % 10 === 4],
		['the last of each ten', (row) => row % 10 === 9],
		['most', (row) => row % 7 !== 0],
		['a whole page', (row) => row >= 100 && row < 200],
	])('finds all others where %s is null', async (_, isHole) => {
		const total = Math.min(TOTAL, operation.reach ?? TOTAL);
		const there = Array.from({ length: total }, (_row, row) => row).filter((row) => !isHole(row));
		expect(await rowsOf(holed(operation, isHole), total)).toEqual(there);
	});
});
