/** Storages behind signed addresses: they go by the status, and their errors are XML. */
import { storageService } from '../../../../nodes/shared/http/storage.ts';
import { answer } from '../../../engine/answer.mts';

const about = { marketplace: 'magalu', title: 'Store', whereToLook: 'Look there' } as const;
const refused = { message: 'Not taken', description: 'Run the item again.' };
const storage = storageService({ ...about, refused, requestIdHeader: 'x-number' });

test.each([
	[200, 'done'],
	[299, 'done'],
	[199, 'refused'],
	[300, 'refused'],
	[403, 'refused'],
	[408, 'failing'],
	[429, 'throttled'],
	[499, 'refused'],
	[500, 'failing'],
])('%d is %s', (status, kind) => {
	expect(storage.kindOf(answer(status))).toBe(kind);
});

test.each([
	['<Error><Code>C</Code><Message>No</Message><Details>At all</Details></Error>', 'C', 'No At all'],
	['<Error><Code>C</Code><Details>At all</Details></Error>', 'C', 'At all'],
	['<Error></Error>', undefined, undefined],
])('%s is explained in our words and its own', (text, code, marketplaceMessage) => {
	const explained = { ...refused, code, marketplaceMessage, retryable: true };
	expect(storage.explain(answer(403, text))).toEqual(explained);
});

test('a request has the number of the header, or else of the text', () => {
	const text = '<Error><RequestId>in the text</RequestId></Error>';
	expect(storage.requestIdOf(answer(403, text, { 'x-number': '7' }))).toBe('7');
	expect(storage.requestIdOf(answer(403, text))).toBe('in the text');
	expect(storage.requestIdOf(answer(403))).toBeUndefined();
});

test('it says who it is', () => {
	expect(storage).toMatchObject(about);
});
