import type { MarketplaceName } from '../outcome';
import type { LimitNews } from './rateLimit';

/** Who answers: an API or a storage. It knows its own errors. */
export interface Service {
	marketplace: MarketplaceName;
	/** As a seller says it: `Amazon`. */
	title: string;
	/** Where a person sees whether a message arrived. */
	whereToLook: string;
	kindOf(answer: HttpResponse): AnswerKind;
	explain(answer: HttpResponse): Explanation;
	/** Its own number for a request, for its support. */
	requestIdOf(answer: HttpResponse): string | undefined;
	/** What the answer tells about the rate limit. */
	heard?(answer: HttpResponse): LimitNews;
}

/** An answer in the seller's words. */
export interface Explanation {
	message: string;
	description: string;
	code?: string;
	marketplaceMessage?: string;
	/** What it says where that leaves open whether a message was sent; part of it where it is long. */
	doubt?: string;
	retryable?: boolean;
}

/**
 * What an answer means: `done`; `expired` = the token is spent, nothing was processed; `throttled` and
 * `again` = refused for now, nothing was processed; `refused` = no; `failing` = nobody knows;
 * `unreadable` = it says yes, or nothing at all, in words that cannot be read.
 */
export type AnswerKind =
	'done' | 'expired' | 'throttled' | 'again' | 'refused' | 'failing' | 'unreadable';

export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	text: string;
	bytes: Buffer;
}

/**
 * How a request may be repeated. `read`: as often as needed. `prepare`: the same bytes to the same
 * place, as often as needed. `send`: only what surely was not processed. `once`: like `send`, for an
 * upload whose lost answer is told by somebody else later. `poll`: reading for a trigger, which comes
 * back by itself: it waits for no limit and for no more than a moment, and is tried twice.
 */
export type RepeatPolicy = 'read' | 'prepare' | 'send' | 'once' | 'poll';
