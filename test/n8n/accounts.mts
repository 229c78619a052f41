/** A workflow that checks the demo's three accounts, and what cripples each of them. */
import { allScopes, scopeBase } from '../marketplaces/ebay/index.mts';
import type { Simulator } from '../marketplaces/simulator.mts';
import type { WorkflowFile } from './instance.mts';

const kinds = [
	['Amazon Messaging', 'amazonMessaging', 'amazonSellingPartnerApi'],
	['eBay Member Message', 'ebayMemberMessage', 'ebayApi'],
	['Magalu Ticket Message', 'magaluTicketMessage', 'magaluOAuth2Api'],
] as const;

/** Each check is named like its node. */
export const accountChecks: WorkflowFile = {
	name: 'Check of accounts',
	// n8n cannot execute a single step of a workflow that was saved without this.
	pinData: {},
	nodes: [
		{
			id: 'start',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		...kinds.map(([name, type, credential], i) => ({
			id: type,
			name,
			type: `n8n-nodes-marketplace-messages.${type}`,
			typeVersion: 1,
			position: [260, 200 * i] as [number, number],
			parameters: { resource: 'account', operation: 'check' },
			credentials: { [credential]: { id: '', name: '' } },
		})),
	],
	connections: {
		Start: { main: [kinds.map(([name]) => ({ node: name, type: 'main', index: 0 }))] },
	},
};

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
