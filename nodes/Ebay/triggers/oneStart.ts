import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { fingerprint } from '../../shared/auth/accessToken';
import { noteOf, type Before, type Note } from '../../shared/send/duplicateStore';
import { wait } from '../../shared/sleep';

/** Whoever is at it takes a tenth of a second; so long it is waited for (looks, milliseconds between them). */
const LOOKS = 20;
const LOOK_EVERY_MS = 1000;

/**
 * Several main processes of n8n may each have started an execution for one notification: what a webhook
 * remembers is saved without a lock (`notification.ts`). So the execution asks the store of "Prevent
 * Duplicates", which all processes share, before anything else runs. It takes a little over 100 milliseconds,
 * and eBay has had its answer.
 *
 * @returns the item; nothing where another execution goes on with it. Where the store fails, or a process
 * ended in the middle, the item all the same: what is lost does not come again.
 */
export async function startedOnce(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	const id = items[0]?.json.notificationId;
	if (context.getMode() !== 'webhook' || typeof id !== 'string') return items;
	try {
		return (await isMine(context, id)) ? items : [];
	} catch (error) {
		context.logger.warn(
			`Whether a notification was started twice could not be looked up: ${(error as Error).message}`,
		);
		return items;
	}
}

/** An execution that n8n begins again (after a worker died) is still the one that goes on. */
async function isMine(context: IExecuteFunctions, id: string): Promise<boolean> {
	const first = noteOf(context, fingerprint('notification', id));
	const mine = noteOf(context, fingerprint('notification', id, context.getExecutionId()));
	const [begun, found] = await Promise.all([mine.begin(), noted(first)]);
	if (begun === 'sent') return true;
	if (found === 'sent') {
		await mine.forget();
		return false;
	}
	// This execution's own first: what it is known by when it begins again.
	await mine.confirm();
	await first.confirm();
	return true;
}

/** @returns `new`: nobody else has it; `inDoubt`: somebody noted it and never came back */
async function noted(note: Note): Promise<Before> {
	for (let look = 1; ; look++) {
		const begun = await note.begin();
		const found = begun === 'new' ? await note.stands() : begun;
		if (found !== 'inDoubt' || look === LOOKS) return found;
		await wait(LOOK_EVERY_MS);
	}
}
