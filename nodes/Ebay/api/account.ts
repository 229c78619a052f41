import type { IExecuteFunctions } from 'n8n-workflow';

import { executionOf } from '../../shared/run/execution';
import type { Connection } from './connection';
import { callTrading } from './trading';

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
	const ask = async () =>
		await callTrading(connection, { call: 'GetUser', policy: 'read', elements: [] });
	await executionOf(context).askOnce('ebay user', ask);
}
