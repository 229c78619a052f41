import { randomUUID } from 'node:crypto';

import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';

import { jittered, wait, waitUntil } from '../sleep';

/** Notes of messages in n8n's de-duplication store, for "Prevent Duplicates". */

/** What there was of a message before. */
export type Before = 'new' | 'sent' | 'inDoubt';

/** What n8n's store says of one message. */
export interface Note {
	/** Workflow, node and message. */
	place: string;
	/** Makes the note, and says what was there before. */
	begin(): Promise<Before>;
	/** Looks again whether this note stands: `new` says yes, everything else is another process's. */
	stands(): Promise<Before>;
	confirm(): Promise<void>;
	forget(): Promise<void>;
}

/** Entries that n8n's store keeps for a node; the oldest are dropped first. A confirmed message is one of them. */
const STORE: ICheckProcessedOptions = { mode: 'entries', maxEntries: 20_000 };

/**
 * How long a note has to stand before its message leaves, at the least (milliseconds): longer than a
 * process takes from reading the store to writing it.
 */
const HOLD_MS = 100;
/** How often a note is made again that was written over. */
const LOOKS = 20;
/** How often a doubt is looked at again: another process may only be passing. */
const DOUBT_LOOKS = 3;
/** How often a mark is taken away again that another process may have put back. */
const TAKEN_AWAY = 3;

/** Lists in which another process of n8n was seen to write. */
const shared = new Set<string>();

/**
 * A message is noted by its key, a mark that says "begun and not confirmed", and a mark of whoever began
 * it. n8n's store has no lock: of two processes that read it before either writes, the second replaces
 * what the first one wrote. So everybody looks again, when all who read the old list have written: whose
 * own mark stands may send; who finds only another's came second; who finds none writes once more.
 */
export function noteOf(context: IExecuteFunctions, key: string): Note {
	const list = `${context.getWorkflow().id} ${context.getNode().id}`;
	const open = `${key} open`;
	const mine = `${key} by ${randomUUID()}`;
	const record = async () => await wish(context, list, 'record', [key, open, mine]);
	const remove = async (...entries: string[]) =>
		void (await wish(context, list, 'remove', entries));
	let hold = HOLD_MS;
	let standsAt = 0;

	/** Only for a message that is out: its key stays, so that nobody's later send can lose its marks. */
	const settle = async () => {
		await remove(open, mine);
		if (shared.has(list)) void keepSettled().catch(() => undefined);
	};
	/** Nobody can look for the marks without making them: so they are taken away a few times. */
	const keepSettled = async () => {
		for (let time = 0; time < TAKEN_AWAY; time++) {
			await wait(jittered(2 * HOLD_MS));
			await remove(open, mine);
		}
	};
	/** Another process may be sending it now; and whoever meets a confirmed message makes its mark too, for a moment. */
	const pastOthers = async (known: Set<string>) => {
		for (let look = 0; known.has(open) && look < DOUBT_LOOKS; look++) {
			await wait(jittered(2 * hold));
			known = await record();
			if (!known.has(open)) shared.add(list);
		}
		return known;
	};
	/** @returns `new` where there was no note; what is known does not depend on tidying up */
	const read = async (known: Set<string>): Promise<Before> => {
		const doubt = known.has(open);
		if (!doubt && !known.has(key)) return 'new';
		await (doubt ? remove(mine) : settle()).catch(() => undefined);
		return doubt ? 'inDoubt' : 'sent';
	};

	return {
		place: `${list} ${key}`,
		async begin() {
			const from = Date.now();
			const known = await record();
			hold = Math.max(HOLD_MS, 2 * (Date.now() - from));
			const before = await read(await pastOthers(known));
			standsAt = Date.now() + hold;
			return before;
		},
		async stands() {
			for (let look = 0; look < LOOKS; look++) {
				await waitUntil(() => standsAt);
				const known = await record();
				if (known.has(mine)) return 'new';
				shared.add(list);
				const found = await read(await pastOthers(known));
				if (found !== 'new') return found;
				standsAt = Date.now() + hold;
			}
			throw new Error('other processes write over it again and again');
		},
		confirm: settle,
		forget: async () => await remove(key, open, mine),
	};
}

interface Wish {
	kind: 'record' | 'remove';
	entries: string[];
	done(known: Set<string>): void;
	failed(error: unknown): void;
}

/**
 * The store is one list a node, read and rewritten whole. So all items of the process use it in turns,
 * and what is wished for while a turn runs is done in one go in the next.
 */
const queues = new Map<string, { wishes: Wish[]; running: boolean }>();

/** @returns the entries that were there before */
async function wish(
	context: IExecuteFunctions,
	list: string,
	kind: Wish['kind'],
	entries: string[],
): Promise<Set<string>> {
	return await new Promise<Set<string>>((done, failed) => {
		const queue = queues.get(list) ?? { wishes: [], running: false };
		queues.set(list, queue);
		queue.wishes.push({ kind, entries, done, failed });
		if (!queue.running) void work(context, list, queue);
	});
}

async function work(
	context: IExecuteFunctions,
	list: string,
	queue: { wishes: Wish[]; running: boolean },
): Promise<void> {
	queue.running = true;
	while (queue.wishes.length > 0) {
		// In order: wishes of one kind go together until another kind comes.
		const { kind } = queue.wishes[0]!;
		const other = queue.wishes.findIndex((wish) => wish.kind !== kind);
		const turn = queue.wishes.splice(0, other === -1 ? queue.wishes.length : other);
		try {
			const once = async () => await inStore(context, kind, turn);
			// Two processes that write a node's first note at the same time collide, as those of a busy database do.
			const known = await once().catch(async () => {
				await wait(HOLD_MS);
				return await once();
			});
			turn.forEach(({ done }, i) => done(known[i]!));
		} catch (error) {
			turn.forEach(({ failed }) => failed(error));
		}
	}
	queue.running = false;
	queues.delete(list);
}

/** @returns for each wish the entries that were there before it */
async function inStore(
	context: IExecuteFunctions,
	kind: Wish['kind'],
	wishes: Wish[],
): Promise<Array<Set<string>>> {
	if (kind === 'remove') {
		const entries = wishes.flatMap((wish) => wish.entries);
		await context.helpers.removeProcessed(entries, 'node', STORE);
		return wishes.map(() => new Set());
	}
	const entries = wishes.flatMap((wish) => wish.entries);
	const { processed } = await context.helpers.checkProcessedAndRecord(entries, 'node', STORE);
	const known = new Set(processed.map(String));
	return wishes.map((wish) => new Set(wish.entries.filter((entry) => known.has(entry))));
}
