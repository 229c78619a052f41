import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { noteOf, type Before, type Note } from './duplicateStore';
import type { MessageIdentity } from './identity';
import { firstOpen, inDoubtError, storeFailedError } from './inDoubt';
import type { LookUp } from './lookUp';
import { FOR_EVER, type RightToSend } from './rightToSend';
import { MarketplaceError, Refusal, type MessageStatus } from '../outcome';
import type { SendOptions } from './sendOptions';
import { executionOf } from '../run/execution';
import { fingerprint } from '../auth/accessToken';
import { settleAll } from '../settleAll';

/** How a message is sent. */
export interface Steps<Prepared> {
	/** Everything that comes before the message leaves. */
	prepare(): Promise<Prepared>;
	/**
	 * @param key a fingerprint of what makes it this message; empty where duplicates are not prevented
	 * @param right to be looked at before each try
	 */
	send(prepared: Prepared, key: string, right: RightToSend): Promise<Ended>;
	/** How to look for one that an earlier execution began. */
	lookUp?: LookUp<Prepared>;
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
	if (!options.preventDuplicates) return await steps.send(await steps.prepare(), '', FOR_EVER);

	const same =
		givenKey(about, options) ?? (Array.isArray(about.same) ? about.same : await about.same());
	const key = fingerprint(about.marketplace, ...same.map((part) => JSON.stringify(part) ?? ''));
	const note = noteOf(context, key);

	// The same message, on its way at this moment in this process: what becomes of it decides.
	for (let other = flying.get(note.place); other; other = flying.get(note.place)) await other;

	const mine = (async (): Promise<Ended> => {
		const open = await firstOpen(context, { about, options, key, lookUp: steps.lookUp }, note);
		const { before, attempt, doubts } = open;
		const goes = before === 'new' || (before === 'inDoubt' && options.whenInDoubt === 'send');
		const end = goes ? await sendNoted(attempt, before, key, steps) : before;
		const isAccepted = typeof end === 'object' && end.status === 'accepted';
		const isTreated = end === 'inDoubt' && options.whenInDoubt === 'treatAsSent';
		if (end === 'inDoubt' && !isTreated) throw inDoubtError(about, options, open.evidence);
		if (!isAccepted) {
			const certain = isTreated ? [attempt, ...doubts] : doubts;
			await settleAll(certain, async (one) => await one.confirm().catch(() => undefined));
		}
		if (typeof end === 'object') return remembered(note.place, end);
		if (isTreated) return { status: 'skipped', reason: 'treatedAsSent' };
		executionOf(context).hint(SKIPPED);
		const sentAt = sentTimes.get(note.place);
		return { status: 'skipped', reason: 'alreadySent', foundBy: open.foundBy, sentAt };
	})();
	flying.set(note.place, Promise.allSettled([mine]));
	try {
		return await mine;
	} finally {
		flying.delete(note.place);
	}
}

const flying = new Map<string, Promise<unknown>>();

/** When this process sent what (ISO 8601): n8n's store keeps no times. The newest ones. */
const sentTimes = new Map<string, string>();
const TIMES_KEPT = 10_000;

function remembered(place: string, end: Ended): Ended {
	if (typeof end.sentAt === 'string') sentTimes.set(place, end.sentAt);
	const [oldest] = sentTimes.keys();
	if (sentTimes.size > TIMES_KEPT && oldest !== undefined) sentTimes.delete(oldest);
	return end;
}

/** Shorter ones are in too many texts by chance. */
const CERTAIN_ID = 6;

/**
 * @returns what the seller says that counts as the same message, within what it belongs to; nothing where he
 * does not. A key that names it all by itself needs nothing beside it.
 * @throws Refusal for an expression that was typed as a text: it would be the same for every message
 */
export function givenKey(
	{ within }: MessageIdentity,
	{ duplicateKey }: SendOptions,
): unknown[] | undefined {
	if (duplicateKey === '') return undefined;
	if (duplicateKey.includes('{{')) {
		throw new Refusal(
			`'Duplicate Key' holds an expression as plain text: ${duplicateKey.slice(0, 60)}`,
			"As it stands it is the same for every message. Drag the field, for example the order ID, from the input onto 'Duplicate Key', or switch the field to 'Expression'. To compare the whole message, leave it empty.",
		);
	}
	const isWithin = within.every((id) => id.length >= CERTAIN_ID && duplicateKey.includes(id));
	return isWithin ? [duplicateKey] : [duplicateKey, 'within', ...within];
}

const SKIPPED =
	"What was sent before was not sent again ('Prevent Duplicates'). To send it once more, write another 'Duplicate Key' or switch the option off.";

/** @returns what was sent; or, where another process came first, what its note says */
async function sendNoted<Prepared>(
	note: Note,
	before: Before,
	key: string,
	{ prepare, send, lookUp }: Steps<Prepared>,
): Promise<Ended | Before> {
	// A doubt from before has no note of its own that could stand.
	let found: Before | undefined = before === 'new' ? undefined : 'new';
	let sent: Ended;
	if (before === 'inDoubt') await note.beginAgain().catch(failStore);
	const right = lookUp?.tellsAbsence ? note.right() : FOR_EVER;
	try {
		const prepared = await prepare();
		found ??= await note.stands().catch(failStore);
		if (found !== 'new') return found;
		sent = await send(prepared, key, right);
	} catch (error) {
		const unknown = error instanceof MarketplaceError && error.details.outcome === 'unknown';
		if (!unknown && before === 'new') {
			// It may have failed before anybody looked.
			found ??= await note.stands().catch(() => undefined);
			if (found !== 'new' && found !== undefined) return found;
			// Where another process may have gone on with it, the note says so.
			if (found === 'new' && right.isAlone()) await note.forget().catch(() => undefined);
		}
		throw error as Error;
	}
	// The message is out. If the note cannot be written, the next execution is in doubt: never a second send.
	if (sent.status !== 'accepted') await note.confirm().catch(() => undefined);
	return sent;
}

function failStore(error: unknown): never {
	throw storeFailedError(error);
}
