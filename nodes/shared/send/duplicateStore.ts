import type { IExecuteFunctions } from 'n8n-workflow';

import { jittered, wait } from '../sleep';
import type { Begun } from './begun';
import { GAP_MS, isNew, LIMIT_MS, type Look } from './listEntries';
import { rightFrom, type RightToSend } from './rightToSend';
import { listOf } from './sharedList';

/** Notes of messages in n8n's de-duplication store, for "Prevent Duplicates". */

/** What there was of a message before. */
export type Before = 'new' | 'sent' | 'inDoubt';

/** What n8n's store says of one message. */
export interface Note {
	/** Workflow, node and message. */
	place: string;
	/** Names the message among those of its node. */
	key: string;
	/** Makes the note, and says what was there before. */
	begin(): Promise<Before>;
	/**
	 * Whether the note of a `new` message is still there, when every other process has to know of it:
	 * `new` says yes, everything else is another process's.
	 * @throws TooSlow where the store took too long to be sure of anything
	 */
	stands(): Promise<Before>;
	/** Asks once more about a message in doubt, and when it was begun, as far as that is known. */
	askWhen(): Promise<{ before: Before; begun?: Begun }>;
	/** A message in doubt is begun once more, under the note that is there. */
	beginAgain(): Promise<void>;
	/** From when it was begun here the last time. */
	right(): RightToSend;
	confirm(): Promise<void>;
	forget(): Promise<void>;
}

/** How often a note is made again that was written over. */
const NOTES = 20;
/** How often a doubt is looked at again: another process may be sending, or only passing. */
const DOUBT_LOOKS = 3;

/** The store took so long to note a message that nothing can be told from it. */
export class TooSlow extends Error {}

export function noteOf(context: IExecuteFunctions, key: string): Note {
	const list = () => listOf(context);
	let standing: Promise<Before> | undefined;
	let at = Date.now();
	let right = rightFrom(at);
	const startNow = () => {
		at = Date.now();
		right = rightFrom(at);
	};

	const pastOthers = async (look: Look) => {
		const metAt = Date.now();
		for (let i = 1; look.open && i <= DOUBT_LOOKS; i++) {
			await wait(jittered(2 ** i * GAP_MS));
			look = await list().ask({ key, at, metAt });
		}
		return look;
	};
	const lookAgain = async (noted: Look): Promise<Before> => {
		let look = noted;
		for (let time = 0; time < NOTES; time++) {
			const { took, mark } = look;
			look = await list().ask({ key, at, mark });
			if (look.stands && !look.taken) {
				if (took <= LIMIT_MS) return 'new';
				await list().forget(key, at);
				throw new TooSlow(`it took ${Math.ceil(took / 1000)} seconds to note the message`);
			}
			if (!isNew(look)) look = await pastOthers(look);
			if (!isNew(look)) return beforeOf(look);
		}
		throw new Error('other processes write over it again and again');
	};

	const noted = (look: Look): 'new' => {
		standing = lookAgain(look);
		standing.catch(() => undefined);
		return 'new';
	};

	return {
		place: `${list().id} ${key}`,
		key,
		async begin() {
			startNow();
			if (list().isSent(key)) return 'sent';
			// What this process left open does not change by waiting.
			const ours = list().isOurs(key);
			const found = await list().ask({ key, at });
			const look = ours ? found : await pastOthers(found);
			return isNew(look) ? noted(look) : beforeOf(look);
		},
		stands: async () => await standing!,
		async askWhen() {
			startNow();
			const look = await list().ask({ key, at, what: 'when' });
			return { before: isNew(look) ? noted(look) : beforeOf(look), begun: look.begun };
		},
		async beginAgain() {
			startNow();
			await list().ask({ key, at, what: 'again' });
		},
		right: () => right,
		confirm: async () => await list().confirm(key, at),
		forget: async () => await list().forget(key, at),
	};
}

const beforeOf = ({ open }: Look): Before => (open ? 'inDoubt' : 'sent');
