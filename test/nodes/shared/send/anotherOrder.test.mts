/** What a seller is told where a message may be taken for another order's. */
import type { INodeParameters } from 'n8n-workflow';

import { nodeWith, Notes } from '../../../engine/notes.mts';
import { anotherOrder } from '../../../../nodes/shared/send/anotherOrder.ts';
import type { MessageIdentity } from '../../../../nodes/shared/send/identity.ts';
import { sendOptionsOf } from '../../../../nodes/shared/send/sendOptions.ts';

const identity: MessageIdentity = {
	marketplace: 'ebay',
	within: [],
	anotherOrder: 'a second order',
	same: [],
	whereToLook: '',
};

/** @param resolved where an expression is what the form keeps, what came of it */
function told(
	options: INodeParameters | undefined,
	resolved: object = {},
	about: Partial<MessageIdentity> = {},
) {
	const context = nodeWith(new Notes(), 'n', options ? { options } : {});
	const read = { ...sendOptionsOf(context, 0, {}), ...resolved };
	return anotherOrder(context, { ...identity, ...about }, read as never);
}

const on = { preventDuplicates: true };

test('a key that was typed is told at once, and beside what was held back', () => {
	const said =
		"'Duplicate Key' is the fixed text 'abc', the same for every message: a second order gets none. Drag the order ID from the input onto it.";
	expect(told({ ...on, duplicateKey: ' abc ' })).toEqual({ atOnce: said, heldBack: said });
});

test('a long key is told by its beginning', () => {
	const { atOnce } = told({ ...on, duplicateKey: 'k'.repeat(61) });
	expect(atOnce).toContain(` '${'k'.repeat(60)}',`);
});

test('no key is told beside what was held back alone', () => {
	const heldBack =
		"If this is a second order: without a 'Duplicate Key' it counts as the same message. Drag the order ID from the input onto 'Duplicate Key'.";
	expect(told(on)).toEqual({ heldBack });
	expect(told({ ...on, duplicateKey: '  ' })).toEqual({ heldBack });
});

test.each([
	['the key is an expression', { ...on, duplicateKey: '={{ $json.id }}' }, { duplicateKey: '7' }],
	['nobody knows where the key comes from', undefined, { ...on, duplicateKey: '7' }],
	['the key is no text', { ...on, duplicateKey: 7 }, {}],
	['duplicates are not prevented', { duplicateKey: 'abc' }, {}],
])('nothing is told where %s', (_what, options, resolved) => {
	expect(told(options, resolved)).toEqual({});
});

test('nothing is told of a message that names its order', () => {
	expect(told({ ...on, duplicateKey: 'abc' }, {}, { anotherOrder: undefined })).toEqual({});
});
