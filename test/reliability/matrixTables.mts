import { writeTable } from '../bench/tables.mts';
import type { Verdict } from './cell.mts';
import { isWhole } from './isWhole.mts';
import type { Street } from './streets.mts';

/**
 * Writes what came of a marketplace's matrix to docs/reliability.md, where `WRITE_TABLES` asks for it, in
 * the whole form alone.
 * @param withoutLook what came of those in doubt without the look
 */
export function keepTables(
	street: Street,
	verdicts: Verdict[],
	inDoubt: Verdict[],
	withoutLook: Verdict[],
): void {
	const byPath = groupedBy(verdicts, ({ cell }) => cell.path.name);
	const parts = [...byPath].map(([path, ofPath]) =>
		[`**${street.title}: ${path}**`, tableOf(ofPath)].join('\n\n'),
	);
	const violations = verdicts.filter((one) => one.violations.length > 0).length;
	const sum = `${verdicts.length} cells, ${violations} violations.`;
	console.log(`${street.title}: ${sum}`);
	const lost = lostAnswersOf(inDoubt, withoutLook);
	console.log(`${street.title}, answers lost:\n${lost}`);
	if (!isWhole) return;
	writeTable('docs/reliability.md', `fault matrix ${street.title}`, [sum, ...parts].join('\n\n'));
	writeTable('docs/reliability.md', `lost answers ${street.title}`, lost);
}

/** How many cells ended without anybody knowing. */
export const unknownIn = (verdicts: Verdict[]) =>
	verdicts.filter(({ said }) => said === 'unknown').length;

/** A row a path: what the look after a lost answer leaves unknown, of the cells that the send itself is struck in. */
function lostAnswersOf(inDoubt: Verdict[], withoutLook: Verdict[]): string {
	const arrived = (all: Verdict[]) => unknownIn(all.filter(({ messages }) => messages > 0));
	const share = (part: number, all: number) => `${part} (${Math.round((100 * part) / all)} %)`;
	const rows = [...groupedBy(withoutLook, ({ cell }) => cell.path.name)].map(([path, without]) => {
		const struck = inDoubt.filter(({ cell }) => cell.path.name === path);
		const counts = [unknownIn, arrived].flatMap((count) =>
			[without, struck].map((all) => share(count(all), all.length)),
		);
		return `| ${[path, struck.length, ...counts].join(' | ')} |`;
	});
	const head =
		'message|cells|unknown, without a look|unknown, with it|unknown though it arrived, without a look|with it';
	return [`| ${head.split('|').join(' | ')} |`, `|---|${'---:|'.repeat(5)}`, ...rows].join('\n');
}

/** A row a request: what was said in how many cells, and the most messages that arrived in one. */
function tableOf(verdicts: Verdict[]): string {
	const rows = [...groupedBy(verdicts, ({ cell }) => nameOf(cell.step))].map(([step, cells]) => {
		const said = (word: string) => cells.filter((one) => one.said === word).length;
		const most = Math.max(...cells.map(({ messages }) => messages));
		const wrong = cells.filter(({ violations }) => violations.length > 0).length;
		const counts = [said('sent'), said('accepted'), said('notSent'), said('unknown')];
		return [step, cells.length, ...counts, said('stopped'), most, wrong];
	});
	const head =
		'request|cells|sent|accepted|notSent|unknown|stopped, nothing said|most messages|violations';
	return [
		`| ${head.split('|').join(' | ')} |`,
		`|---|${'---:|'.repeat(8)}`,
		...rows.map((row) => `| ${row.join(' | ')} |`),
	].join('\n');
}

function nameOf({ operation, nth }: Verdict['cell']['step']): string {
	return nth === 0 ? operation : `${operation} (${nth + 1})`;
}

function groupedBy(verdicts: Verdict[], keyOf: (one: Verdict) => string): Map<string, Verdict[]> {
	const groups = new Map<string, Verdict[]>();
	for (const one of verdicts) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
	return groups;
}
