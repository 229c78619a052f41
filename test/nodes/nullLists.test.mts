/** A list that is null or left out: none, unless the answer leads on or says nothing at all. The same in every street. */
import { listOperations, listWorld, type ListOperation } from './lists.mts';

const world = listWorld();

/** What an answer says beside its list: of its page, and of a next one. */
interface Beside {
	street: string;
	list: string;
	told: object;
	leadsOn: object[];
	/** No document of it asks for any field. */
	mayBeBare?: true;
}

const streets: Beside[] = [
	{
		street: 'Amazon',
		list: 'orders',
		told: { pagination: {} },
		leadsOn: [{ pagination: { nextToken: 'more' } }],
	},
	{
		street: 'eBay',
		list: 'conversations',
		told: { total: 0, limit: 50, offset: 0 },
		leadsOn: [{ next: 'https://api.ebay.com/next?offset=50' }, { total: 120 }],
		mayBeBare: true,
	},
	{
		street: 'Magalu',
		list: 'results',
		told: { meta: { page: {} } },
		leadsOn: [{ meta: { links: { next: '?_offset=50' } } }],
	},
];

async function run(operation: ListOperation, body: object) {
	const page = () => ({ type: 'application/json', body: JSON.stringify(body) });
	world.serve({ ...operation, page }, 0, () => ({ rows: [] }));
	return await world.run(operation);
}

const inJson = listOperations.flatMap((operation) => {
	const street = streets.find((one) => operation.name.startsWith(`${one.street}:`));
	const isXml = operation.page({ rows: [] }).type === 'text/xml';
	return street && !isXml ? [{ ...street, name: operation.name, operation }] : [];
});

describe.each(inJson)('$name', ({ operation, list, told, leadsOn, mayBeBare }) => {
	test.each<[string, object]>([
		['null', { [list]: null }],
		['null, beside what is said of the page', { ...told, [list]: null }],
		['left out, beside what is said of the page', told],
		['empty', { [list]: [] }],
		...(mayBeBare ? [['left out, as everything is', {}] as [string, object]] : []),
	])('has no entries where its list is %s', async (_, body) => {
		const { items, error } = await run(operation, body);
		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});

	if (list === 'results') {
		test('has no entries either where Magalu names a next page by habit, and says that this one is empty', async () => {
			const meta = { page: { count: 0 }, links: { next: '?_offset=50' } };
			const { items, error } = await run(operation, { meta, results: null });
			expect(error).toBeUndefined();
			expect(items).toEqual([]);
		});
	}

	test.each([
		['null, and there is a next page', leadsOn.map((more) => ({ ...more, [list]: null }))],
		['left out, and there is a next page', leadsOn],
		['left out, and nothing is said of it', mayBeBare ? [{ others: [] }] : [{}, { others: [] }]],
		[
			'something else',
			[
				{ ...told, [list]: 'none' },
				{ ...told, [list]: { a: 1 } },
			],
		],
	])('fails visibly where its list is %s: nothing is lost', async (_, bodies) => {
		for (const body of bodies) {
			const { error } = await run(operation, body);
			expect(error?.message).toMatch(/gave an answer that cannot be read$/);
			expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
		}
	});
});
