import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { TokenExchangeError, untilSignedIn } from '../../shared/auth/accessToken';
import { responseOf } from '../../shared/http/response';
import { customUrl } from '../../shared/http/url';
import { isOAuthToken } from './consentAnswer';
import { tokenIn, tradingUrlOf, usesOAuth } from './credential';
import { tradingApi } from './errors';
import { productionHosts, sandboxHosts, TRADING_PATH } from './hosts';
import { accessTokenOf } from './login';
import { documentOf, tradingHeaders } from './trading';

/** The cheapest Trading call that needs a token. */
const CALL = 'GetUser';

/** Stands where a token would, so that n8n does not ask for one before every request. */
export const NO_ACCESS_TOKEN = 'none';

/**
 * For the credential's `preAuthentication`, which n8n runs at every test of it and whenever an access token
 * is missing: with OAuth the login; an Auth'n'Auth token is tried with a GetUser, whose failures come with
 * HTTP 200 and are told by `Ack`.
 *
 * @returns what n8n keeps
 * @throws TokenExchangeError in a seller's words; Refusal where an address is none
 */
export async function signIn(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
	if (credentials.environment === 'custom') customUrl(credentials.apiUrl, 'API URL');
	if (usesOAuth(credentials)) return await accessTokenOf(helpers, credentials);
	await tryAuthToken(helpers, credentials);
	return { accessToken: NO_ACCESS_TOKEN };
}

/** Marks the request that tests a credential; it does not leave. */
const TEST_MARK = 'x-credential-test';

/**
 * For the credential's `authenticate`: the request that tests it waits for a sign-in.
 * @throws what makes n8n sign in and ask again
 */
export function signInForTest(
	credentials: ICredentialDataDecryptedObject,
	{ headers }: IHttpRequestOptions,
): void {
	if (!headers || !(TEST_MARK in headers)) return;
	untilSignedIn(credentials);
	delete headers[TEST_MARK];
}

/**
 * n8n tests a credential by a request, before which it signs in: that is the test. The request itself cannot
 * fail it (Trading says no with HTTP 200), and uses the token for the same harmless call.
 */
export const test: ICredentialTestRequest = {
	request: {
		method: 'POST',
		url: `={{ ({ production: "${productionHosts.api}", sandbox: "${sandboxHosts.api}" }[$credentials.environment] ?? $credentials.apiUrl.trim().replace(/\\/+$/, "")) + "${TRADING_PATH}" }}`,
		headers: { ...tradingHeaders(CALL, '0'), [TEST_MARK]: 'yes' },
		body: documentOf(CALL, []),
		ignoreHttpStatusErrors: true,
	},
};

async function tryAuthToken(
	{ httpRequest }: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<void> {
	const authToken = tokenIn(credentials.authToken);
	refuseWhatIsNone(authToken);
	const asked = httpRequest({
		method: 'POST',
		url: tradingUrlOf(credentials),
		headers: tradingHeaders(CALL, String(credentials.siteId ?? '').trim() || '0'),
		body: documentOf(CALL, [], {}, authToken),
		encoding: 'arraybuffer',
		timeout: 30_000,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	}) as Promise<IN8nHttpFullResponse>;
	const came = await asked.catch(() => undefined);
	if (!came) throw notReachedError();
	const answer = responseOf(came);
	const service = tradingApi(CALL, authToken);
	if (service.kindOf(answer) === 'done') return;

	const { message, description, code, marketplaceMessage, retryable } = service.explain(answer);
	throw new TokenExchangeError(message, {
		code,
		httpStatus: answer.status,
		marketplaceMessage,
		retryable: retryable ?? false,
		description,
	});
}

function refuseWhatIsNone(authToken: string): void {
	if (authToken === '') {
		throw new TokenExchangeError("The credential's 'Auth Token' is empty", {
			retryable: false,
			description:
				"Paste an Auth'n'Auth token from eBay's developer site (User Tokens), or choose OAuth.",
		});
	}
	if (isOAuthToken(authToken)) {
		throw new TokenExchangeError("'Auth Token' holds an OAuth token or a consent's code", {
			retryable: false,
			description:
				"Choose 'OAuth' as 'Authentication': a refresh token belongs into 'Refresh Token', a code into 'Address After Consent'. An Auth'n'Auth token begins with AgAAAA**.",
		});
	}
}

const notReachedError = () =>
	new TokenExchangeError('eBay could not be reached', {
		retryable: true,
		description:
			'Check the internet connection of your n8n, and the allowed domains of the credential, and try again.',
	});
