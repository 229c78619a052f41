/** The project's Markdown pages, read as GitHub shows them. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import glob from 'fast-glob';

export interface Page {
	/** From the project's folder. */
	path: string;
	text: string;
	/** Addresses of links and images, in order. */
	links: string[];
	/** What `#…` may name. */
	anchors: Set<string>;
}

export const root = process.cwd();

/** README, CONTRIBUTING, CHANGELOG and everything below `docs`. */
export function pages(): Page[] {
	const paths = glob.sync(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/**/*.md'], {
		cwd: root,
	});
	return paths.sort().map((path) => pageOf(path, readFileSync(join(root, path), 'utf8')));
}

export function pageOf(path: string, text: string): Page {
	const prose = withoutCode(text);
	return { path, text, links: linksIn(prose), anchors: anchorsIn(withoutFences(text)) };
}

/** Code is shown, not followed. */
function withoutCode(text: string): string {
	return withoutFences(text).replace(/`[^`\n]*`/g, '');
}

function withoutFences(text: string): string {
	return text.replace(/^ *(```|~~~)[^\n]*\n[\s\S]*?^ *\1 *$/gm, '');
}

function linksIn(prose: string): string[] {
	const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(
		([, url]) => url!,
	);
	const html = [...prose.matchAll(/<(?:a|img)\b[^>]*\b(?:href|src)="([^"]*)"/gi)].map(
		([, url]) => url!,
	);
	const references = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?$/gm)].map(([, url]) => url!);
	const bare = [...prose.matchAll(/(?<![("<=\w])https?:\/\/[^\s<>)]+/g)].map(([url]) =>
		url.replace(/[.,;:]+$/, ''),
	);
	return [...inline, ...html, ...references, ...bare];
}

/** GitHub's rule: lower case, without punctuation, spaces as dashes, repeated ones numbered. */
function anchorsIn(text: string): Set<string> {
	const anchors = new Set<string>();
	for (const [, heading] of text.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
		const shown = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
		const slug = shown
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
			.trim()
			.replace(/\s/g, '-');
		let anchor = slug;
		for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
		anchors.add(anchor);
	}
	return anchors;
}

export const isWeb = (link: string) => /^[a-z][a-z0-9+.-]*:/i.test(link);

/** @returns what is wrong with a link to a file or a heading; nothing where it leads somewhere */
export function brokenIn(page: Page, link: string, all: Page[]): string | undefined {
	const [file, anchor] = link.split('#') as [string, string?];
	const target =
		file === '' ? page.path : relative(root, join(root, dirname(page.path), decodeURI(file)));
	if (target.startsWith('..')) return `${page.path}: ${link} leads out of the project`;
	if (!existsSync(join(root, target))) return `${page.path}: ${link} leads to no file`;
	if (anchor === undefined) return undefined;
	const there = all.find(({ path }) => path === target);
	if (!there) return `${page.path}: ${link} names a heading of a file that is no page`;
	return there.anchors.has(anchor) ? undefined : `${page.path}: ${link} names no heading`;
}
