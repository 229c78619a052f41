import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { customUrl } from '../../shared/http/url';
import { failureOf } from '../../shared/outcome';
import type { HttpResponse } from '../../shared/http/service';
import { tradingApi } from './errors';
import { accessTokenOf, tokenIn, tradingUrlOf, usesOAuth } from './login';
import { documentOf, tradingHeaders } from './trading';

/** The cheapest Trading call that needs a token. */
const CALL = 'GetUser';

/**
 * Tests a credential: with OAuth by the exchange of the refresh token, with an Auth'n'Auth token by a
 * GetUser, whose failures come with HTTP 200 and are told by `Ack`.
 */
export async function testEbayCredential(
	this: ICredentialTestFunctions,
	{ data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const credentials: ICredentialDataDecryptedObject = { ...data };
	const { request } = this.helpers;
	try {
		if (credentials.environment === 'custom') customUrl(credentials.apiUrl, 'API URL');
		if (usesOAuth(credentials)) {
			await accessTokenOf(httpRequestOf(request), { ...credentials, accessToken: '' });
			return { status: 'OK', message: 'Connection successful!' };
		}
		return await tellsUser(httpRequestOf(request), credentials);
	} catch (error) {
		const { message, details } = failureOf(error, 'ebay');
		return { status: 'Error', message: `${message}. ${details.description}` };
	}
}

async function tellsUser(
	{ httpRequest }: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const authToken = tokenIn(credentials.authToken);
	const { body, headers, statusCode } = (await httpRequest({
		method: 'POST',
		url: tradingUrlOf(credentials),
		headers: tradingHeaders(CALL, String(credentials.siteId ?? '0')),
		body: documentOf(CALL, [], {}, authToken),
		timeout: 30_000,
	})) as { body: unknown; headers: Record<string, string>; statusCode: number };
	const text = String(body);
	const answer: HttpResponse = { status: statusCode, headers, text, bytes: Buffer.from(text) };
	const service = tradingApi(CALL, authToken);
	if (service.kindOf(answer) === 'done') {
		return { status: 'OK', message: 'Connection successful!' };
	}
	const { message, description } = service.explain(answer);
	return { status: 'Error', message: `${message}. ${description}` };
}

type Request = ICredentialTestFunctions['helpers']['request'];

/** A credential test has n8n's older request helper only. */
function httpRequestOf(request: Request): IHttpRequestHelper['helpers'] {
	return {
		httpRequest: async ({ method, url, headers, body, timeout }: IHttpRequestOptions) =>
			(await request({
				method,
				uri: url,
				headers,
				body,
				timeout,
				followRedirect: false,
				resolveWithFullResponse: true,
				simple: false,
			})) as unknown,
	} as IHttpRequestHelper['helpers'];
}
