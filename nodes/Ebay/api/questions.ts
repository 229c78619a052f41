import type { RepeatPolicy } from '../../shared/http/service';
import { recordOf, recordsOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { questionPageSizes } from './limits';
import { callTrading } from './trading';
import { hasMore, textIn } from './tradingAnswer';

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
	parentMessageId: string;
	/** Who asked. */
	recipientId: string;
	itemId: string;
	body: string;
	/** ISO 8601. */
	createdAt?: string;
	/** eBay's `MemberMessageExchange`. */
	exchange: Json;
}

/**
 * One page of the questions on the seller's listings, newest first (GetMemberMessages).
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
	{ itemId, startTime, endTime, messageStatus }: QuestionFilter,
	page = 1,
	pageSize: (typeof questionPageSizes)[number] = 200,
	policy: Extract<RepeatPolicy, 'read' | 'poll'> = 'read',
): Promise<{ questions: Question[]; hasMore: boolean; timestamp?: string }> {
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
	const exchanges = recordsOf(recordOf(root.MemberMessage).MemberMessageExchange);
	return {
		questions: exchanges.map(questionOf),
		timestamp,
		hasMore: exchanges.length > 0 && hasMore(root, 'HasMoreItems', page),
	};
}

function questionOf(exchange: Json): Question {
	const question = recordOf(exchange.Question);
	return {
		parentMessageId: textIn(question.MessageID)?.trim() ?? '',
		recipientId: textIn(question.SenderID)?.trim() ?? '',
		itemId: textIn(recordOf(exchange.Item).ItemID)?.trim() ?? '',
		body: textIn(question.Body) ?? '',
		createdAt: textIn(exchange.CreationDate)?.trim(),
		exchange,
	};
}

/** The smallest page that holds so many entries, else the largest. */
export function pageSizeFor(entries: number): (typeof questionPageSizes)[number] {
	return questionPageSizes.find((size) => size >= entries) ?? 200;
}
