/** The text of a message that may be a page, as a person reads it. */
import { plainTextOf } from '../../../../nodes/Ebay/api/plainText.ts';

test.each([
	['<p>a <b title="x > y">b</b></p>', 'a y">b'],
	['<p>1 < 2 <i title="<b>">c</i>', '1 < 2 ">c'],
	['<p>a</p> <b', 'a\n<b'],
	['<p>a<br', 'a<br'],
	['<table><tr><td>1</td><td>2</td></tr></table> <td', '1 2\n<td'],
	['a <b and c', 'a <b and c'],
])('%j reads %j', (body, text) => {
	expect(plainTextOf(body).replace(/\n+/g, '\n')).toBe(text);
});

test('ends soon, whatever the text is', () => {
	const parts = [
		'<a ',
		'<br ',
		'<td ',
		'</a',
		'<a b=',
		'<a b="',
		'<script ',
		'</script ',
		'<!--',
		'<! ',
	];
	const from = Date.now();
	for (const part of parts) {
		for (const [start, end] of [
			['<p>', ''],
			['', ''],
			['<p>', '<br>'],
			['<p>', '<td>'],
		] as const) {
			plainTextOf(start + part.repeat(60_000) + end);
		}
	}
	expect(Date.now() - from).toBeLessThan(2000);
});
