import type { IHookFunctions } from 'n8n-workflow';

import { Refusal } from '../../shared/outcome';
import { executionOf } from '../../shared/run/execution';
import { connectionOf, CREDENTIAL } from '../api/connection';
import { clientOf } from '../api/credential';
import { verificationTokenOf } from '../api/notificationSignature';

/**
 * eBay's portal wants an address and a token; only the seller can paste them there.
 *
 * @returns true when the workflow is switched on: there is nothing to tell eBay
 * @throws Refusal in the editor, with what to paste; and where the notifications could not be proved true
 */
export async function showWhatToPaste(context: IHookFunctions): Promise<boolean> {
	const credentials = await executionOf(context).credentials(CREDENTIAL);
	refuseWithoutKeyset(clientOf(credentials));
	await connectionOf(context);
	if (context.getMode() !== 'manual') return true;
	const endpoint = (context.getNodeWebhookUrl('default') ?? '').replace(
		'/webhook-test/',
		'/webhook/',
	);
	const token = verificationTokenOf(String(credentials.clientSecret ?? '').trim(), endpoint);
	throw new Refusal(
		`Paste into eBay's developer portal, Alerts and Notifications: endpoint ${endpoint} and verification token ${token}`,
		'Publish this workflow first, since eBay calls the address as soon as you press Save.',
	);
}

/** eBay tells the key that it signs with to an application alone: without it every notification is refused. */
function refuseWithoutKeyset({ id, secret }: { id: string; secret: string }): void {
	if (id !== '' && secret !== '') return;
	throw new Refusal(
		"Account Deletion needs 'Client ID' and 'Client Secret', and the credential lacks them",
		'Choose OAuth in the credential and paste App ID (Client ID) and Cert ID (Client Secret); RuName and the consent may stay empty.',
	);
}
