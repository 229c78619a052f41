import { randomUUID } from 'node:crypto';

import { escaped, htmlPage } from '../html.mts';
import type { Answer, Exchange } from '../service.mts';
import type { EbayState } from './state.mts';

/**
 * `/oauth2/authorize`: the sign-in with the consent (eBay's guide "Getting user consent"). A code lives
 * 299 seconds and goes, percent-encoded, to the address that stands behind the RuName; what is wrong with
 * the request is told as JSON, as a browser then shows it.
 */
export const authorizePath = '/oauth2/authorize';

/** eBay's own page for a RuName without an address; the name is spelt as eBay spells it. */
export const donePath = '/oauth2/ThirdPartyAuthSucessFailure';

const CODE_SECONDS = 299;

/** Who signs in on the demo's page. */
export const demoUser = { name: 'demo_seller', password: 'demo' };

export function consent(exchange: Exchange, state: EbayState, now: number): Answer {
	const { method, query } = exchange;
	if (method !== 'GET' && method !== 'POST') return { status: 405, body: 'GET or POST' };
	const asked = askedFor(query, state);
	if ('error_id' in asked) return { status: asked.http_status_code, body: asked };
	if (method === 'GET') return signIn(query, asked);

	const form = new URLSearchParams(exchange.body.toString('utf8'));
	if (form.get('answer') === 'decline') {
		return backTo(exchange, asked, { isAuthSuccessful: 'false', error: 'access_denied' });
	}
	const { name, password } = demoUser;
	if (form.get('user') !== name || form.get('password') !== password) {
		return signIn(query, asked, 'That is not a match.');
	}
	const code = `v^1.1#i^1#r^1#f^0#I^3#p^3#t^Ul41X${Buffer.from(randomUUID()).toString('base64')}`;
	state.authorizationCodes.set(code, {
		clientId: asked.clientId,
		seller: name,
		scopes: asked.scopes,
		expiresAt: now + CODE_SECONDS * 1000,
		redirectUri: asked.ruName,
	});
	return backTo(exchange, asked, {
		isAuthSuccessful: 'true',
		code,
		expires_in: String(CODE_SECONDS),
	});
}

/** What eBay shows where a RuName names no page of the application's own. */
export function done({ query }: Exchange): Answer {
	const words =
		query.get('isAuthSuccessful') === 'true'
			? 'Authorization successfully completed. It is now safe to close the browser window or tab.'
			: 'Authorization was not completed.';
	return htmlPage(
		200,
		'eBay (simulated)',
		`<h1>eBay <small>(simulated)</small></h1><p>${words}</p>`,
	);
}

interface Asked {
	clientId: string;
	ruName: string;
	acceptedUrl?: string;
	scopes: string[];
}

interface Problem {
	error_id: string;
	error_description?: string;
	http_status_code: number;
}

function askedFor(query: URLSearchParams, state: EbayState): Asked | Problem {
	const clientId = query.get('client_id') ?? '';
	const ruName = query.get('redirect_uri') ?? '';
	if (!state.clients.has(clientId)) {
		return problem('unauthorized_client', 400, 'The OAuth client was not found.');
	}
	const redirect = state.ruNames.get(ruName);
	if (redirect?.clientId !== clientId) {
		// Whoever writes an address in place of the RuName gets this, too.
		const words = 'The authorization server is currently unable to handle the request.';
		return problem('temporarily_unavailable', 500, words);
	}
	if (query.get('response_type') !== 'code') {
		return problem('unsupported_response_type', 400, 'The response type is not supported.');
	}
	const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean);
	const granted = state.keysetScopes;
	if (scopes.length === 0 || !scopes.every((scope) => granted.includes(scope))) {
		return problem('invalid_scope', 400);
	}
	return { clientId, ruName, acceptedUrl: redirect.acceptedUrl, scopes };
}

const problem = (error_id: string, http_status_code: number, words?: string): Problem => ({
	error_id,
	...(words ? { error_description: words } : {}),
	http_status_code,
});

function signIn(query: URLSearchParams, { clientId, scopes }: Asked, refusal = ''): Answer {
	const alert = refusal === '' ? '' : `<p role="alert">${escaped(refusal)}</p>`;
	const list = scopes.map((scope) => `<li>${escaped(scope)}</li>`).join('');
	return htmlPage(
		refusal === '' ? 200 : 401,
		'eBay (simulated)',
		`<h1>eBay <small>(simulated)</small></h1>
${alert}
<form method="post" action="?${escaped(query.toString())}">
<label>User <input id="user" name="user" autocomplete="username"></label>
<label>Password <input id="password" name="password" type="password"></label>
<p>${escaped(clientId)} asks for:</p>
<ul>${list}</ul>
<button id="agree" name="answer" value="agree" type="submit">Agree and Continue</button>
<button id="decline" name="answer" value="decline" type="submit">Not now</button>
</form>`,
	);
}

function backTo(
	{ origin, query }: Exchange,
	{ acceptedUrl }: Asked,
	told: Record<string, string>,
): Answer {
	const target = new URL(acceptedUrl ?? `${origin}/ebay${donePath}`);
	for (const [name, value] of Object.entries(told)) target.searchParams.set(name, value);
	const state = query.get('state');
	if (state !== null) target.searchParams.set('state', state);
	return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } };
}
