import { utcMsOf } from '../../shared/dates';
import { entriesIn, recordOf, recordsOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { plainTextOf } from './plainText';
import { callTrading, type TradingAnswer } from './trading';
import { elementText } from './tradingAnswer';
import type { Element } from './xml';

/**
 * What the seller has sent, as My Messages keeps it (GetMyMessages). It works with both kinds of token.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetMyMessages.html
 */

/** @see https://developer.ebay.com/DevZone/xml/docs/Reference/ebay/types/ReviseMyMessagesFoldersRequestType.html */
const SENT_FOLDER = 1;

/** GetMyMessages takes so many IDs of messages at once. */
export const SENT_AT_ONCE = 10;

/** How eBay's clock may differ from ours at the end of a span (milliseconds). */
const AHEAD_MS = 2 * 60_000;

/** What a list tells of a message; what eBay leaves out is nothing. */
export interface SentHeader {
	messageId: string;
	/** The user ID and the shown name of who got it. */
	recipients: string[];
	itemId?: string;
	/** When eBay took it, in milliseconds since 1970. */
	at?: number;
}

/** What the message itself tells beside that. */
export interface SentText {
	/** Its lines as a person reads them, empty ones left out; eBay may show more around the text. */
	lines: string[];
	/** The labels of its files. */
	media: string[];
}

/** At most how long a look takes (milliseconds); it is tried twice. */
interface Brief {
	timeout: number;
}

/**
 * The headers of what the seller sent between two times.
 * @param from, to milliseconds since 1970, by eBay's clock as far as it is known
 * @returns beside them eBay's clock (ISO 8601), and whether these are all that came
 * @throws MarketplaceError, always `notSent`
 */
export async function sentSince(
	connection: Connection,
	from: number,
	to: number,
	{ timeout }: Brief,
): Promise<{ headers: SentHeader[]; isWhole: boolean; timestamp?: string }> {
	const { root, timestamp, isPart } = await ask(connection, 'ReturnHeaders', timeout, [
		['FolderID', SENT_FOLDER],
		['StartTime', new Date(from).toISOString()],
		['EndTime', new Date(to + AHEAD_MS).toISOString()],
	]);
	const headers = recordsOf(messagesIn(root)).map(headerOf);
	// An entry that is none may be any message.
	const isWhole = !isPart && entriesIn(messagesIn(root)) === headers.length;
	return { headers, isWhole, timestamp };
}

/**
 * The texts of sent messages.
 * @param messageIds at most 10
 * @returns by message ID
 * @throws MarketplaceError, always `notSent`
 */
export async function sentTexts(
	connection: Connection,
	messageIds: readonly string[],
	{ timeout }: Brief,
): Promise<Map<string, SentText>> {
	const ids: Element[] = messageIds.map((id) => ['MessageID', id]);
	const { root } = await ask(connection, 'ReturnMessages', timeout, [['MessageIDs', ids]]);
	const messages = recordsOf(messagesIn(root));
	return new Map(messages.map((message) => [headerOf(message).messageId, textOf(message)]));
}

async function ask(
	connection: Connection,
	detailLevel: 'ReturnHeaders' | 'ReturnMessages',
	timeout: number,
	elements: Element[],
): Promise<TradingAnswer> {
	const standard = { detailLevel };
	const call = 'GetMyMessages';
	return await callTrading(connection, { call, policy: 'poll', standard, elements, timeout });
}

const messagesIn = (root: Json): unknown => recordOf(root.Messages).Message;

function headerOf(message: Json): SentHeader {
	const read = (name: string) => elementText(message[name])?.trim();
	return {
		messageId: read('MessageID') ?? '',
		recipients: [read('RecipientUserID'), read('SendToName')].filter((one) => one !== undefined),
		itemId: read('ItemID'),
		at: utcMsOf(read('ReceiveDate')),
	};
}

/** `Content` is the plain text, `Text` a page of HTML around it. */
function textOf(message: Json): SentText {
	const shown = elementText(message.Content) ?? elementText(message.Text) ?? '';
	return {
		lines: linesOf(plainTextOf(shown)),
		media: recordsOf(message.MessageMedia).map(
			({ MediaName }) => elementText(MediaName)?.trim() ?? '',
		),
	};
}

/** @returns the lines of a text that are not empty, with single spaces */
export function linesOf(text: string): string[] {
	const lines = text.split(/\r\n|[\r\n]/).map((line) => line.replace(/\s+/g, ' ').trim());
	return lines.filter((line) => line !== '');
}
