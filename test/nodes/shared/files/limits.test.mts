/** What is refused before and after the bytes are loaded, and in which words. */
import { Readable } from 'node:stream';

import { acme, MB, refusalOf } from './acme.mts';
import { withBytes, withDigest } from '../../../../nodes/shared/files/attachmentBytes.ts';
import { refuseOverLimits, refuseSizes } from '../../../../nodes/shared/files/attachmentLimits.ts';
import type { Attachment } from '../../../../nodes/shared/files/attachments.ts';
import { attachmentsField } from '../../../../nodes/shared/files/attachmentsField.ts';
import { refuseFileName, shownName } from '../../../../nodes/shared/files/fileName.ts';
import { fileTypeOf } from '../../../../nodes/shared/files/fileType.ts';

const files = (...sizes: number[]) => sizes.map((size, i) => ({ fileName: `${i}.pdf`, size }));

describe('files', () => {
	test('are taken up to every limit, inclusive', () => {
		expect(() => refuseOverLimits(files(2 * MB, MB, 0), acme)).not.toThrow();
		expect(() => refuseOverLimits([], { ...acme, maxFiles: 0 })).not.toThrow();
	});

	test('that are too many are refused', () => {
		expect(refusalOf(() => refuseOverLimits(files(1, 1, 1, 1), acme))).toEqual({
			message: 'Acme takes at most 3 attachments, and there are 4',
			description: "Remove some in 'Attachments'.",
		});
		expect(refusalOf(() => refuseOverLimits(files(1), { ...acme, maxFiles: 0 })).message).toBe(
			'Acme takes no attachments with this message',
		);
	});

	test('that are too large are refused, before and after they were counted', () => {
		const expected = {
			message: "The file '1.pdf' is too large for Acme",
			description: 'It has 2.5 MB; at most 2 MB are allowed. Send a smaller file.',
		};
		for (const refuse of [refuseOverLimits, refuseSizes]) {
			expect(refusalOf(() => refuse(files(1, 2.5 * MB), acme))).toEqual(expected);
		}
	});

	test('that are too large together are refused', () => {
		expect(refusalOf(() => refuseOverLimits(files(2 * MB, 1.25 * MB), acme))).toEqual({
			message: 'The attachments are too large for Acme',
			description:
				'Together they have 3.25 MB; at most 3 MB are allowed. Send smaller or fewer files.',
		});
	});

	test.each([
		[2 * MB + 1, '2,097,153 bytes; at most 2,097,152 bytes'],
		[2.1 * MB, '2.1 MB; at most 2 MB'],
		[10 * MB, '10 MB; at most 2 MB'],
		[100.04 * MB, '100.04 MB; at most 2 MB'],
	])('of %d bytes are told as %s', (size, words) => {
		expect(refusalOf(() => refuseSizes(files(size), acme)).description).toBe(
			`It has ${words} are allowed. Send a smaller file.`,
		);
	});

	test('have no limit where the marketplace has none', () => {
		const unbounded = { marketplace: 'Acme', maxFiles: 3, types: {} };
		expect(() => refuseOverLimits(files(1000 * MB, 1000 * MB), unbounded)).not.toThrow();
	});
});

describe('bytes', () => {
	const file = (content: Buffer | Readable): Attachment => ({
		...{ fileName: 'a.pdf', extension: 'pdf', mimeType: 'application/pdf', size: 3 },
		load: async () => content as Buffer,
		open: async () => content,
	});
	/** The MD5 of seven bytes 1, and how many they are. */
	const SEVEN = '3dcfec8e26ef48730f25363da55da77a 7';
	const of = (length: number) => Buffer.alloc(length, 1);

	test('are read through piece by piece, and counted', async () => {
		const hex = async (digest: Buffer, size: number) => `${digest.toString('hex')} ${size}`;
		expect(await withDigest(file(Readable.from([of(2), of(5)])), acme, 'md5', hex)).toBe(SEVEN);
		expect(await withDigest(file(of(7)), acme, 'md5', hex)).toBe(SEVEN);
	});

	test.each([
		['none', 0, "The file 'a.pdf' is empty"],
		['more than is allowed', 2 * MB + 1, "The file 'a.pdf' is too large for Acme"],
	])('that are %s, whatever n8n counted, are refused', async (_what, length, message) => {
		const use = jest.fn();
		await expect(withBytes(file(of(length)), acme, use)).rejects.toThrow(message);
		await expect(withDigest(file(of(length)), acme, 'md5', use)).rejects.toThrow(message);
		expect(use).not.toHaveBeenCalled();
	});
});

