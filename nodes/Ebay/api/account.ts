import type { IExecuteFunctions } from 'n8n-workflow';

import type { RepeatPolicy } from '../../shared/http/service';
import { executionOf } from '../../shared/run/execution';
import { recordOf } from '../../shared/values';
import type { Connection } from './connection';
import { elementText } from './tradingAnswer';
import { callTrading, type TradingAnswer } from './trading';

/**
 * Asks eBay, once an execution, whose token the credential has: the cheapest call that needs one.
 *
 * @throws MarketplaceError, always `notSent`, where eBay does not take the credential
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetUser.html
 */
export async function proveCredential(
	context: IExecuteFunctions,
	connection: Connection,
): Promise<void> {
	await executionOf(context).askOnce('ebay user', async () => await getUser(connection));
}

/** @returns the seller's own user name, as messages and orders write it; nothing where eBay does not tell */
export async function sellerName(
	connection: Connection,
	policy: Extract<RepeatPolicy, 'read' | 'poll'> = 'read',
): Promise<string | undefined> {
	const { root } = await getUser(connection, policy);
	return elementText(recordOf(root.User).UserID)?.trim();
}

/** The seller as eBay knows him; what eBay does not tell is left out. */
export interface Seller {
	userId?: string;
	/** eBay's word for where the seller is registered: `US`. */
	site?: string;
	/** eBay's word for how the account is: `Confirmed`, `Suspended`. */
	status?: string;
	/** The Auth'n'Auth token's end, ISO 8601; eBay tells it during the last seven days. */
	tokenExpiresAt?: string;
}

/** @throws MarketplaceError, always `notSent`, where eBay does not take the credential */
export async function getSeller(connection: Connection): Promise<Seller> {
	const { root, tokenExpiresAt } = await getUser(connection, 'poll');
	const user = recordOf(root.User);
	const told = (name: string) => elementText(user[name])?.trim();
	return { userId: told('UserID'), site: told('Site'), status: told('Status'), tokenExpiresAt };
}

async function getUser(
	connection: Connection,
	policy: RepeatPolicy = 'read',
): Promise<TradingAnswer> {
	return await callTrading(connection, { call: 'GetUser', policy, elements: [] });
}
