/** Each operation's output as a table in the editor: what a seller sees on a laptop without scrolling. */
import type { Locator } from 'playwright-core';

import { type Operation, operations } from '../nodes/outputColumns.mts';
import type { Editor } from './browser.mts';
import { contactSheet, type SheetPart } from './contactSheet.mts';
import { ours, sideBySide } from './workflow.mts';
import type { World } from './world.mts';

/** Of a table in n8n's output panel. */
interface Seen {
	/** The columns that are in sight, whole. */
	columns: string[];
	/** Of these, the ones in which something is written in red, as n8n writes what is empty. */
	red: string[];
}

/**
 * What n8n writes in red for a reason: a check that cannot tell, one without details, and a ticket that need
 * not be answered by any date.
 */
const mayBeRed = ['ok', 'details', 'dueAt'];

const sheets: Record<keyof typeof operations, string> = {
	amazonMessaging: 'output-amazon',
	ebayMemberMessage: 'output-ebay',
	magaluTicketMessage: 'output-magalu',
};

/** Opens a node that was executed. @returns its output as a table */
async function tableOf({ page, openNode }: Editor, name: string): Promise<Locator> {
	await openNode(name);
	const panel = page.getByTestId('output-panel');
	await panel.getByText('Table', { exact: true }).click();
	const table = panel.locator('table');
	await table.waitFor();
	return table;
}

async function seenIn(table: Locator): Promise<Seen> {
	return await table.evaluate((element) => {
		const panel = element.closest('[class*="dataDisplay"]')!;
		const { right } = panel.getBoundingClientRect();
		const heads = Array.from(element.querySelectorAll('th'));
		const columns = heads
			.filter((head) => head.innerText.trim() && head.getBoundingClientRect().right <= right)
			.map((head) => head.innerText.trim());
		const red = Array.from(element.querySelectorAll('td [class*="_empty_"]')).map((cell) =>
			heads[cell.closest('td')!.cellIndex]!.innerText.trim(),
		);
		return { columns, red: columns.filter((name) => red.includes(name)) };
	});
}

/** The first rows, as much of them as shows what they look like. */
async function pictureOf({ page }: Editor): Promise<Buffer> {
	const { x, y, width } = (await page.getByTestId('ndv-data-container').last().boundingBox())!;
	const style = '.el-notification { visibility: hidden !important }';
	return await page.screenshot({ clip: { x, y, width, height: 120 }, style });
}

/** `reviewRequest: getEligibility` as a person writes it. */
function titleOf(name: string): string {
	const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
	return words[0]!.toUpperCase() + words.slice(1);
}

/** Tests for a world and an editor that are there when they run. */
export function outputTables(world: () => World, editor: () => Editor): void {
	describe('outputs as tables', () => {
		it.each(Object.entries(operations) as Array<[keyof typeof operations, Operation[]]>)(
			'show first, and without red, what a seller looks for: %s',
			async (type, rows) => {
				const nodes = rows.map(({ name, parameters }) => ours(name, type, parameters));
				const workflow = sideBySide(`Outputs of ${type}`, nodes);
				await editor().openWorkflow(await world().n8n.importWorkflow(workflow));
				expect(await editor().executeWorkflow()).toContain('executed successfully');

				const seen: Array<[name: string, seen: Seen]> = [];
				const parts: SheetPart[] = [];
				for (const { name } of rows) {
					seen.push([name, await seenIn(await tableOf(editor(), name))]);
					parts.push({ title: titleOf(name), picture: await pictureOf(editor()) });
					await editor().closeNode();
				}
				await contactSheet(editor(), sheets[type], parts);

				const first = (columns: string[], i: number) => columns.slice(0, rows[i]!.columns.length);
				expect(seen.map(([name, { columns }], i) => [name, first(columns, i)])).toEqual(
					rows.map(({ name, columns }) => [name, columns]),
				);
				const red = seen.flatMap(([name, told]) => told.red.map((column) => [name, column]));
				expect(red.filter(([, column]) => !mayBeRed.includes(column!))).toEqual([]);
			},
		);
	});
}
