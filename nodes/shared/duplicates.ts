import type { ICheckProcessedOptions, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { MarketplaceError, Refusal, type MarketplaceName } from './outcome';
import type { SendOptions } from './sendOptions';
import { fingerprint } from './tokens';

/** What a message is, for telling the same one from another. */
export interface MessageIdentity {
	marketplace: MarketplaceName;
	/** Everything that makes it this message; a function where that costs something to find out. */
	same: unknown[] | (() => Promise<unknown[]>);
	/** Where a person sees whether it arrived. */
	whereToLook: string;
}

/**
 * Sends a message unless it was sent before ("Prevent Duplicates").
 *
 * In two steps: the message is noted before it is sent and confirmed after it. A message that an earlier
 * execution noted and never confirmed is in doubt: the seller's option says what becomes of it.
 *
 * @param shown what the output says of a message that is passed over
 * @throws MarketplaceError `unknown` for a message in doubt, unless told otherwise
 */
export async function sentOnce(
	this: IExecuteFunctions,
	about: MessageIdentity,
	options: SendOptions,
	shown: IDataObject,
	send: () => Promise<IDataObject>,
): Promise<IDataObject> {
	if (!options.preventDuplicates) return await send();

	const given = String(options.duplicateKey ?? '').trim();
	const same = given !== '' ? [given] : Array.isArray(about.same) ? about.same : await about.same();
	const key = fingerprint(about.marketplace, ...same.map((part) => JSON.stringify(part) ?? ''));
	const ledger = ledgerOf(this);
	const place = `${ledger.place} ${key}`;

	// The same message, on its way at this moment in this process: what becomes of it decides.
	for (let other = flying.get(place); other; other = flying.get(place)) await other;

	const mine = (async () => {
		const before = await ledger.begin(key).catch((error: unknown) => {
			throw new Refusal(
				"'Prevent Duplicates' could not look up what was sent before",
				`Nothing was sent. n8n's own store did not answer: ${error instanceof Error ? error.message : String(error)}`,
			);
		});
		if (before === 'sent') return { status: 'skipped', reason: 'alreadySent', ...shown };
		if (before === 'inDoubt' && options.whenInDoubt === 'treatAsSent') {
			await ledger.confirm(key);
			return { status: 'skipped', reason: 'treatedAsSent', ...shown };
		}
		if (before === 'inDoubt' && options.whenInDoubt !== 'send') throw inDoubt(about);
		return await sendNoted(ledger, key, before, send);
	})();
	const landed = mine.then(
		() => undefined,
		() => undefined,
	);
	flying.set(place, landed);
	try {
		return await mine;
	} finally {
		flying.delete(place);
	}
}

const flying = new Map<string, Promise<void>>();

async function sendNoted(
	ledger: Ledger,
	key: string,
	before: Before,
	send: () => Promise<IDataObject>,
): Promise<IDataObject> {
	const sending = send();
	const unsent = await sending.then(
		() => false,
		(error: unknown) => !(error instanceof MarketplaceError && error.details.outcome === 'unknown'),
	);
	// A doubt from before stays one: this failure says nothing about the earlier try.
	if (unsent && before === 'new') await ledger.forget(key).catch(() => undefined);
	const sent = await sending;
	// The message is out. If the note cannot be written, the next execution is in doubt: never a second send.
	await ledger.confirm(key).catch(() => undefined);
	return sent;
}

function inDoubt({ marketplace, whereToLook }: MessageIdentity): MarketplaceError {
	return new MarketplaceError(
		'An earlier execution began to send this message and never learned whether it was sent',
		{
			outcome: 'unknown',
			retryable: false,
			code: 'InDoubt',
			marketplace,
			description: `${whereToLook}. Then set the option 'When in Doubt' to 'Send Again' or to 'Treat as Sent' and run the item once more.`,
		},
	);
}

type Before = 'new' | 'sent' | 'inDoubt';

interface Ledger {
	/** Workflow and node: whose notes these are. */
	place: string;
	begin(key: string): Promise<Before>;
	confirm(key: string): Promise<void>;
	forget(key: string): Promise<void>;
}

/** Notes that n8n's store keeps for a node; the oldest are dropped first. A message is one note once it is confirmed. */
const STORE: ICheckProcessedOptions = { mode: 'entries', maxEntries: 20_000 };

/** A key with this mark says: begun and not confirmed. */
const open = (key: string) => `${key} open`;

interface Wish {
	kind: 'begin' | 'remove';
	notes: string[];
	done(known: Set<string>): void;
	failed(error: unknown): void;
}

/**
 * n8n's store is one list a node, read and rewritten whole, without a lock. So all items of the process
 * use it in turns, and what is wished for while a turn runs is done in one go in the next.
 */
const queues = new Map<string, { wishes: Wish[]; running: boolean }>();

function ledgerOf(context: IExecuteFunctions): Ledger {
	const place = `${context.getWorkflow().id} ${context.getNode().id}`;
	const wish = async (kind: Wish['kind'], notes: string[]) =>
		await new Promise<Set<string>>((done, failed) => {
			const queue = queues.get(place) ?? { wishes: [], running: false };
			queues.set(place, queue);
			queue.wishes.push({ kind, notes, done, failed });
			if (!queue.running) void work(context, place, queue);
		});

	return {
		place,
		async begin(key) {
			const known = await wish('begin', [key, open(key)]);
			if (known.has(open(key))) return 'inDoubt';
			if (!known.has(key)) return 'new';
			// It was confirmed long ago: the mark that was just set goes again.
			await wish('remove', [open(key)]);
			return 'sent';
		},
		confirm: async (key) => void (await wish('remove', [open(key)])),
		forget: async (key) => void (await wish('remove', [key, open(key)])),
	};
}

async function work(
	context: IExecuteFunctions,
	place: string,
	queue: { wishes: Wish[]; running: boolean },
): Promise<void> {
	queue.running = true;
	while (queue.wishes.length > 0) {
		// In order: wishes of one kind go together until another kind comes.
		const { kind } = queue.wishes[0]!;
		const other = queue.wishes.findIndex((wish) => wish.kind !== kind);
		const turn = queue.wishes.splice(0, other === -1 ? queue.wishes.length : other);
		try {
			const known = await inStore(context, kind, turn);
			turn.forEach(({ done }, i) => done(known[i]!));
		} catch (error) {
			turn.forEach(({ failed }) => failed(error));
		}
	}
	queue.running = false;
	queues.delete(place);
}

/** @returns for each wish the notes that were there before it */
async function inStore(
	context: IExecuteFunctions,
	kind: Wish['kind'],
	wishes: Wish[],
): Promise<Array<Set<string>>> {
	if (kind === 'remove') {
		const notes = wishes.flatMap((wish) => wish.notes);
		await context.helpers.removeProcessed(notes, 'node', STORE);
		return wishes.map(() => new Set());
	}
	const notes = wishes.flatMap((wish) => wish.notes);
	const { processed } = await context.helpers.checkProcessedAndRecord(notes, 'node', STORE);
	const known = new Set(processed.map(String));
	return wishes.map((wish) => new Set(wish.notes.filter((note) => known.has(note))));
}
