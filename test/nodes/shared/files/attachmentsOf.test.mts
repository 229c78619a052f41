/** From the rows of a form to files, before any byte is loaded. */
import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { acme, contextOf, filesOf, kept, refusalOf, type Item } from './acme.mts';
import { attachmentsOf } from '../../../../nodes/shared/files/attachments.ts';

const a = kept('a.pdf');
const b = kept('b.jpg', { mimeType: 'image/jpeg' });
const binary = { data: a, photo: b };
const row = (binaryPropertyName: unknown, fileName = '') =>
	({ binaryPropertyName, fileName }) as IDataObject;
const names = (item: Item) => filesOf(item).map(({ fileName }) => fileName);

describe('a row', () => {
	test.each<[string, IDataObject, string[]]>([
		['with the name of a field', row('photo'), ['b.jpg']],
		[
			'with names between commas, blanks and commas too many',
			row(' photo ,, data,'),
			['b.jpg', 'a.pdf'],
		],
		['with a list of names', row(['data', 'photo']), ['a.pdf', 'b.jpg']],
		['with lists in lists', row([['data'], 'photo']), ['a.pdf', 'b.jpg']],
		['with a file itself', row(b), ['b.jpg']],
		['with a list of files', row([b, a]), ['b.jpg', 'a.pdf']],
		['with an empty text', row(''), []],
		['with an empty list', row([]), []],
		['of a workflow that never said which field', {}, ['a.pdf']],
		['with a name for the buyer', row('data', ' Warranty.pdf '), ['Warranty.pdf']],
	])('%s gives its files', (_what, given, expected) => {
		expect(names({ binary, rows: [given] })).toEqual(expected);
	});

	test.each([[undefined], [null], [['data', null]]])(
		'whose expression gives %j is refused',
		(gives) => {
			expect(refusalOf(() => filesOf({ binary, rows: [row(gives)] }))).toEqual({
				message: "The expression in 'Input Binary Field' gives nothing",
				description:
					'Check that the item has what it reads. An expression that gives an empty text says: no file.',
			});
		},
	);

	test('cannot give one name to several files', () => {
		expect(refusalOf(() => filesOf({ binary, rows: [row('data,photo', 'x.pdf')] }))).toEqual({
			message: "'File Name' names one file, but 'Input Binary Field' lists several",
			description: "Leave 'File Name' empty, or add one attachment for each file.",
		});
	});

	test('may list several files without a name', () => {
		expect(names({ binary, rows: [row('data,photo', '  ')] })).toEqual(['a.pdf', 'b.jpg']);
	});
});

test('files come in the order of the rows', () => {
	expect(names({ binary, rows: [row('photo'), row('data')] })).toEqual(['b.jpg', 'a.pdf']);
});

test('no rows are no files', () => {
	const context = contextOf({ rows: [] });
	context.getNodeParameter = ((_name: string, _index: number, fallback: unknown) =>
		fallback) as typeof context.getNodeParameter;
	expect(attachmentsOf(context, 1, acme)).toEqual([]);
});

test('the limits count the files of all rows together', () => {
	const rows = [row('data,photo'), row('data,photo')];
	expect(refusalOf(() => filesOf({ binary, rows })).message).toBe(
		'Acme takes at most 3 attachments, and there are 4',
	);
});

describe('a field', () => {
	test('that the item does not have is refused, with those that it has', () => {
		expect(refusalOf(() => filesOf({ binary, rows: [row('invoice')] }))).toEqual({
			message: "The item has no file in the binary field 'invoice'",
			description:
				"Binary fields of this item: data, photo. Write one of these into 'Input Binary Field'.",
		});
	});

	test.each([[undefined], [{}]])('of an item without files (%j) says what to do', (none) => {
		expect(refusalOf(() => filesOf({ binary: none, rows: [row('data')] }))).toEqual({
			message: "The item has no file in the binary field 'data'",
			description:
				'This item has no files. Add a node before this one that outputs a file (for example Read/Write Files, HTTP Request or Google Drive), and check that no node in between drops it.',
		});
	});

	test('whose file has no name is refused by its name', () => {
		const nameless = { data: kept('  '), other: kept(undefined) };
		for (const field of ['data', 'other']) {
			expect(refusalOf(() => filesOf({ binary: nameless, rows: [row(field)] }))).toEqual({
				message: `The file in '${field}' has no name`,
				description: "Write one into 'File Name': the buyer sees it.",
			});
		}
	});
});

