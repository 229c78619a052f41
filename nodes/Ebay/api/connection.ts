import { customUrl } from '../../shared/http/url';
import { Refusal } from '../../shared/outcome';
import { openGate, type Caller, type Gate } from '../../shared/http/request';
import { executionOf } from '../../shared/run/execution';
import { hasToken } from '../../shared/auth/accessToken';
import { baseUrlsOf } from './hosts';
import { accountOf, sellerOf, tokenIn, usesOAuth } from './credential';

/** The credential type of this street. */
export const CREDENTIAL = 'ebayApi';

/** A seller at eBay's APIs, for one execution. */
export interface Connection {
	gate: Gate;
	/** The seller, by a fingerprint. */
	account: string;
	/** Of Trading and Message API, without a slash at the end. */
	apiUrl: string;
	/** Of the Media API. */
	mediaUrl: string;
	siteId: string;
	/** The marketplace hands out addresses of its own choice (`custom`), so hosts are not checked. */
	custom: boolean;
	/** The Auth'n'Auth token, which goes into each request; nothing with OAuth. */
	authToken?: string;
	/** Something that a person wants to know after the run. */
	hint(message: string): void;
	/** Something for n8n's log, once an execution. It holds nothing of a message and no secret. */
	warn(message: string): void;
}

/** @returns the connection of this execution's credential; opened once */
export async function connectionOf(caller: Caller): Promise<Connection> {
	const execution = executionOf(caller);
	return await execution.askOnce('ebay connection', async () => {
		const credentials = await execution.credentials(CREDENTIAL);
		const custom = credentials.environment === 'custom';
		const { api, media } = baseUrlsOf(credentials);
		const oAuth = usesOAuth(credentials);
		const authToken = tokenIn(credentials.authToken);
		if (!oAuth && authToken === '') {
			throw new Refusal(
				"The credential's 'Auth Token' is empty",
				"Paste an Auth'n'Auth token from eBay's developer site, or choose OAuth.",
			);
		}
		const account = sellerOf(credentials);
		const warned = new Set<string>();
		return {
			account,
			gate: openGate(
				caller,
				CREDENTIAL,
				account,
				execution.statistics,
				!oAuth || hasToken(credentials, accountOf(credentials)),
			),
			apiUrl: custom ? customUrl(api, 'API URL') : api,
			mediaUrl: custom && media !== '' ? customUrl(media, 'Media URL') : media,
			siteId: String(credentials.siteId ?? '').trim() || '0',
			custom,
			...(oAuth ? {} : { authToken }),
			hint: execution.hint,
			warn(message) {
				if (!warned.has(message)) caller.logger.warn(message);
				warned.add(message);
			},
		};
	});
}

/**
 * @param what as a sentence begins: `Uploading pictures`
 * @throws Refusal with an Auth'n'Auth token, which eBay's REST APIs do not take
 */
export function refuseWithoutOAuth({ authToken }: Connection, what: string): void {
	if (authToken === undefined) return;
	throw new Refusal(
		`${what} needs OAuth, and the credential holds an Auth'n'Auth token`,
		"Choose 'OAuth' as the credential's authentication and connect the seller. With an Auth'n'Auth token you can send text and pictures that eBay already hosts ('Picture URLs'), and answer questions.",
		'OAuthNeeded',
	);
}
