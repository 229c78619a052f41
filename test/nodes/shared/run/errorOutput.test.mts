/** Failed items and n8n's error output, as n8n sorts items before its version 2.36 and since. */
import type { INodeExecutionData } from 'n8n-workflow';

import { forErrorOutput } from '../../../../nodes/shared/run/errorOutput.ts';

type Item = INodeExecutionData;

const failed = (): Item =>
	forErrorOutput(
		{ json: { error: 'No', details: { outcome: 'notSent' } }, pairedItem: { item: 0 } },
		new Error('No') as never,
	);

/** By the sources of n8n-core 1.122 to 2.35 (WorkflowExecute.handleNodeErrorOutput). */
function isFailedBefore236(item: Item): boolean {
	let errorData: unknown;
	if (item.error) errorData = item.error;
	else if (item.json.error && Object.keys(item.json).length === 1) errorData = item.json.error;
	return Boolean(errorData);
}

/** What n8n does with every item afterwards, in all versions. */
function afterwards(item: Item): Item {
	if (item.error !== undefined) item.json = { error: item.error.message };
	return item;
}

test('an item without the mark went to the success output before 2.36', () => {
	expect(isFailedBefore236({ json: { error: 'No', details: {} } })).toBe(false);
});

test('a marked item goes to the error output before 2.36', () => {
	expect(isFailedBefore236(failed())).toBe(true);
});

test('its details are there afterwards, also where n8n passes on the item itself', () => {
	const item = failed();
	isFailedBefore236(item);
	expect(afterwards(item).json).toEqual({ error: 'No', details: { outcome: 'notSent' } });
});

test('its details are there afterwards where n8n passes on a copy', () => {
	const item = failed();
	isFailedBefore236(item);
	expect(afterwards({ ...item, json: { name: 'x', ...item.json } }).json).toEqual({
		...{ name: 'x', error: 'No' },
		details: { outcome: 'notSent' },
	});
});

test('nothing of the mark is kept or shown', () => {
	expect(Object.keys(failed())).toEqual(['json', 'pairedItem']);
	expect(JSON.stringify(failed())).not.toContain('stack');
});
