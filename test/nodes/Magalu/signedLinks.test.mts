import type { Connection } from '../../../nodes/Magalu/api/connection.ts';
import { uploadFiles } from '../../../nodes/Magalu/api/uploads.ts';

describe('outside of a gateway of the user, a signed link', () => {
	const askBare = jest.fn(async () => ({}));
	const theirTime = (at: number) => at;
	const connection = { gate: { askBare }, custom: false, theirTime } as unknown as Connection;
	const bytes = Buffer.from('x');
	const file = {
		fileName: 'a.png',
		mimeType: 'image/png',
		extension: 'png',
		size: 1,
		load: async () => bytes,
		open: async () => bytes,
	};
	const uploadTo = async (url: string) =>
		await uploadFiles(connection, [file], {
			files: [{ providedName: 'a.png', url, method: 'PUT', expired: false, headers: {} }],
			created: false,
			at: Date.now(),
		});

	it.each([
		'https://storage.googleapis.com/bucket/x?X-Goog-Signature=1',
		'https://bucket.storage.googleapis.com/x',
	])('is followed to %s', async (url) => {
		askBare.mockClear();
		await expect(uploadTo(url)).resolves.toMatchObject([{ fileName: 'a.png', inDoubt: false }]);
		expect(askBare).toHaveBeenCalledTimes(1);
	});

	it.each([
		['http://storage.googleapis.com/x', 'not an https address'],
		['https://storage.googleapis.com.evil.example/x', "not at Google's storage"],
		['https://evilstorage.googleapis.com/x', "not at Google's storage"],
		['https://169.254.169.254/x', "not at Google's storage"],
	])('is not followed to %s', async (url, reason) => {
		askBare.mockClear();
		await expect(uploadTo(url)).rejects.toThrow(reason);
		expect(askBare).not.toHaveBeenCalled();
	});
});
