import type { IDataObject } from 'n8n-workflow';

import type { LookUp, Seen } from '../../shared/send/lookUp';
import { sinceByTheirClock, theOneSince, type Found } from '../../shared/send/since';
import { TWINS_WITHIN_MS } from '../../shared/send/twins';
import { textOf, type Json } from '../../shared/values';
import { sellerName } from '../api/account';
import type { Connection } from '../api/connection';
import type { HostedPicture } from '../api/media';
import { bareName, isUser, recipientOf, sideOf } from '../api/members';
import { linesOf, SENT_AT_ONCE, sentSince, sentTexts, type SentHeader } from '../api/sentMessages';
import { earlierInConversation, earlierInSentFolder } from './lookUpEarlier';
import { conversationOf, holds, isLike, isSameMedia, isTo, timeOf, type Sought } from './sought';

const TWINS: Seen = {
	end: 'open',
	isLast: true,
	evidence:
		'eBay has several messages like it from the same minute: which of them is this one cannot be told.',
};

const likenessOf = ({ account }: Connection, { recipientId, itemId, text, media }: Sought) => [
	...[account, bareName(recipientId ?? ''), itemId ?? '', ...linesOf(text)],
	...media,
];

/** @param facts what the output says of it beside what eBay tells */
export function lookInSentFolder(
	connection: Connection,
	sought: Sought,
	facts: (pictures: HostedPicture[] | undefined) => IDataObject,
): LookUp<HostedPicture[]> {
	// Until its first answer eBay's clock counts as ours; where it is not, the next look finds more.
	let ahead = 0;
	return {
		where: "eBay's folder of sent messages",
		likeness: likenessOf(connection, sought),
		tellsAbsence: true,
		async look({ since, leftMs, prepared, earlier }) {
			if (earlier)
				return await earlierInSentFolder(connection, sought, since, earlier.until, leftMs);
			// Two calls, each tried twice.
			const brief = { timeout: Math.max(1000, leftMs / 4) };
			const { headers, timestamp } = await sentSince(
				connection,
				since + ahead - 2 * TWINS_WITHIN_MS,
				Date.now() + ahead,
				brief,
			);
			const from = sinceByTheirClock(since, timestamp);
			ahead = from - since;
			const near = headers.filter((one) => isTo(one, sought) && isNear(one, from));
			if (near.length === 0) return { end: 'open' };
			if (near.length > SENT_AT_ONCE) return TWINS;
			const ids = near.map(({ messageId }) => messageId);
			const texts = await sentTexts(connection, ids, brief);
			const alike = near.filter(({ messageId }) => {
				const text = texts.get(messageId);
				return text && holds(text.lines, sought.text) && isSameMedia(text.media, sought.media);
			});
			const found = theOneSince(alike, from);
			return seenIn(found, 'sentMessages', ({ messageId, at }: SentHeader) => ({
				...facts(prepared),
				messageId,
				...timesOf(at),
			}));
		},
	};
}

export function lookInConversation(
	connection: Connection,
	conversationId: string | undefined,
	sought: Sought,
	facts: (pictures: HostedPicture[] | undefined) => IDataObject,
): LookUp<HostedPicture[]> {
	// A conversation is known by its ID, whatever else the form says beside it.
	const place = conversationId === undefined ? {} : { recipientId: undefined, itemId: undefined };
	return {
		where: 'the conversation',
		likeness: [conversationId ?? '', ...likenessOf(connection, { ...sought, ...place })],
		tellsAbsence: true,
		async look(about) {
			if (about.earlier) {
				return await earlierInConversation(connection, conversationId, sought, about);
			}
			const { rows, date, id } = await conversationOf(connection, conversationId, sought, about);
			const from = sinceByTheirClock(about.since, date);
			const likely = rows.filter((row) => isLike(row, sought));
			const isOurs = await oursIn(connection, sought, likely);
			const alike = likely.filter(isOurs).map((row) => ({ row, at: timeOf(row) }));
			return seenIn(theOneSince(alike, from), 'conversation', ({ row, at }) => ({
				...facts(about.prepared),
				conversationId: id,
				recipientId: recipientOf(row) ?? sought.recipientId,
				subject: textOf(row.subject),
				messageId: textOf(row.messageId),
				...timesOf(at),
			}));
		},
	};
}

/** Nothing is as old as what cannot be told from the one that is looked for. */
const isNear = ({ at }: SentHeader, from: number) =>
	at === undefined || at >= from - TWINS_WITHIN_MS;

function seenIn<T>(found: Found<T>, foundBy: string, facts: (one: T) => IDataObject): Seen {
	if (found === 'twins') return TWINS;
	return found === 'none' ? { end: 'open' } : { end: 'sent', foundBy, facts: facts(found.one) };
}

function timesOf(at: number | undefined): IDataObject {
	const time = at === undefined ? undefined : new Date(at).toISOString();
	return { timestamp: time, sentAt: time };
}

/** Tells the seller's messages from those of the other member, who may have written the same. */
async function oursIn(
	connection: Connection,
	{ recipientId }: Sought,
	likely: Json[],
): Promise<(row: Json) => boolean> {
	if (recipientId !== undefined) return (row) => isUser(recipientOf(row), recipientId);
	const own = likely.length > 0 ? await sellerName(connection, 'poll') : undefined;
	return (row) => own !== undefined && sideOf(row, own) === 'ours';
}
