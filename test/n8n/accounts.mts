/** A workflow that checks the demo's three accounts, and what cripples each of them. */
import { allScopes, scopeBase } from '../marketplaces/ebay/index.mts';
import type { Simulator } from '../marketplaces/simulator.mts';
import { ours, sideBySide } from './workflow.mts';

const check = { resource: 'account', operation: 'check' };

/** Each check is named like its node. */
export const accountChecks = sideBySide('Check of accounts', [
	ours('Amazon Messaging', 'amazonMessaging', check),
	ours('eBay Member Message', 'ebayMemberMessage', check),
	ours('Magalu Ticket Message', 'magaluTicketMessage', check),
]);

/** The seller did not consent to conversations. @returns what makes it undone */
export function crippleEbay({ ebay }: Simulator): () => void {
	const scopes = allScopes.filter((scope) => scope !== `${scopeBase}/commerce.message`);
	for (const [token, grant] of ebay.state.refreshTokens) {
		ebay.state.refreshTokens.set(token, { ...grant, scopes });
	}
	return () => ebay.reset();
}

/** The seller did not consent to orders. @returns what makes it undone: tokens outlive a reset */
export function crippleMagalu({ magalu }: Simulator): () => void {
	const { accessTokens, refreshTokens } = magalu.state;
	const grants = [...accessTokens.values(), ...refreshTokens.values()];
	const before = grants.map(({ scopes }) => scopes);
	for (const grant of grants) {
		grant.scopes = grant.scopes.filter((scope) => scope !== 'open:order-order-seller:read');
	}
	return () => grants.forEach((grant, i) => (grant.scopes = before[i]!));
}
