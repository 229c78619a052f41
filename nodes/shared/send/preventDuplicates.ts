import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { noteOf, TooSlow, type Before, type Note } from './duplicateStore';
import { MarketplaceError, Refusal, type MarketplaceName, type MessageStatus } from '../outcome';
import type { SendOptions } from './sendOptions';
import { executionOf } from '../run/execution';
import { fingerprint } from '../auth/accessToken';
import { settleAll } from '../settleAll';

/** What a message is, for telling the same one from another. */
export interface MessageIdentity {
	marketplace: MarketplaceName;
	/** The order, item and buyer, or ticket that it belongs to: a 'Duplicate Key' counts within them. */
	within: readonly string[];
	/** Everything that makes it this message; a function where that costs something to find out. */
	same: unknown[] | (() => Promise<unknown[]>);
	/** Where a person sees whether it arrived. */
	whereToLook: string;
	/**
	 * Asks the marketplace what became of a message in doubt; left out where none can tell.
	 * @param key a fingerprint of what makes it this message
	 */
	settled?(key: string): Promise<Settled>;
}

/**
 * What became of a message in doubt, as far as the marketplace tells. `attempt` names the one that surely
 * failed, so that everybody who is told the same sends the next one under the same note: only one does.
 */
export type Settled = { end: 'sent' } | { end: 'notSent'; attempt: string } | { end: 'open' };

const OPEN: Settled = { end: 'open' };

/** How a message is sent. */
export interface Steps<Prepared> {
	/** Everything that comes before the message leaves. */
	prepare(): Promise<Prepared>;
	/** @param key a fingerprint of what makes it this message; empty where duplicates are not prevented */
	send(prepared: Prepared, key: string): Promise<Ended>;
}

/** What became of a message that did not fail. */
export interface Ended extends IDataObject {
	status: MessageStatus;
}

/**
 * Sends a message unless it was sent before ("Prevent Duplicates").
 *
 * In two steps: the message is noted before it is sent and confirmed after it. Between its preparation and
 * the sending itself the note has to stand. A message that an earlier execution noted and never confirmed is
 * in doubt, and so is one that came out as `accepted`: the marketplace is asked what became of it, where it
 * can tell, or else the seller's option says what to do.
 *
 * @throws MarketplaceError `unknown` for a message in doubt, unless told otherwise
 */
export async function sentOnce<Prepared>(
	context: IExecuteFunctions,
	about: MessageIdentity,
	options: SendOptions,
	steps: Steps<Prepared>,
): Promise<Ended> {
	if (!options.preventDuplicates) return await steps.send(await steps.prepare(), '');

	const same =
		givenKey(about, options) ?? (Array.isArray(about.same) ? about.same : await about.same());
	const key = fingerprint(about.marketplace, ...same.map((part) => JSON.stringify(part) ?? ''));
	const note = noteOf(context, key);

	// The same message, on its way at this moment in this process: what becomes of it decides.
	for (let other = flying.get(note.place); other; other = flying.get(note.place)) await other;

	const mine = (async (): Promise<Ended> => {
		const { before, attempt, doubts } = await firstOpen(context, about, key, note);
		const goes = before === 'new' || (before === 'inDoubt' && options.whenInDoubt === 'send');
		const end = goes ? await sendNoted(attempt, before, key, steps) : before;
		const isAccepted = typeof end === 'object' && end.status === 'accepted';
		const isTreated = end === 'inDoubt' && options.whenInDoubt === 'treatAsSent';
		if (end === 'inDoubt' && !isTreated) throw inDoubtError(about, options);
		if (!isAccepted) {
			const certain = isTreated ? [attempt, ...doubts] : doubts;
			await settleAll(certain, async (one) => await one.confirm().catch(() => undefined));
		}
		if (typeof end === 'object') return end;
		if (isTreated) return { status: 'skipped', reason: 'treatedAsSent' };
		executionOf(context).hint(SKIPPED);
		return { status: 'skipped', reason: 'alreadySent' };
	})();
	flying.set(note.place, Promise.allSettled([mine]));
	try {
		return await mine;
	} finally {
		flying.delete(note.place);
	}
}

/** The note of an attempt, what there was of it before, and the doubts that it settles. */
interface Attempt {
	attempt: Note;
	before: Before;
	doubts: Note[];
}

/**
 * Begins the first attempt that did not surely fail. Each has a note of its own, named after the one before
 * it that failed: so two processes that are told of the same failure meet at the same note.
 */