describe('a file name', () => {
	test.each(['/', '\\', '\n', '\0', '\u202e', '\u2028', '\u2066', '\ud800', '\uffff'])(
		'with %j is refused',
		(character) => {
			expect(refusalOf(() => refuseFileName(`a${character}b.pdf`))).toEqual({
				message: "The file name 'a?b.pdf' holds a character that is not allowed",
				description:
					"Slashes, backslashes, line breaks and control characters are not allowed. Write another name into 'File Name'.",
			});
		},
	);

	test.each(['ação 1.pdf', '📦.pdf', `${'📦'.repeat(251)}.pdf`])('%s is taken', (name) => {
		expect(() => refuseFileName(name)).not.toThrow();
	});

	test('of 256 characters is refused', () => {
		expect(refusalOf(() => refuseFileName(`${'📦'.repeat(252)}.pdf`))).toEqual({
			message: `The file name '${'📦'.repeat(28)}\ud83d…' is too long`,
			description: "At most 255 characters. Write a shorter name into 'File Name'.",
		});
	});

	test.each([
		['a\tb\nc', 'a?b?c'],
		['x'.repeat(60), 'x'.repeat(60)],
		['x'.repeat(61), `${'x'.repeat(57)}…`],
	])('%j is shown as %j', (name, shown) => {
		expect(shownName(name)).toBe(shown);
	});
});

describe('a type', () => {
	const nameOf = (named: string, declared?: string) => fileTypeOf(named, declared, acme).fileName;

	test.each([
		...['', 'application/download', 'application/force-download', 'application/octet-stream'],
		...['application/unknown', 'application/x-download', 'binary/octet-stream', 'text/plain'],
		undefined,
	])('declared as %j says nothing: the name decides', (declared) => {
		expect(nameOf('a.pdf', declared)).toBe('a.pdf');
	});

	test.each([
		['a', ' APPLICATION/PDF ; charset=binary', 'a.pdf'],
		['a', 'application/x-pdf', 'a.pdf'],
		['a', 'text/plain', 'a.txt'],
		['a..', 'application/pdf', 'a.pdf'],
		['a.pjp', 'application/octet-stream', 'a.jpg'],
		['a.text', 'text/plain', 'a.txt'],
		['a.jfif', 'application/pdf', 'a.jfif.pdf'],
		['a.JPG?size=b', 'image/jpeg', 'a.JPG'],
		['a.JPG?size=b c', 'image/jpeg', 'a.JPG?size=b c.jpg'],
		['a. jpg', 'image/jpeg', 'a. jpg'],
	])('%j declared as %j is called %j', (named, declared, expected) => {
		expect(nameOf(named, declared)).toBe(expected);
	});

	test.each([
		['a.exe', 'application/octet-stream', '.exe'],
		['a.mp3', '', '.mp3'],
		['a.7z', '', '.7z'],
		['a.pdf', 'text/html', 'text/html'],
		['a', 'text/html', 'text/html'],
		['a.05', '', 'of an unknown type'],
		['a', undefined, 'of an unknown type'],
	])('%j declared as %j is refused as %j', (named, declared, told) => {
		expect(refusalOf(() => nameOf(named, declared))).toEqual({
			message: `Acme does not take the file '${named}' (${told})`,
			description: 'Taken are: jpeg, jpg, pdf, txt. Convert it first.',
		});
	});

	test('is refused without advice where there is none', () => {
		const { typeAdvice: _advice, ...limits } = acme;
		expect(refusalOf(() => fileTypeOf('a.exe', '', limits)).description).toBe(
			'Taken are: jpeg, jpg, pdf, txt.',
		);
	});
});

test("the form's field is as it always was: workflows know its names", () => {
	const displayOptions = { show: { operation: ['send'] } };
	const field = (types: Record<string, string>) =>
		attachmentsField({ ...acme, types }, displayOptions, 'Files to send');
	expect(field(acme.types)).toEqual({
		displayName: 'Attachments',
		name: 'attachments',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Attachment',
		default: {},
		description: 'Files to send. At most 3.',
		displayOptions,
		options: [
			{
				displayName: 'File',
				name: 'file',
				values: [
					{
						displayName: 'Input Binary Field',
						name: 'binaryPropertyName',
						type: 'string',
						default: 'data',
						placeholder: 'e.g. data',
						description:
							'The binary object, the name of the binary field, or several names separated by commas',
						hint: 'The name of the input binary field containing the file to be sent',
					},
					{
						displayName: 'File Name',
						name: 'fileName',
						type: 'string',
						default: '',
						placeholder: 'e.g. warranty.pdf',
						description: "What the buyer sees. Leave empty for the file's own name.",
					},
				],
			},
		],
	});
	expect(JSON.stringify(field({ jpg: 'image/jpeg' }))).toContain('e.g. parcel.jpg');
});
