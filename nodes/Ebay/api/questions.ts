import type { RepeatPolicy } from '../../shared/http/service';
import { fingerprint } from '../../shared/auth/accessToken';
import { entriesIn, recordOf, recordsOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { QUESTION_PAGES } from './limits';
import { askInPieces } from './pages';
import type { List } from '../../shared/pageSize';
import { callTrading } from './trading';
import { hasMore, elementText } from './tradingAnswer';

/** Which questions: of a listing, or of a time; eBay wants one of the two at least. */
export interface QuestionFilter {
	itemId?: string;
	/** Both or none; ISO 8601 in UTC. */
	startTime?: string;
	endTime?: string;
	/** `Answered` or `Unanswered`; left out: both. */
	messageStatus?: string;
}

/** A question of a member about a listing. */
export interface Question {
	/** Empty where eBay gives none: such a question cannot be answered. */
	parentMessageId: string;
	/** Tells it from every other, also without an ID. */
	key: string;
	/** Who asked. */
	recipientId: string;
	itemId: string;
	body: string;
	/** ISO 8601. */
	createdAt?: string;
	/** eBay's `MemberMessageExchange`. */
	exchange: Json;
}

const list: List = { name: 'GetMemberMessages', sizes: QUESTION_PAGES };

/**
 * One page of the questions on the seller's listings, newest first (GetMemberMessages). Where it is too
 * heavy for eBay, it is read in smaller ones.
 *
 * @param page from 1
 * @param pageSize one of 25, 50, 100, 200
 * @param policy `poll` for a trigger
 * @returns beside the questions eBay's clock (ISO 8601)
 * @throws MarketplaceError
 * @see https://developer.ebay.com/DevZone/xml/docs/Reference/eBay/GetMemberMessages.html
 */
export async function getMemberMessages(
	connection: Connection,
	filter: QuestionFilter,
	page = 1,
	pageSize: number = QUESTION_PAGES[0],
	policy: Extract<RepeatPolicy, 'read' | 'poll'> = 'read',
): Promise<{ questions: Question[]; hasMore: boolean; timestamp?: string }> {
	const ask = async (number: number, size: number) =>
		await askForQuestions(connection, filter, number, size, policy);
	const { rows, ...rest } = await askInPieces(connection, list, page, pageSize, ask);
	return { questions: rows, ...rest };
}

async function askForQuestions(
	connection: Connection,
	{ itemId, startTime, endTime, messageStatus }: QuestionFilter,
	page: number,
	pageSize: number,
	policy: Extract<RepeatPolicy, 'read' | 'poll'>,
): Promise<{ rows: Question[]; hasMore: boolean; timestamp?: string }> {
	const { root, timestamp } = await callTrading(connection, {
		call: 'GetMemberMessages',
		policy,
		standard: { detailLevel: 'ReturnAll' },
		elements: [
			['ItemID', itemId],
			['MailMessageType', 'AskSellerQuestion'],
			['MessageStatus', messageStatus],
			['StartCreationTime', startTime],
			['EndCreationTime', endTime],
			[
				'Pagination',
				[
					['EntriesPerPage', pageSize],
					['PageNumber', page],
				],
			],
		],
	});
	const { MemberMessageExchange: exchanges } = recordOf(root.MemberMessage);
	return {
		rows: recordsOf(exchanges).map(questionOf),
		timestamp,
		hasMore: hasMore(root, 'HasMoreItems', page, entriesIn(exchanges)),
	};
}

function questionOf(exchange: Json): Question {
	const question = recordOf(exchange.Question);
	const parentMessageId = elementText(question.MessageID)?.trim() ?? '';
	return {
		parentMessageId,
		key: parentMessageId || fingerprint('question', JSON.stringify(whatStays(exchange))),
		recipientId: elementText(question.SenderID)?.trim() ?? '',
		itemId: elementText(recordOf(exchange.Item).ItemID)?.trim() ?? '',
		body: elementText(question.Body) ?? '',
		createdAt: elementText(exchange.CreationDate)?.trim(),
		exchange,
	};
}

/** Of a question without an ID: what an answer to it does not change. */
function whatStays({ Item, Question, CreationDate }: Json): unknown[] {
	const { SenderID, Subject, Body } = recordOf(Question);
	return [recordOf(Item).ItemID, SenderID, Subject, Body, CreationDate];
}

/** The smallest page that holds so many entries, else the largest. */
export function pageSizeFor(entries: number): number {
	return [...QUESTION_PAGES].reverse().find((size) => size >= entries) ?? QUESTION_PAGES[0];
}