async function firstOpen(
	context: IExecuteFunctions,
	about: MessageIdentity,
	key: string,
	note: Note,
): Promise<Attempt> {
	const failed = new Set<string>();
	const doubts: Note[] = [];
	for (let attempt = note; ;) {
		const before = await attempt.begin().catch((error: unknown) => {
			throw storeFailedError(error);
		});
		const known = before === 'inDoubt' ? await about.settled?.(key).catch(() => OPEN) : OPEN;
		if (known?.end === 'sent') {
			return { attempt, before: 'sent', doubts: [...doubts, attempt] };
		}
		const isNews = known?.end === 'notSent' && !failed.has(known.attempt);
		if (!isNews) return { attempt, before, doubts };
		failed.add(known.attempt);
		doubts.push(attempt);
		attempt = noteOf(context, fingerprint(key, known.attempt));
	}
}

const flying = new Map<string, Promise<unknown>>();

/** Shorter ones are in too many texts by chance. */
const CERTAIN_ID = 6;

/**
 * @returns what the seller says that counts as the same message, within what it belongs to; nothing where he
 * does not. A key that names it all by itself needs nothing beside it.
 * @throws Refusal for an expression that was typed as a text: it would be the same for every message
 */
function givenKey(
	{ within }: MessageIdentity,
	{ duplicateKey }: SendOptions,
): unknown[] | undefined {
	const given = String(duplicateKey ?? '').trim();
	if (given === '') return undefined;
	if (given.includes('{{')) {
		throw new Refusal(
			`'Duplicate Key' holds an expression as plain text: ${given.slice(0, 60)}`,
			"As it stands it is the same for every message. Drag the field, for example the order ID, from the input onto 'Duplicate Key', or switch the field to 'Expression'. To compare the whole message, leave it empty.",
		);
	}
	const isWithin = within.every((id) => id.length >= CERTAIN_ID && given.includes(id));
	return isWithin ? [given] : [given, 'within', ...within];
}

const SKIPPED =
	"What was sent before was not sent again ('Prevent Duplicates'). To send it once more, write another 'Duplicate Key' or switch the option off.";

/** @returns what was sent; or, where another process came first, what its note says */
async function sendNoted<Prepared>(
	note: Note,
	before: Before,
	key: string,
	{ prepare, send }: Steps<Prepared>,
): Promise<Ended | Before> {
	// A doubt from before has no note of its own that could stand.
	let found: Before | undefined = before === 'new' ? undefined : 'new';
	let sent: Ended;
	try {
		const prepared = await prepare();
		found ??= await note.stands().catch((error: unknown) => {
			throw storeFailedError(error);
		});
		if (found !== 'new') return found;
		sent = await send(prepared, key);
	} catch (error) {
		const unknown = error instanceof MarketplaceError && error.details.outcome === 'unknown';
		if (!unknown && before === 'new') {
			// It may have failed before anybody looked.
			found ??= await note.stands().catch(() => undefined);
			if (found === 'new') await note.forget().catch(() => undefined);
			else if (found !== undefined) return found;
		}
		throw error as Error;
	}
	// The message is out. If the note cannot be written, the next execution is in doubt: never a second send.
	if (sent.status !== 'accepted') await note.confirm().catch(() => undefined);
	return sent;
}

function storeFailedError(error: unknown): Refusal {
	const words = error instanceof Error ? error.message : String(error);
	const [message, description] =
		error instanceof TooSlow
			? [
					"'Prevent Duplicates' could not be sure that no other worker sends the same message",
					`n8n's own store was too slow: ${words}. Run the item again; if this comes back, look at n8n's database.`,
				]
			: [
					"'Prevent Duplicates' could not look up what was sent before",
					`n8n's own store failed: ${words}`,
				];
	return new Refusal(message, description, undefined, true);
}

function inDoubtError(
	{ marketplace, whereToLook }: MessageIdentity,
	{ whenInDoubt }: SendOptions,
): MarketplaceError {
	const advice =
		whenInDoubt === 'send'
			? 'If it did not arrive, run the item once more.'
			: "Then choose 'Send Again' or 'Treat as Sent' for 'When in Doubt', run the item once, and set it back to 'Stop and Say So'.";
	return new MarketplaceError(
		'An earlier run began to send this message, and it is not known whether the buyer got it',
		{
			outcome: 'unknown',
			retryable: false,
			code: 'InDoubt',
			marketplace,
			description: `It got no answer, was stopped in the middle, or is still at it. ${whereToLook}. ${advice}`,
		},
	);
}
