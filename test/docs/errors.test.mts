import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import glob from 'fast-glob';

import { root } from './pages.mts';

const streets = [
	{ page: 'docs/amazon.md', title: 'Amazon', folder: 'nodes/Amazon' },
	{ page: 'docs/ebay.md', title: 'eBay', folder: 'nodes/Ebay' },
	{ page: 'docs/magalu.md', title: 'Magalu', folder: 'nodes/Magalu' },
];

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Sources as the seller reads them: without escapes, and with the marketplace's name put in. */
function textsOf(folder: string, title: string): string {
	const sources = glob.sync([`${folder}/**/*.ts`, 'nodes/shared/**/*.ts'], { cwd: root }).map(read);
	return sources
		.join('\n')
		.replace(/\\(['"`])/g, '$1')
		.replace(/\$\{(?:\w+\.)?(?:title|marketplace)\}/g, title);
}

/** First cells of the tables under "When something fails". */
function quotedIn(page: string): string[] {
	const section = read(page)
		.split(/^## When something fails$/m)[1]!
		.split(/^## /m)[0]!;
	const cells = [...section.matchAll(/^\| (.+?) \|/gm)].map(([, cell]) => cell!);
	return cells.filter((cell) => cell !== 'What you see' && !/^-+$/.test(cell));
}

describe.each(streets)('the errors on $page', ({ page, title, folder }) => {
	const quoted = quotedIn(page);

	test('are a table to look things up in', () => {
		expect(quoted.length).toBeGreaterThan(15);
	});

	test('are worded as the nodes word them', () => {
		const texts = textsOf(folder, title);
		const invented = quoted.filter((message) =>
			message.split(/:? ?…/).some((part) => !texts.includes(part.trim())),
		);
		expect(invented).toEqual([]);
	});

	test('stand there once each', () => {
		expect(quoted.filter((message, i) => quoted.indexOf(message) !== i)).toEqual([]);
	});
});
