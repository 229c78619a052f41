/** A notification for which several main processes of n8n started an execution: one of them goes on. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fingerprint } from '../../../nodes/shared/auth/accessToken.ts';
import { EbayNotificationTrigger } from '../../../nodes/Ebay/EbayNotificationTrigger.node.ts';
import { keepNotes, nextExecutionId, nodeId, runNode } from '../../engine/engine.mts';
import type { Notes } from '../../engine/notes.mts';
import { quickTime } from '../../engine/quickTime.mts';

let notes: Notes;
let slowAgain: () => void;
beforeEach(async () => {
	slowAgain = quickTime();
	notes = await keepNotes();
});
afterEach(() => {
	jest.restoreAllMocks();
	slowAgain();
});

/** The node as a process of n8n has it, which knows nothing of another one. */
async function ofAProcess(): Promise<EbayNotificationTrigger> {
	let node: EbayNotificationTrigger | undefined;
	await jest.isolateModulesAsync(async () => {
		const own = await import('../../../nodes/Ebay/EbayNotificationTrigger.node.ts');
		node = new own.EbayNotificationTrigger();
	});
	return node!;
}

const item = (notificationId: string) => ({ json: { notificationId, messageId: '1' } });

interface Started {
	by?: EbayNotificationTrigger;
	executionId?: string;
	mode?: 'webhook' | 'manual';
}

/** @returns the notifications that the workflow goes on with */
async function goesOn(id: string, started: Started = {}): Promise<unknown[]> {
	const { by: node = new EbayNotificationTrigger(), mode = 'webhook', executionId } = started;
	const { items, error } = await runNode(
		{ node, credentialTypes: [], credentials: {} },
		{ parameters: { topic: 'newMessage' }, items: [item(id)], mode, executionId },
	);
	expect(error).toBeUndefined();
	return items.map(({ json }) => json.notificationId);
}

test('goes on with what came in, as it came in', async () => {
	const { items } = await runNode(
		{ node: new EbayNotificationTrigger(), credentialTypes: [], credentials: {} },
		{ parameters: { topic: 'newMessage' }, items: [item('a')], mode: 'webhook' },
	);
	expect(items).toMatchObject([item('a')]);
});

test('of two processes in the same instant one goes on', async () => {
	const processes = [await ofAProcess(), await ofAProcess()];
	const went = await Promise.all(processes.map(async (by) => await goesOn('a', { by })));
	expect(went.flat()).toEqual(['a']);
});

test('what one process went on with is known to another one later', async () => {
	expect(await goesOn('a', { by: await ofAProcess() })).toEqual(['a']);
	expect(await goesOn('a', { by: await ofAProcess() })).toEqual([]);
	expect(await goesOn('b', { by: await ofAProcess() })).toEqual(['b']);
});

test('an execution that n8n begins again after its process died goes on again', async () => {
	const executionId = nextExecutionId();
	expect(await goesOn('a', { by: await ofAProcess(), executionId })).toEqual(['a']);
	expect(await goesOn('a', { by: await ofAProcess(), executionId })).toEqual(['a']);
	expect(await goesOn('a', { by: await ofAProcess() })).toEqual([]);
});

test('in the editor it goes on each time', async () => {
	expect(await goesOn('a', { mode: 'manual' })).toEqual(['a']);
	expect(await goesOn('a', { mode: 'manual' })).toEqual(['a']);
	expect(notes.reads).toBe(0);
});

test('goes on where the store fails: what is lost does not come again', async () => {
	jest.spyOn(notes, 'checkProcessedAndRecord').mockRejectedValue(new Error('database is locked'));
	expect(await goesOn('a')).toEqual(['a']);
});

test('goes on where a process noted it and ended in that moment', async () => {
	const place = { workflow: { id: 'w1' }, node: { id: nodeId() } } as never;
	const context = {
		getWorkflow: () => ({ id: 'w1' }),
		getNode: () => ({ id: nodeId() }),
		helpers: {
			checkProcessedAndRecord: async (entries: string[]) =>
				await notes.checkProcessedAndRecord(entries, 'node', place, { mode: 'entries' }),
			removeProcessed: async (entries: string[]) =>
				await notes.removeProcessed(entries, 'node', place),
		},
	} as unknown as IExecuteFunctions;
	await jest.isolateModulesAsync(async () => {
		const { noteOf } = await import('../../../nodes/shared/send/duplicateStore.ts');
		expect(await noteOf(context, fingerprint('notification', 'a')).begin()).toBe('new');
	});
	expect(await goesOn('a', { by: await ofAProcess() })).toEqual(['a']);
});
