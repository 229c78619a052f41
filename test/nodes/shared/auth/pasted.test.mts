import { decoded, pasted } from '../../../../nodes/shared/auth/pasted.ts';

describe('what was pasted', () => {
	it.each([
		['spaces and line ends', ' \n\tAtzr|x\r\n'],
		['straight quotes', '"Atzr|x"'],
		['single quotes', "'Atzr|x'"],
		['typographic quotes', '“Atzr|x”'],
		['quotes with spaces inside and outside', ' " Atzr|x " '],
		['back quotes', '`Atzr|x`'],
	])('is taken without %s around it', (_what, value) => {
		expect(pasted(value)).toBe('Atzr|x');
	});

	it('keeps what stands inside', () => {
		expect(pasted('a "b" c')).toBe('a "b" c');
	});

	it.each([undefined, null, '', '  ', '""'])('is empty for %j', (value) => {
		expect(pasted(value)).toBe('');
	});
});

describe('what a browser percent-encoded', () => {
	it.each([
		['once', 'v%5E1.1%23i%5E1'],
		['in lower case', 'v%5e1.1%23i%5e1'],
		['twice', 'v%255E1.1%2523i%255E1'],
		['not at all', 'v^1.1#i^1'],
	])('%s is decoded', (_how, value) => {
		expect(decoded(value)).toBe('v^1.1#i^1');
	});

	it('stays as it is where it cannot be decoded', () => {
		expect(decoded('v^1.1#%E0%A4%A')).toBe('v^1.1#%E0%A4%A');
		expect(decoded('100%zz')).toBe('100%zz');
	});
});
