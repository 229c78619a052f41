import type { HttpResponse } from '../../shared/http/service';
import { MarketplaceError } from '../../shared/outcome';
import { recordOf, recordsOf, parseJson, textOf } from '../../shared/values';
import type { Connection } from './connection';
import { USER_AGENT } from './hosts';
import { restApi } from './restErrors';

/** Mild readings that tell what a token is good for, and what is left of eBay's limits. */

const readApi = restApi({ reads: true });

/**
 * Asks for a picture that there is not: eBay does not find it, or denies access.
 *
 * @throws MarketplaceError where the token may not upload pictures (scope `sell.inventory`)
 * @see https://developer.ebay.com/api-docs/commerce/media/resources/image/methods/getImage
 */
export async function provePictures(connection: Connection): Promise<void> {
	const url = `${connection.mediaUrl}/commerce/media/v1_beta/image/none`;
	await read(connection, 'getImage', url).catch((error: unknown) => {
		if (error instanceof MarketplaceError && error.details.code === NO_SUCH_IMAGE) return;
		throw error;
	});
}

const NO_SUCH_IMAGE = '190200';

/**
 * Asks for one order through the Fulfillment API.
 *
 * @throws MarketplaceError where the token may not (scope `sell.fulfillment` or `sell.fulfillment.readonly`)
 * @see https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrders
 */
export async function proveFulfillment(connection: Connection): Promise<void> {
	await read(connection, 'getOrders', `${connection.apiUrl}/sell/fulfillment/v1/order?limit=1`);
}

/** How many calls of a kind are left to the seller. */
export interface CallsLeft {
	/** eBay's name of the API and of the call. */
	api: string;
	call: string;
	left: number;
	of: number;
	/** ISO 8601. */
	resetsAt?: string;
}

/**
 * The seller's own limits, of every call that eBay counts by user (getUserRateLimits).
 *
 * @throws MarketplaceError, also without any of the scopes of selling, such as `sell.inventory`
 * @see https://developer.ebay.com/api-docs/developer/analytics/resources/user_rate_limit/methods/getUserRateLimits
 */
export async function callsLeft(connection: Connection): Promise<CallsLeft[]> {
	const url = `${connection.apiUrl}/developer/analytics/v1_beta/user_rate_limit/`;
	const { text } = await read(connection, 'getUserRateLimits', url);
	return recordsOf(recordOf(parseJson(text)).rateLimits).flatMap((limit) =>
		recordsOf(limit.resources).flatMap(({ name, rates }) =>
			recordsOf(rates).flatMap(({ remaining, limit: of, reset }): CallsLeft[] => {
				const api = textOf(limit.apiName) ?? textOf(limit.apiContext) ?? '';
				const [left, most] = [Number(textOf(remaining)), Number(textOf(of))];
				const isTold = Number.isFinite(left) && most > 0;
				return isTold
					? [{ api, call: textOf(name) ?? api, left, of: most, resetsAt: textOf(reset) }]
					: [];
			}),
		),
	);
}

async function read({ gate }: Connection, name: string, url: string): Promise<HttpResponse> {
	return await gate.ask(readApi, 'poll', {
		method: 'GET',
		operation: `ebay.${name}`,
		url,
		headers: { accept: 'application/json', 'user-agent': USER_AGENT },
	});
}
