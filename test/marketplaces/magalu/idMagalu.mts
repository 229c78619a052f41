import { randomBytes } from 'node:crypto';

import { escaped, htmlPage } from '../html.mts';
import type { Answer, Exchange, Service } from '../service.mts';
import { oauthError } from './answers.mts';
import type { Client, World } from './state.mts';
import { tokensFor } from './tokens.mts';

const codeLifetimeMs = 10 * 60_000;

/** ID Magalu: the login page with the consent, and the token endpoint. */
export function idMagalu(world: World): Service {
	return {
		prefix: '/id-magalu',
		operationOf: ({ path }) => (path === '/oauth/token' ? 'magalu.token' : 'magalu.login'),
		answer(exchange) {
			const { method, path } = exchange;
			if (path === '/login' && method === 'GET') return showLogin(world, exchange);
			if (path === '/login' && method === 'POST') return logIn(world, exchange);
			if (path === '/oauth/token' && method === 'POST') return token(world, exchange);
			// Easily mistaken for the login page; the real one shows no page here either.
			if (path === '/oauth/authorize')
				return { status: 200, body: { status: 'pre-authorization' } };
			return htmlPage(404, 'Not found', '<h1>Page not found</h1>');
		},
	};
}

function showLogin(world: World, { query }: Exchange, refusal = ''): Answer {
	const application = applicationOf(world, query);
	if ('problem' in application) return somethingWentWrong(world, application.problem);

	const alert = refusal === '' ? '' : `<p role="alert">${escaped(refusal)}</p>`;
	const scopes = application.scopes.map((scope) => `<li>${escaped(scope)}</li>`).join('');
	return htmlPage(
		refusal === '' ? 200 : 401,
		'ID Magalu (simulated)',
		`<h1>ID Magalu <small>(simulated)</small></h1>
${alert}
<form method="post" action="?${escaped(query.toString())}">
<label>User <input id="user" name="user" autocomplete="username" required></label>
<label>Password <input id="password" name="password" type="password" required></label>
<p>${escaped(application.client.id)} asks for:</p>
<ul>${scopes}</ul>
<button id="authorize" type="submit">Authorize</button>
</form>`,
	);
}

function logIn(world: World, exchange: Exchange): Answer {
	const application = applicationOf(world, exchange.query);
	if ('problem' in application) return somethingWentWrong(world, application.problem);

	const form = new URLSearchParams(exchange.body.toString('utf8'));
	const user = world.state.users.find(
		({ name, password }) => name === form.get('user') && password === form.get('password'),
	);
	if (!user) return showLogin(world, exchange, 'User or password is wrong.');

	const code = randomBytes(24).toString('base64url');
	world.state.codes.set(code, {
		clientId: application.client.id,
		scopes: application.scopes,
		// Without choose_tenants=true nobody is asked for a store: the consent is the person's own.
		tenantId: exchange.query.get('choose_tenants') === 'true' ? user.tenantId : undefined,
		admin: user.admin,
		redirectUri: application.redirectUri,
		expiresAt: world.context.clock.now() + codeLifetimeMs,
		used: false,
	});
	const target = new URL(application.redirectUri);
	target.searchParams.set('code', code);
	const state = exchange.query.get('state');
	if (state !== null) target.searchParams.set('state', state);
	return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } };
}

/** Who asks for what, or why the login page refuses to show. */
function applicationOf(
	{ state }: World,
	query: URLSearchParams,
): { client: Client; redirectUri: string; scopes: string[] } | { problem: string } {
	const client = state.clients.find(({ id }) => id === query.get('client_id'));
	if (!client) return { problem: 'unknown client_id' };
	const redirectUri = query.get('redirect_uri') ?? '';
	if (!isRegistered(client, redirectUri)) {
		return { problem: 'redirect_uri is not registered' };
	}
	if (query.get('response_type') !== 'code') return { problem: 'response_type is not code' };
	const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
	const unknown = asked.filter((scope) => !client.scopes.includes(scope));
	if (unknown.length > 0) return { problem: `scopes the client lacks: ${unknown.join(' ')}` };
	const scopes = [...new Set([...client.defaultScopes, ...asked])];
	if (scopes.length === 0) return { problem: 'no scope' };
	return { client, redirectUri, scopes };
}

function isRegistered({ redirectUris }: Client, redirectUri: string): boolean {
	if (redirectUris.length > 0) return redirectUris.includes(redirectUri);
	return /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/rest\/oauth2-credential\/callback$/.test(
		redirectUri,
	);
}

/** The real page does not say what is wrong, whatever it is. */
function somethingWentWrong({ state }: World, problem: string): Answer {
	state.lastLoginProblem = problem;
	return htmlPage(
		400,
		'ID Magalu (simulated)',
		'<h1>Something went wrong</h1><p role="alert">We could not process your request.</p>',
	);
}

function token(world: World, exchange: Exchange): Answer {
	const fields = fieldsOf(exchange);
	if (!fields) return oauthError(400, 'invalid_request', 'The request body could not be read.');
	const { state } = world;

	// Documented in the body only, so Basic authentication counts for nothing here.
	const client = state.clients.find(
		({ id, secret }) => id === fields['client_id'] && secret === fields['client_secret'],
	);
	if (!client) {
		const why = 'Client authentication failed due to unknown client or no client authentication.';
		return oauthError(401, 'invalid_client', why);
	}
	if (fields['grant_type'] === 'authorization_code') return exchangeCode(world, client, fields);
	if (fields['grant_type'] === 'refresh_token') return refresh(world, client, fields);
	return oauthError(400, 'unsupported_grant_type', 'The grant type is not supported.');
}

function exchangeCode(world: World, client: Client, fields: Record<string, string>): Answer {
	const grant = world.state.codes.get(fields['code'] ?? '');
	const good =
		grant !== undefined &&
		!grant.used &&
		grant.clientId === client.id &&
		grant.redirectUri === fields['redirect_uri'] &&
		world.context.clock.now() < grant.expiresAt;
	if (!good) return invalidGrant();
	grant.used = true;
	const { clientId, scopes, tenantId, admin } = grant;
	return tokenAnswer(tokensFor(world, { clientId, scopes, tenantId, admin }));
}

function refresh(world: World, client: Client, fields: Record<string, string>): Answer {
	const grant = world.state.refreshTokens.get(fields['refresh_token'] ?? '');
	if (!grant || grant.used || grant.clientId !== client.id) return invalidGrant();
	grant.used = true;
	const { clientId, scopes, tenantId, admin } = grant;
	return tokenAnswer(tokensFor(world, { clientId, scopes, tenantId, admin }));
}

function tokenAnswer(body: object): Answer {
	return { status: 200, headers: { 'cache-control': 'no-store' }, body };
}

function invalidGrant(): Answer {
	const why =
		'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.';
	return oauthError(400, 'invalid_grant', why);
}

/** The fields of a form or a flat JSON object; undefined where the body is neither. */
function fieldsOf({ headers, body }: Exchange): Record<string, string> | undefined {
	const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
	const text = body.toString('utf8');
	if (type === 'application/x-www-form-urlencoded') {
		return Object.fromEntries(new URLSearchParams(text));
	}
	if (type !== 'application/json') return undefined;
	try {
		const content: unknown = JSON.parse(text);
		if (typeof content !== 'object' || content === null) return undefined;
		const texts = Object.entries(content).filter(([, value]) => typeof value === 'string');
		return Object.fromEntries(texts) as Record<string, string>;
	} catch {
		return undefined;
	}
}
