/** Which files are taken, by which type they go, and under which name: the same in the three streets. */
import fc from 'fast-check';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { attachmentLimits as amazon } from '../../../../nodes/Amazon/api/limits.ts';
import { pictureLimits as ebay } from '../../../../nodes/Ebay/api/limits.ts';
import { attachmentLimits as magalu } from '../../../../nodes/Magalu/api/limits.ts';
import type { AttachmentLimits } from '../../../../nodes/shared/files/attachmentLimits.ts';
import { attachmentsOf, type Attachment } from '../../../../nodes/shared/files/attachments.ts';

const streets: AttachmentLimits[] = [amazon, ebay, magalu];

/** The one file of an item, as an operation gets it. */
function attachment(limits: AttachmentLimits, fileName: string, mimeType: string): Attachment {
	const binary: IBinaryData = { data: 'eA==', fileName, mimeType, bytes: 1 };
	const context = {
		getNode: () => ({ parameters: {} }),
		getNodeParameter: () => [{ binaryPropertyName: 'data', fileName: '' }],
		getInputData: () => [{ json: {}, binary: { data: binary } }],
		helpers: { assertBinaryData: () => binary },
	} as unknown as IExecuteFunctions;
	return attachmentsOf(context, 0, limits)[0]!;
}

/** What a street takes: every declared type, and what it is sent as. */
const declared = streets.flatMap((limits) => [
	...Object.values(limits.types).map((mimeType) => ({ limits, mimeType, sentAs: mimeType })),
	...Object.entries(limits.aliases ?? {}).map(([mimeType, extension]) => ({
		limits,
		mimeType,
		sentAs: limits.types[extension]!,
	})),
]);

/** Types that say nothing about a file: n8n gives them where nobody knows better. */
const SAYS_NOTHING = ['', 'application/octet-stream', 'binary/octet-stream', 'text/plain'];
const telling = declared.filter(({ mimeType }) => !SAYS_NOTHING.includes(mimeType));

const stem = fc
	.string({ unit: fc.constantFrom('a', 'B', '7', ' ', '-', '_', '$', 'ç', '📦'), minLength: 1 })
	.map((text) => `x${text}x`);
const ending = fc.constantFrom(
	...['', '.', '.05', '.jfif', '.jpe', '.pjpeg', '.heif', '.JPG?set_id=8800', '.png#top'],
	...['.unknown', '.tar.gz', '.exe', '.pdf', '.png', '.PNG', '.2024.01.05', '.jpeg?w=1&h=2.5'],
);

test('a declared type that is taken counts, whatever the name says, and the name gets an extension that fits', () => {
	fc.assert(
		fc.property(fc.constantFrom(...telling), stem, ending, ({ limits, mimeType, sentAs }, a, b) => {
			const file = attachment(limits, `${a}${b}`, `${mimeType.toUpperCase()}; charset=binary`);
			expect(file.mimeType).toBe(sentAs);
			expect(limits.types[file.extension]).toBe(sentAs);
			expect(file.fileName.toLowerCase().endsWith(`.${file.extension}`)).toBe(true);
			expect(file.fileName.startsWith(a)).toBe(true);
		}),
		{ numRuns: 500 },
	);
});

test('a name that fits the declared type stays as it is', () => {
	for (const { limits, sentAs } of declared) {
		const fitting = Object.keys(limits.types).filter((one) => limits.types[one] === sentAs);
		for (const extension of [...fitting, ...fitting.map((one) => one.toUpperCase())]) {
			expect(attachment(limits, `ação 1.${extension}`, sentAs).fileName).toBe(
				`ação 1.${extension}`,
			);
		}
	}
});

test('a declared type that says nothing leaves it to the name', () => {
	for (const limits of streets) {
		for (const [extension, mimeType] of Object.entries(limits.types)) {
			for (const silent of SAYS_NOTHING) {
				expect(attachment(limits, `a.${extension}`, silent)).toMatchObject({
					fileName: `a.${extension}`,
					mimeType,
					extension,
				});
			}
		}
	}
});

test('a declared type that is not taken is refused, however the file is called', () => {
	for (const limits of streets) {
		for (const extension of Object.keys(limits.types)) {
			expect(() => attachment(limits, `a.${extension}`, 'text/html')).toThrow(
				`${limits.marketplace} does not take the file 'a.${extension}' (text/html)`,
			);
		}
	}
});

const JPEG = 'image/jpeg';
const SILENT = 'application/octet-stream';
const MAGALU = /^(?=.*Magalu)/;

test.each([
	['photo.jfif', JPEG, 'photo.jpg'],
	['photo.jfif', SILENT, 'photo.jpg'],
	['photo.PJPEG', JPEG, 'photo.jpg'],
	['photo.jpe', JPEG, 'photo.jpg', 'photo.jpe'],
	['photo.jpe', SILENT, 'photo.jpg', 'photo.jpe'],
	['Screenshot 2024.01.05', 'image/png', 'Screenshot 2024.01.05.png'],
	['$_57.JPG?set_id=8800', JPEG, '$_57.JPG'],
	['$_57.JPG?set_id=8800', SILENT, '$_57.JPG'],
	['view.php?file=/a/b.png', 'image/png', 'view.php.png'],
	['Como usar? Guia.png', 'image/png', 'Como usar? Guia.png'],
	['foto.unknown', 'image/png', 'foto.unknown.png'],
	['foto', 'image/png', 'foto.png'],
	['foto.', 'image/png', 'foto.png'],
	['label.png', JPEG, 'label.png.jpg'],
])('%s declared as %j goes as %s', (name, mimeType, fileName, atMagalu = fileName) => {
	for (const limits of streets) {
		expect(attachment(limits, name, mimeType).fileName).toBe(
			MAGALU.test(limits.marketplace) ? atMagalu : fileName,
		);
	}
});

test.each([
	['IMG_1.heif', 'image/heif', 'IMG_1.heic'],
	['IMG_1.HEIF', SILENT, 'IMG_1.heic'],
	['IMG_1.hif', 'image/heic', 'IMG_1.heic'],
	['scan.dib', 'image/bmp', 'scan.bmp'],
	['scan', 'image/tiff', 'scan.tif'],
	['parcel.pdf', 'image/png', 'parcel.pdf.png'],
])('eBay: %s declared as %j goes as %s', (name, mimeType, fileName) => {
	expect(attachment(ebay, name, mimeType).fileName).toBe(fileName);
});

test.each([
	['README', 'text/plain', 'README.txt'],
	['log 2024.01.05', 'text/plain', 'log 2024.01.05.txt'],
	['manual', 'application/x-pdf', 'manual.pdf'],
])('Amazon: %s declared as %j goes as %s', (name, mimeType, fileName) => {
	expect(attachment(amazon, name, mimeType).fileName).toBe(fileName);
});

test('a text/plain that hides another extension is refused: n8n calls everything text that it does not know', () => {
	expect(() => attachment(amazon, 'all.zip', 'text/plain')).toThrow('(.zip)');
});
