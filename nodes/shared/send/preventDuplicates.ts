import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { noteOf, type Before, type Note } from './duplicateStore';
import { MarketplaceError, Refusal, type MarketplaceName } from '../outcome';
import type { SendOptions } from './sendOptions';
import { executionOf } from '../run/execution';
import { fingerprint } from '../auth/accessToken';

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
 * @param send prepares the message, waits for `mayLeave`, and sends it
 * @throws MarketplaceError `unknown` for a message in doubt, unless told otherwise
 */
export async function sentOnce(
	this: IExecuteFunctions,
	about: MessageIdentity,
	options: SendOptions,
	shown: IDataObject,
	send: (mayLeave: () => Promise<void>) => Promise<IDataObject>,
): Promise<IDataObject> {
	if (!options.preventDuplicates) return await send(async () => {});

	const given = String(options.duplicateKey ?? '').trim();
	const same = given !== '' ? [given] : Array.isArray(about.same) ? about.same : await about.same();
	const key = fingerprint(about.marketplace, ...same.map((part) => JSON.stringify(part) ?? ''));
	const note = noteOf(this, key);

	// The same message, on its way at this moment in this process: what becomes of it decides.
	for (let other = flying.get(note.place); other; other = flying.get(note.place)) await other;

	const mine = (async () => {
		const before = await note.begin().catch((error: unknown) => {
			throw storeFailed(error);
		});
		const goes = before === 'new' || (before === 'inDoubt' && options.whenInDoubt === 'send');
		const end = goes ? await sendNoted(note, before, send) : before;
		if (typeof end === 'object') return end;
		if (end === 'sent') {
			executionOf(this).hint(SKIPPED);
			return { status: 'skipped', reason: 'alreadySent', ...shown };
		}
		if (options.whenInDoubt !== 'treatAsSent') throw inDoubt(about, options);
		await note.confirm().catch(() => undefined);
		return { status: 'skipped', reason: 'treatedAsSent', ...shown };
	})();
	const landed = mine.then(
		() => undefined,
		() => undefined,
	);
	flying.set(note.place, landed);
	try {
		return await mine;
	} finally {
		flying.delete(note.place);
	}
}

const flying = new Map<string, Promise<void>>();

const SKIPPED =
	"What was sent before was not sent again ('Prevent Duplicates'). To send it once more, write another 'Duplicate Key' or switch the option off.";

/** Thrown into the preparations of a message that another process of n8n began in the same moment. */
class Overtaken extends Error {}

/** @returns what was sent; or, where another process came first, what its note says */
async function sendNoted(
	note: Note,
	before: Before,
	send: (mayLeave: () => Promise<void>) => Promise<IDataObject>,
): Promise<IDataObject | Before> {
	// A doubt from before has no note of its own that could stand.
	let found: Before | undefined = before === 'new' ? undefined : 'new';
	const sending = send(async () => {
		found ??= await note.stands().catch((error: unknown) => {
			throw storeFailed(error);
		});
		if (found !== 'new') throw new Overtaken();
	});
	const failed = await sending.then(
		() => undefined,
		(error: unknown) => error,
	);
	const unknown = failed instanceof MarketplaceError && failed.details.outcome === 'unknown';
	if (failed !== undefined && !unknown && before === 'new') {
		// It may have failed before anybody looked.
		found ??= await note.stands().catch(() => undefined);
		if (found === 'new') await note.forget().catch(() => undefined);
		else if (found !== undefined) return found;
	}
	const sent = await sending;
	// The message is out. If the note cannot be written, the next execution is in doubt: never a second send.
	await note.confirm().catch(() => undefined);
	return sent;
}

function storeFailed(error: unknown): Refusal {
	return new Refusal(
		"'Prevent Duplicates' could not look up what was sent before",
		`n8n's own store failed: ${error instanceof Error ? error.message : String(error)}`,
	);
}

function inDoubt(
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
