import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts a table between its two marks in a page, where the environment asks for it (`WRITE_TABLES=1`).
 * @throws where the page has no such marks
 */
export function writeTable(page: string, name: string, markdown: string): void {
	if (!process.env.WRITE_TABLES) return;
	const file = join(process.cwd(), page);
	const text = readFileSync(file, 'utf8');
	const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
	const from = text.indexOf(begin);
	const to = text.indexOf(end);
	if (from < 0 || to < from) throw new Error(`${page} has no place for '${name}'`);
	const before = text.slice(0, from + begin.length);
	writeFileSync(file, `${before}\n\n${markdown}\n\n${text.slice(to)}`);
}

/** @returns a table in Markdown: words in the first column, numbers in the others */
export function tableOf(head: string[], rows: Array<Array<string | number>>): string {
	const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