describe('a file that an expression gives', () => {
	test('is refused without a name', () => {
		expect(refusalOf(() => filesOf({ rows: [row(kept(''))] })).message).toBe(
			"The file in 'Input Binary Field' has no name",
		);
	});

	test('that n8n does not know is refused', () => {
		const context = contextOf({ binary, rows: [row({ fileName: 'x.pdf' })] });
		context.helpers.assertBinaryData = () => {
			throw new Error('no');
		};
		expect(refusalOf(() => attachmentsOf(context, 1, acme)).message).toBe(
			"The item has no file in the binary field 'given by the expression'",
		);
	});

	/** As `$binary` gives it: all that is known of it, without its bytes. */
	const shown = ({ data: _bytes, ...facts }: IBinaryData) => facts;

	test('without its bytes is looked up in the item', async () => {
		const whole = kept('b.pdf', { data: 'eHl6' });
		const [file] = filesOf({ binary: { data: a, photo: whole }, rows: [row(shown(whole))] });
		expect(file.fileName).toBe('b.pdf');
		expect((await file.load()).toString()).toBe('xyz');
	});

	test.each<[string, Record<string, IBinaryData> | undefined, Partial<IBinaryData>]>([
		['that two files of the item fit', { one: a, two: a }, shown(a)],
		['that no file of the item fits', { one: a }, { ...shown(a), fileName: 'c.pdf' }],
		['of which nothing is known', { one: a }, {}],
		['of an item without files', undefined, shown(a)],
	])('without its bytes, %s, is not guessed', (_what, files, given) => {
		const context = contextOf({ binary: files, rows: [row(given)] });
		const asked: unknown[] = [];
		context.helpers.assertBinaryData = (_index, field) => {
			asked.push(field);
			return a;
		};
		attachmentsOf(context, 1, acme);
		expect(asked).toEqual([given]);
	});

	test('with its bytes is taken as it is, also where another file of the item looks the same', async () => {
		const [file] = filesOf({ binary: { data: kept('a.pdf', { data: 'eHl6' }) }, rows: [row(a)] });
		expect((await file.load()).toString()).toBe('abc');
	});

	const stored = { ...shown(a), id: 'filesystem:1' };

	test('that n8n keeps elsewhere, with data, is taken as it is', () => {
		const whole = { ...stored, data: 'filesystem' };
		const asked: unknown[] = [];
		const context = contextOf({ rows: [row(whole)] });
		context.helpers.assertBinaryData = (_index, field) => {
			asked.push(field);
			return field as IBinaryData;
		};
		attachmentsOf(context, 1, acme);
		expect(asked).toEqual([whole]);
	});

	test.each<[string, IBinaryData | undefined, IBinaryData]>([
		['of this item', { ...stored, data: 'filesystem' }, { ...stored, data: 'filesystem' }],
		['of another item', undefined, { ...stored, data: '' }],
	])(
		'that n8n keeps elsewhere, %s, goes by its id and has data, without which n8n 1 knows no file',
		(_whose, own, expected) => {
			const asked: unknown[] = [];
			const context = contextOf({ binary: { data: own ?? a }, rows: [row(stored)] });
			context.helpers.assertBinaryData = (_index, field) => {
				asked.push(field);
				return field as IBinaryData;
			};
			attachmentsOf(context, 1, acme);
			expect(asked).toEqual([expected]);
		},
	);
});

describe('the size of a file', () => {
	const sizeOf = (more: Partial<IBinaryData>) =>
		filesOf({ binary: { data: kept('a.pdf', more) }, rows: [row('data')] })[0].size;

	test.each<[string, Partial<IBinaryData>, number]>([
		['what n8n counted', { bytes: 1234 }, 1234],
		['counted where the file is kept in the item', { bytes: undefined, data: 'YWJj' }, 3],
		['counted without the padding of two', { bytes: undefined, data: 'YQ==' }, 1],
		['counted without the padding of one', { bytes: undefined, data: 'YWI=' }, 2],
		['0 where nobody counted it', { bytes: undefined, id: 'filesystem:1', data: 'filesystem' }, 0],
	])('is %s', (_what, more, expected) => {
		expect(sizeOf(more)).toBe(expected);
	});

	test.each<[Partial<IBinaryData>]>([[{ bytes: 0 }], [{ bytes: undefined, data: '' }]])(
		'that is nothing is refused (%j)',
		(more) => {
			expect(refusalOf(() => sizeOf(more))).toEqual({
				message: "The file 'a.pdf' is empty",
				description: 'Check the node that made it: an empty file cannot be sent.',
			});
		},
	);
});

test('the bytes come as a stream where n8n keeps them elsewhere, and whole where the item has them', async () => {
	const stored = kept('b.pdf', { id: 'filesystem:7', data: 'filesystem' });
	const [first, second] = filesOf({
		binary: { data: a, other: stored },
		rows: [row('data'), row('other')],
	});
	expect(await first.open()).toEqual(Buffer.from('abc'));
	expect(await second.open()).toEqual([Buffer.from('stream of filesystem:7')]);
});

test('a file goes by its name, its ending and its type', () => {
	const [file] = filesOf({ binary, rows: [row('photo', 'Crack.JPEG')] });
	expect(file).toMatchObject({
		fileName: 'Crack.JPEG',
		extension: 'jpeg',
		mimeType: 'image/jpeg',
		size: 3,
	});
});

test('a name that is not allowed is refused', () => {
	expect(refusalOf(() => filesOf({ binary, rows: [row('data', 'a/b.pdf')] })).message).toBe(
		"The file name 'a?b.pdf' holds a character that is not allowed",
	);
});
