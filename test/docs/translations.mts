/** A page and its translation: what both have to have alike. */

/** The parts of a page that a translation keeps: headings by level, steps, tables, code, links, names. */
export interface Skeleton {
	/** A level for each heading, the title first. */
	headings: number[];
	/** Below each heading. */
	sections: Section[];
}

export interface Section {
	/** Numbers of the steps, as written. */
	steps: string[];
	bullets: number;
	/** Lines that are a heading of their own in bold. */
	signposts: number;
	/** Cells of each row of each table. */
	rows: number[];
	/** What stands in code, sorted. */
	code: string[];
	/** Addresses on the web, in order, and the place of the heading that a link within the page leads to. */
	links: Array<string | number>;
	/** Words of the forms: what is emphasized and begins with a capital letter, sorted, each once. */
	names: string[];
}

/** Names of settings whose values are prose. */
const PROSE_SETTINGS = /(--(?:description|reason) )"[^"\n…]*"/g;

/** @param headings how many headings belong to it, the title counted; all where left out */
export function skeletonOf(text: string, headings = Infinity): Skeleton {
	const fences: string[] = [];
	const bare = text.replace(
		/^```[^\n]*\n[\s\S]*?^```$/gm,
		(fence) => `FENCE${fences.push(fence) - 1}`,
	);
	const parts = bare.split(/^(?=#{1,6} )/m).filter((part) => part.startsWith('#'));
	const kept = parts.slice(0, headings);
	const anchors = kept.map((part) => anchorOf(part.split('\n')[0]!));
	return {
		headings: kept.map((part) => /^#+/.exec(part)![0].length),
		sections: kept.map((part) => sectionOf(part, fences, anchors)),
	};
}

function sectionOf(part: string, fences: string[], anchors: string[]): Section {
	const all = (pattern: RegExp, where = part) =>
		[...where.matchAll(pattern)].map(([, found]) => found!);
	const prose = part.replace(/`[^`\n]+`/g, '');
	const blocks = all(/^FENCE(\d+)$/gm).map((place) => fences[Number(place)]!);
	return {
		steps: all(/^(\d+)\. /gm),
		bullets: all(/^(- )/gm).length,
		signposts: all(/^(\*\*[^*\n]+\*\*)$/gm).length,
		rows: all(/^(\|.*\|)$/gm).map((row) => row.split(/(?<!\\)\|/).length - 2),
		code: [...all(/`([^`\n]+)`/g), ...blocks]
			.map((code) => code.replace(PROSE_SETTINGS, '$1""'))
			.sort(),
		links: all(/\]\(([^)\s]+)\)/g, prose)
			.filter((link) => !/^[^#:]+$/.test(link))
			.map((link) => (link.startsWith('#') ? anchors.indexOf(link.slice(1)) : link)),
		names: [...new Set(namesIn(prose))].sort(),
	};
}

function namesIn(prose: string): string[] {
	const withoutSignposts = prose.replace(/^\*\*[^*\n]+\*\*$/gm, '');
	const emphasized = [...withoutSignposts.matchAll(/(?<!\*)\*{1,2}([^*\n]+?)\*{1,2}(?!\*)/g)];
	return emphasized.map(([, name]) => name!).filter((name) => /^\p{Lu}|^OAuth/u.test(name));
}

/** @returns what the rows below a table's head begin with, without what is added in brackets */
export function firstCells(text: string, heading: string): string[] {
	const [, section = ''] = text.split(`\n${heading}\n`);
	const rows = section.split(/^#/m)[0]!.match(/^\|.*\|$/gm) ?? [];
	return rows.slice(2).map((row) =>
		row
			.split('|')[1]!
			.replace(/ \([^)]*\)/g, '')
			.trim(),
	);
}

function anchorOf(heading: string): string {
	return heading
		.replace(/^#+ /, '')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');
}
