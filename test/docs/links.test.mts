import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import glob from 'fast-glob';

import { brokenIn, isWeb, pageOf, pages, root } from './pages.mts';

const all = pages();
const { homepage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	homepage: string;
};
const docsPrefix = `${homepage}/blob/main/`;

test('the pages that a seller reads are there', () => {
	const paths = all.map(({ path }) => path);
	const needed = [
		'README.md',
		'docs/amazon.md',
		'docs/ebay.md',
		'docs/magalu.md',
		'docs/scaling.md',
	];
	expect(paths).toEqual(expect.arrayContaining(needed));
});

test('every link to a file or an image leads to one, and every anchor to a heading', () => {
	const broken = all.flatMap((page) =>
		page.links.filter((link) => !isWeb(link)).flatMap((link) => brokenIn(page, link, all) ?? []),
	);
	expect(broken).toEqual([]);
});

test('every image has a text for those who do not see it', () => {
	const silent = all.flatMap(({ path, text }) =>
		[...text.matchAll(/!\[\s*\]\([^)]*\)/g)].map(([image]) => `${path}: ${image}`),
	);
	expect(silent).toEqual([]);
});

test('every link to the web is a well-formed https address', () => {
	const wrong = all.flatMap(({ path, links }) =>
		links.filter((link) => isWeb(link) && !isGoodAddress(link)).map((link) => `${path}: ${link}`),
	);
	expect(wrong).toEqual([]);
});

function isGoodAddress(link: string): boolean {
	if (!URL.canParse(link)) return false;
	const { protocol, hostname, username } = new URL(link);
	return protocol === 'https:' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname) && username === '';
}

describe('the documentation links in the editor', () => {
	const sources = glob.sync(['nodes/**/*.{ts,json}', 'credentials/*.ts'], { cwd: root });
	const links = sources.flatMap((path) => {
		const text = readFileSync(join(root, path), 'utf8');
		const own = [...text.matchAll(/documentationUrl\s*=?:?\s*['"]([^'"]+)['"]/g)];
		const codex = [...text.matchAll(/"url":\s*"([^"]+)"/g)];
		return [...own, ...codex].map(([, url]) => ({ path, url: url! }));
	});

	test('lead to pages of this project that exist', () => {
		const lost = links.filter(
			({ url }) => !url.startsWith(docsPrefix) || !isPage(url.slice(docsPrefix.length)),
		);
		expect(lost).toEqual([]);
	});

	test('lead from each credential', () => {
		const credentials = glob.sync('credentials/*.credentials.ts', { cwd: root });
		const linked = new Set(links.map(({ path }) => path));
		expect(credentials.filter((path) => !linked.has(path))).toEqual([]);
	});

	test('lead from each node, by its codex file, to a page of its own marketplace', () => {
		const nodes = glob.sync('nodes/*/*.node.ts', { cwd: root });
		const astray = nodes.filter((path) => {
			const street = path.split('/')[1]!.toLowerCase();
			const own = links.filter((link) => link.path === path.replace(/\.ts$/, '.json'));
			const isOwn = (url: string) => url.slice(docsPrefix.length).startsWith(`docs/${street}`);
			return own.length === 0 || own.some(({ url }) => !isOwn(url));
		});
		expect(astray).toEqual([]);
	});

	function isPage(path: string): boolean {
		const [file, anchor] = path.split('#') as [string, string?];
		const page = all.find((one) => one.path === file);
		return page !== undefined && (anchor === undefined || page.anchors.has(anchor));
	}
});

test('every picture below docs is shown on a page', () => {
	const shown = new Set(
		all.flatMap(({ path, links }) =>
			links.map((link) => new URL(link, `file:///${path}`).pathname),
		),
	);
	const pictures = glob.sync('docs/images/**/*.{png,svg,gif,webp}', { cwd: root });
	expect(pictures.filter((path) => !shown.has(`/${path}`))).toEqual([]);
});

const examplesPage = 'docs/examples.md';

test('every ready workflow is linked from its page', () => {
	const { links } = all.find(({ path }) => path === examplesPage)!;
	const files = glob.sync('examples/*.json', { cwd: root });
	expect(files.filter((file) => !links.includes(`../${file}`))).toEqual([]);
});

test('a ready workflow is called on its page as it is called in n8n', () => {
	const text = readFileSync(join(root, examplesPage), 'utf8');
	const missing = glob
		.sync('examples/*.json', { cwd: root })
		.map((file) => ({ file, name: nameOf(file) }))
		.filter(({ file, name }) => !text.includes(`[${name}](../${file})`));
	expect(missing).toEqual([]);
});

test('every ready workflow stands in the README by its name, with a picture that is quickly there', () => {
	const text = readFileSync(join(root, 'README.md'), 'utf8');
	const missing = glob.sync('examples/*.json', { cwd: root }).filter((file) => {
		const picture = `docs/images/workflows/small/${basename(file, '.json')}.webp`;
		const isSmall = statSync(join(root, picture)).size < 40_000;
		return !isSmall || !text.includes(picture) || !text.includes(nameOf(file));
	});
	expect(missing).toEqual([]);
});

function nameOf(file: string): string {
	const { name } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string };
	return name.replace(/^\d+[a-z]? /, '');
}

describe('the reader of pages', () => {
	const page = pageOf(
		'README.md',
		[
			'# A title',
			"## It's `here`: now",
			'## Twice',
			'## Twice',
			'[file](docs/nothing.md) and [place](#its-here-now), https://example.com/x.',
			'![picture](docs/images/nothing.png "shown")',
			'```sh',
			'# no heading',
			'curl http://localhost [no](link.md)',
			'```',
			'`[no](link.md)`',
		].join('\n'),
	);

	test('finds links, images and bare addresses, and none in code', () => {
		expect(page.links).toEqual([
			'docs/nothing.md',
			'#its-here-now',
			'docs/images/nothing.png',
			'https://example.com/x',
		]);
	});

	test('makes anchors as GitHub does', () => {
		expect([...page.anchors]).toEqual(['a-title', 'its-here-now', 'twice', 'twice-1']);
	});

	test('tells a link that leads nowhere', () => {
		expect(brokenIn(page, 'docs/nothing.md', [page])).toContain('leads to no file');
		expect(brokenIn(page, '#nothing', [page])).toContain('names no heading');
		expect(brokenIn(page, '../elsewhere.md', [page])).toContain('out of the project');
		expect(brokenIn(page, '#twice-1', [page])).toBeUndefined();
	});
});
