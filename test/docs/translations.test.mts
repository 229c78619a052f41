import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './pages.mts';
import { firstCells, skeletonOf } from './translations.mts';

const read = (page: string) => readFileSync(join(root, page), 'utf8');
const english = read('docs/magalu.md');
const portuguese = read('docs/magalu.pt-BR.md');

/** What a list of a page's headings, and links to the other language, add to the first part. */
const withoutContents = (text: string) =>
	text.replace(/^(On this page|Nesta página|Em português|A tela do n8n).*$/gm, '');

const HEADINGS = skeletonOf(portuguese).headings.length;
const compared = (text: string) => skeletonOf(withoutContents(text), HEADINGS);

const here = compared(portuguese);
const there = compared(english);

describe("Magalu's set-up in Portuguese", () => {
	it('has the headings of the English page, up to the credential', () => {
		expect(here.headings).toEqual(there.headings);
		expect(english.split(/^#+ /m)[HEADINGS]).toMatch(/^The credential\n/);
	});

	it.each(['steps', 'bullets', 'signposts', 'rows', 'code', 'links', 'names'] as const)(
		'has the same %s below each heading',
		(part) => {
			expect(here.sections.map((section) => section[part])).toEqual(
				there.sections.map((section) => section[part]),
			);
		},
	);

	it("calls the credential's fields as the form does", () => {
		const fields = firstCells(portuguese, '## A credencial');
		expect(fields).toEqual(firstCells(english, '## The credential'));
		const form = read('credentials/MagaluOAuth2Api.credentials.ts');
		const labels = fields.flatMap((cell) => cell.split(', '));
		expect(labels.filter((label) => !form.includes(`displayName: '${label}'`))).toEqual([]);
	});

	it('is led to from the English page, and leads back', () => {
		expect(english).toContain('](magalu.pt-BR.md)');
		expect(portuguese).toContain('](magalu.md)');
	});
});

describe('what is compared', () => {
	const changes: Array<[string, string | RegExp, string]> = [
		['a heading that is gone', /^### Escopos$/m, ''],
		['a heading of another level', '### Quem conecta', '## Quem conecta'],
		['a step that is gone', /^6\. .*\n/m, ''],
		['a row that is gone', /^\| `open:order-delivery-seller:read`.*\n/m, ''],
		['a column that is gone', '| Campo | O que escrever |', '| Campo |'],
		['another scope', 'open:order-order-seller:read', 'open:orders:read'],
		['another setting of the command', '--audience', '--audiences'],
		['another link', 'id-magalu-cli/releases', 'id-magalu-cli'],
		['a link to another place', '](#o-comando)', '](#idm)'],
		['a button by another name', '**Connect**', '**Conectar**'],
		['a name that is not emphasized', '*Account connected*', 'Account connected'],
	];

	it.each(changes)('tells %s', (_what, from, to) => {
		const changed = portuguese.replace(from, to);
		expect(changed).not.toBe(portuguese);
		expect(compared(changed)).not.toEqual(there);
	});
});
