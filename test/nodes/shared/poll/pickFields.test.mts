/** What of a marketplace's answer is shown: what somebody has looked at, and nothing else. */
import { pickFields } from '../../../../nodes/shared/poll/pickFields.ts';

const allowed = { id: true, tags: true, buyer: { state: true }, items: { sku: true } } as const;

test('a field that is not allowed stays out', () => {
	expect(pickFields({ id: 7, email: 'a@b.example' }, allowed)).toEqual({ id: 7 });
});

test('a field that is not there stays out, and one that is null or empty does not', () => {
	expect(pickFields({ buyer: undefined }, allowed)).toEqual({});
	expect(pickFields({ id: null, tags: '' }, allowed)).toEqual({ id: null, tags: '' });
});

test('of an object inside only its allowed fields are shown, also in a list', () => {
	const value = {
		buyer: { state: 'SP', name: 'Ana' },
		items: [{ sku: 'a', address: 'Rua A' }, { sku: 'b' }],
	};
	expect(pickFields(value, allowed)).toEqual({
		buyer: { state: 'SP' },
		items: [{ sku: 'a' }, { sku: 'b' }],
	});
});

test('what was an object once and is none now is shown as nothing', () => {
	expect(pickFields({ buyer: 'Ana', items: ['Rua A', null] }, allowed)).toEqual({
		buyer: null,
		items: [null, null],
	});
});

test('of an object where a plain value was nothing is shown, also in lists of lists', () => {
	expect(pickFields({ id: { name: 'Ana' } }, allowed)).toEqual({});
	expect(pickFields({ tags: ['a', { name: 'Ana' }, [{ name: 'Ana' }, 1], null] }, allowed)).toEqual(
		{
			tags: ['a', [1], null],
		},
	);
});

test('a caller may show allowed fields in its own way', () => {
	const shown = pickFields({ id: 7, tags: { a: 1 }, buyer: { state: 2 } }, allowed, (leaf) =>
		typeof leaf === 'number' ? -leaf : undefined,
	);
	expect(shown).toEqual({ id: -7, buyer: { state: -2 } });
});

test.each([undefined, null, 'text', 7, [{ id: 7 }]])('of %p nothing is shown', (value) => {
	expect(pickFields(value, allowed)).toEqual({});
});
