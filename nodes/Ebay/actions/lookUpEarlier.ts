import { DAY_MS } from '../../shared/dates';
import type { LookAt, Seen } from '../../shared/send/lookUp';
import { rightToSend } from '../../shared/send/rightToSend';
import { sinceByTheirClock } from '../../shared/send/since';
import type { Json } from '../../shared/values';
import { sellerName } from '../api/account';
import type { Connection } from '../api/connection';
import { isUser, recipientOf, senderOf, sideOf, type Side } from '../api/members';
import {
	SENT_AT_ONCE,
	sentSince,
	sentTexts,
	type SentHeader,
	type SentText,
} from '../api/sentMessages';
import { conversationOf, holds, isLike, isSameMedia, isTo, timeOf, type Sought } from './sought';

/**
 * A message that an earlier execution began is looked for among all that was sent in that time. It is there
 * where one is the same; it is absent where each of the others is surely another.
 */

/** The texts of more are not read. */
const MOST_TEXTS = 5 * SENT_AT_ONCE;

/** eBay names no number: a list of so many, or a multiple, may be one page of more. */
const PAGE = 25;

const open = (evidence: string): Seen => ({ end: 'open', evidence });
const ABSENT: Seen = { end: 'open', isAbsent: true };

const CLOCK =
	"eBay's clock and this machine's are minutes apart: nobody can tell what is from when.";
const CUT = 'eBay has so many messages from that time that they may not all have been seen.';
const PART = "eBay's list of sent messages has entries that cannot be read.";
const EMPTY =
	'eBay shows no sent messages at all around that time: that proves nothing about this one.';
const OTHER =
	'eBay has a message to the same buyer from that time that reads otherwise: whether it is this one, only a person can tell.';
const NAMED =
	'eBay has a message with the same text from that time, under another name: whether it went to this buyer, only a person can tell.';
const NO_CONVERSATION = 'eBay showed no conversation that this message must be in.';
const LONG = 'The conversation has so many messages that not all from that time were seen.';

/** @param since, until milliseconds since 1970, by our clock */
export async function earlierInSentFolder(
	connection: Connection,
	sought: Sought,
	since: number,
	until: number,
	leftMs: number,
): Promise<Seen> {
	// Up to seven calls, each tried twice.
	const brief = { timeout: Math.max(1000, leftMs / 14) };
	const { clocksMs } = rightToSend;
	const [from, to] = [since - clocksMs, until + clocksMs];
	const { headers, isWhole, timestamp } = await sentSince(connection, from, to, brief);
	const ahead = sinceByTheirClock(0, timestamp);
	if (Math.abs(ahead) > clocksMs) return open(CLOCK);
	if (!isWhole) return open(PART);
	const isEmpty =
		headers.length === 0 &&
		(await sentSince(connection, from - DAY_MS, from, brief)).headers.length === 0;
	if (isEmpty) return open(EMPTY);
	if (headers.length > 0 && headers.length % PAGE === 0) return open(CUT);

	const aboutItem = headers.filter((one) => isTo(one, { ...sought, recipientId: undefined }));
	if (aboutItem.length > MOST_TEXTS) return open(CUT);
	const texts = await textsOf(connection, aboutItem, brief);
	const isAlike = ({ messageId }: SentHeader) => {
		const text = texts.get(messageId);
		return text && holds(text.lines, sought.text) && isSameMedia(text.media, sought.media);
	};
	const mayBeIt = ({ messageId }: SentHeader) => {
		const text = texts.get(messageId);
		return !text || holds(text.lines, sought.text);
	};
	const toBuyer = aboutItem.filter((one) => isTo(one, sought));
	if (toBuyer.some(isAlike)) return { end: 'sent', foundBy: 'sentMessages' };
	if (toBuyer.length > 0) return open(OTHER);
	return aboutItem.some(mayBeIt) ? open(NAMED) : ABSENT;
}

async function textsOf(
	connection: Connection,
	headers: SentHeader[],
	brief: { timeout: number },
): Promise<Map<string, SentText>> {
	const ids = headers.map(({ messageId }) => messageId);
	const texts = new Map<string, SentText>();
	while (ids.length > 0) {
		const some = await sentTexts(connection, ids.splice(0, SENT_AT_ONCE), brief);
		for (const [id, text] of some) texts.set(id, text);
	}
	return texts;
}

export async function earlierInConversation(
	connection: Connection,
	conversationId: string | undefined,
	sought: Sought,
	about: LookAt,
): Promise<Seen> {
	const page = await conversationOf(connection, conversationId, sought, about);
	const { clocksMs } = rightToSend;
	if (Math.abs(sinceByTheirClock(0, page.date)) > clocksMs) return open(CLOCK);
	const from = about.since - clocksMs;
	const to = (about.earlier?.until ?? Date.now()) + clocksMs;
	const times = page.rows.map(timeOf);
	const inTime = page.rows.filter((_, i) => {
		const at = times[i];
		return at === undefined || (at >= from && at <= to);
	});
	const whose = await sendersIn(connection, sought, inTime);
	const ours = inTime.filter((row) => whose(row) !== 'theirs');
	if (ours.some((row) => whose(row) === 'ours' && isLike(row, sought))) {
		return { end: 'sent', foundBy: 'conversation' };
	}
	if (ours.length > 0) return open(OTHER);
	const isWhole = page.next === undefined || times.some((at) => at !== undefined && at < from);
	if (!isWhole || page.entries > page.rows.length) return open(LONG);
	return page.isOnly && page.rows.length > 0 ? ABSENT : open(NO_CONVERSATION);
}

/** Whose the messages of a conversation are: both members may have written the same. */
async function sendersIn(
	connection: Connection,
	{ recipientId }: Sought,
	rows: Json[],
): Promise<(row: Json) => Side> {
	if (recipientId !== undefined) {
		return (row) => {
			if (isUser(senderOf(row), recipientId)) return 'theirs';
			return isUser(recipientOf(row), recipientId) ? 'ours' : 'unknown';
		};
	}
	const own = rows.length > 0 ? await sellerName(connection, 'poll') : undefined;
	return (row) => (own === undefined ? 'unknown' : sideOf(row, own));
}
