import type { RepeatPolicy } from '../../shared/http/service';
import type { Json } from '../../shared/values';
import type { Connection } from './connection';
import { tradingApi } from './errors';
import { DEFAULT_ERROR_LANGUAGE, TRADING_PATH, USER_AGENT } from './hosts';
import { tradingPlans, type TradingCall } from './limits';
import { elementText, isPartOfList, readingOf } from './tradingAnswer';
import { xmlOf, type Element } from './xml';

export const NAMESPACE = 'urn:ebay:apis:eBLBaseComponents';

/**
 * The schema that requests are written by.
 * @see https://developer.ebay.com/DevZone/XML/Docs/HowTo/eBayWS/eBaySchemaVersioning.html
 */
const COMPATIBILITY_LEVEL = '1391';

/** Elements that every request may carry before its own. */
export interface Standard {
	/** `en_US` where left out: some errors are known by their text only. */
	errorLanguage?: string;
	/** Comes back as `correlationId`; for tracing, eBay does not tell repeated messages by it. */
	messageId?: string;
	warningLevel?: string;
	detailLevel?: 'ReturnAll' | 'ReturnHeaders' | 'ReturnMessages';
}

export interface TradingRequest {
	call: TradingCall;
	policy: RepeatPolicy;
	/** In the order of eBay's schema. */
	elements: readonly Element[];
	standard?: Standard;
	/** Of each try (milliseconds). */
	timeout?: number;
}

export interface Warning {
	code: string;
	message: string;
}

/** What a good answer carries. */
export interface TradingAnswer {
	/** In eBay's own spelling. */
	ack: string;
	warnings: Warning[];
	/** eBay's clock, ISO 8601. */
	timestamp?: string;
	correlationId?: string;
	/** The Auth'n'Auth token's end; eBay tells it during the last seven days. */
	tokenExpiresAt?: string;
	/** Of a list: eBay could not give all of its entries. */
	isPart: boolean;
	root: Json;
}

/**
 * One call of the Trading API.
 *
 * @returns the answer of a call that eBay did, with warnings or without
 * @throws MarketplaceError
 * @see https://developer.ebay.com/api-docs/user-guides/static/make-a-call/using-xml.html
 */
export async function callTrading(
	connection: Connection,
	{ call, policy, elements, standard = {}, timeout }: TradingRequest,
): Promise<TradingAnswer> {
	const { gate, apiUrl, siteId, authToken, hint, warn } = connection;
	const answer = await gate.ask(tradingApi(call, authToken), policy, {
		method: 'POST',
		operation: `ebay.${call}`,
		url: `${apiUrl}${TRADING_PATH}`,
		headers: tradingHeaders(call, siteId),
		body: documentOf(call, elements, standard, authToken),
		plan: tradingPlans[call],
		timeout,
	});
	const reading = readingOf(answer, call)!;
	const { root } = reading;
	const isPart = isPartOfList(reading, call);
	if (isPart) {
		const codes = reading.faults.map(({ code }) => code || 'without a number').join(', ');
		const words = `eBay: ${call} gave only a part of its list (error ${codes}). What came is used; the rest is missing until eBay gives it.`;
		warn(words);
		hint(words);
	}
	const tokenExpiresAt = elementText(root.HardExpirationWarning)?.trim();
	if (tokenExpiresAt) {
		hint(
			`The eBay token of this credential ends on ${tokenExpiresAt}. Make a new one on eBay's developer site and paste it into the credential.`,
		);
	}
	return {
		ack: elementText(root.Ack)?.trim() ?? reading.ack,
		warnings: reading.faults.map(({ code, message }) => ({ code, message: message.trim() })),
		timestamp: elementText(root.Timestamp)?.trim(),
		correlationId: elementText(root.CorrelationID),
		tokenExpiresAt,
		isPart,
		root,
	};
}

/** The headers of a Trading call, all but the token. */
export function tradingHeaders(call: TradingCall, siteId: string): Record<string, string> {
	return {
		'content-type': 'text/xml;charset=UTF-8',
		accept: 'text/xml',
		'user-agent': USER_AGENT,
		'X-EBAY-API-CALL-NAME': call,
		'X-EBAY-API-SITEID': siteId,
		'X-EBAY-API-COMPATIBILITY-LEVEL': COMPATIBILITY_LEVEL,
	};
}

/** @returns the request as it goes over the wire */
export function documentOf(
	call: TradingCall,
	elements: readonly Element[],
	{ errorLanguage, messageId, warningLevel, detailLevel }: Standard = {},
	authToken?: string,
): string {
	const all: Element[] = [
		['RequesterCredentials', [['eBayAuthToken', authToken]]],
		['DetailLevel', detailLevel],
		['ErrorLanguage', errorLanguage ?? DEFAULT_ERROR_LANGUAGE],
		['MessageID', messageId],
		['WarningLevel', warningLevel],
		...elements,
	];
	return `<?xml version="1.0" encoding="utf-8"?>\n<${call}Request xmlns="${NAMESPACE}">${xmlOf(all)}</${call}Request>`;
}
