import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { MarketplaceError, type MessageStatus } from '../outcome';
import { executionOf } from '../run/execution';
import { anotherOrder } from './anotherOrder';
import {
	contactWarnings,
	type ContactRule,
	type ContactWarning,
	type Written,
} from './contactData';
import { leavingWith, type LookUp } from './lookUp';
import type { MessageIdentity } from './identity';
import { givenKey, sentOnce } from './preventDuplicates';
import type { RightToSend } from './rightToSend';
import { sendOptionsOf } from './sendOptions';

/** A message, as an operation describes it. */
export interface MessageToSend<Prepared> {
	/** What every output says of it. */
	shown: IDataObject;
	identity: MessageIdentity;
	/** What the buyer reads, and what must not stand in it. */
	contact?: { written: Written; rule: ContactRule };
	/** Checks what can be asked before anything is uploaded. */
	check?(): Promise<void>;
	/** "Validate Only": checks what otherwise the sending itself tells. @returns what the output shows */
	validated(): Promise<IDataObject>;
	/** Everything that comes before the message leaves. */
	prepare?(): Promise<Prepared>;
	/**
	 * Sends it, and nothing but that.
	 * @param key a fingerprint of what makes it this message; empty where duplicates are not prevented
	 * @param right to be looked at before each try, where a look can tell that a message is absent
	 */
	send(prepared: Prepared, key: string, right: RightToSend): Promise<Sent>;
	/**
	 * How to look for it where its answer was lost, or an earlier execution began it; left out where the
	 * marketplace shows nothing of it.
	 */
	lookUp?: LookUp<Prepared>;
}

/** What a person wants to know of a message, though it did not fail. */
type Warning = ContactWarning | { code: 'AnotherOrder'; message: string };

/** What the marketplace said of a message that it took; what is undefined is left out. */
export interface Sent extends IDataObject {
	/** `sent` where it is left out. */
	status?: Extract<MessageStatus, 'sent' | 'accepted'>;
	/** ISO 8601; now where it is left out. */
	sentAt?: string;
}

/**
 * The one way to send: "Validate Only", "Prevent Duplicates", the look for a message whose answer was lost, and
 * the output with its status and time. The message is checked and prepared, then its note has to stand, then
 * it is sent.
 *
 * @returns what the node puts out
 * @throws what the message's own steps throw, and what `sentOnce` throws
 */
export async function sendMessage<Prepared = undefined>(
	context: IExecuteFunctions,
	itemIndex: number,
	message: MessageToSend<Prepared>,
): Promise<IDataObject> {
	const { shown, identity } = message;
	const options = sendOptionsOf(context, itemIndex, {});
	const { written, rule } = message.contact ?? {};
	const warnings =
		written && rule ? contactWarnings(written, rule, options.allowContactData === true) : [];
	const { atOnce, heldBack } = anotherOrder(context, identity, options);
	if (atOnce) executionOf(context).hint(atOnce);
	if (options.validateOnly) {
		// It refuses what is no key.
		givenKey(identity, options);
		await message.check?.();
		return outputOf('validated', shown, withWarnings(await message.validated(), warnings));
	}
	const end = await sentOnce(context, identity, options, {
		async prepare() {
			await message.check?.();
			return (await message.prepare?.()) as Prepared;
		},
		lookUp: message.lookUp,
		async send(prepared, key, right) {
			const sending = async () => await message.send(prepared, key, right);
			const { lookUpAfterLoss } = options;
			const sent = await sentOrFound(context, message, prepared, sending, lookUpAfterLoss);
			const sentAt = sent.sentAt ?? new Date(Date.now()).toISOString();
			return { ...sent, status: sent.status ?? 'sent', sentAt };
		},
	});
	if (options.preventDuplicates) executionOf(context).noted.add(itemIndex);
	const isOut = end.status === 'sent' || end.status === 'accepted';
	if (isOut) return outputOf(end.status, shown, withWarnings(end, warnings));
	if (!heldBack) return outputOf(end.status, shown, end);
	executionOf(context).hint(heldBack);
	return outputOf(
		end.status,
		shown,
		withWarnings(end, [{ code: 'AnotherOrder', message: heldBack }]),
	);
}

/** Sends a message. Where its answer was lost, the marketplace is asked whether it is there. */
async function sentOrFound<Prepared>(
	context: IExecuteFunctions,
	{ lookUp }: MessageToSend<Prepared>,
	prepared: Prepared,
	send: () => Promise<Sent>,
	looks: boolean,
): Promise<Sent> {
	const leaving = leavingWith(lookUp);
	let nothingSent = false;
	try {
		return await send();
	} catch (error) {
		const lost = error instanceof MarketplaceError && error.details.outcome === 'unknown';
		nothingSent = !lost;
		if (!lost || !looks || !lookUp) throw error as Error;
		return await leaving.lookFor(context, lookUp, error, prepared);
	} finally {
		leaving.over(nothingSent);
	}
}

/** Ours stand behind the marketplace's own. */
function withWarnings(facts: IDataObject, warnings: Warning[]): IDataObject {
	if (warnings.length === 0) return facts;
	const theirs = Array.isArray(facts.warnings) ? (facts.warnings as IDataObject[]) : [];
	return { ...facts, warnings: [...theirs, ...warnings.map((one) => ({ ...one }))] };
}

function outputOf(status: MessageStatus, shown: IDataObject, facts: IDataObject): IDataObject {
	// What a person looks for first stands first, where a table shows it: what became of it, whom it went to, and when.
	const { reason, sentAt } = facts;
	const whom = Object.entries(shown).slice(0, 1);
	const all = Object.entries({
		...{ status, reason, ...Object.fromEntries(whom), sentAt },
		...shown,
		...facts,
	});
	return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
