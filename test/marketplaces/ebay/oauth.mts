import { randomUUID } from 'node:crypto';

import type { Answer, Exchange } from '../service.mts';
import { nextId, scopeBase } from './state.mts';
import type { EbayState, Grant } from './state.mts';

/**
 * `POST /identity/v1/oauth2/token`: authorization_code and refresh_token grants, HTTP Basic, a form as
 * body. A refresh gives no new refresh token (eBay's OAuth guide).
 */
export function token(exchange: Exchange, state: EbayState, now: number): Answer {
	if (exchange.method !== 'POST') return oauthError(405, 'invalid_request', 'POST is expected.');
	const clientId = authenticated(exchange.headers.authorization, state);
	if (clientId === undefined) {
		return oauthError(401, 'invalid_client', 'client authentication failed');
	}
	const type = (exchange.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
	if (type !== 'application/x-www-form-urlencoded') {
		return oauthError(400, 'invalid_request', 'The body must be a form.');
	}
	const form = new URLSearchParams(exchange.body.toString('utf8'));
	switch (form.get('grant_type')) {
		case 'refresh_token':
			return refreshed(form, clientId, state, now);
		case 'authorization_code':
			return exchanged(form, clientId, state, now);
		case 'client_credentials':
			return ofApplication(form, state, now);
		default:
			return oauthError(
				400,
				'unsupported_grant_type',
				'grant type in request is not supported by the authorization server',
			);
	}
}

function refreshed(form: URLSearchParams, clientId: string, state: EbayState, now: number): Answer {
	const grant = state.refreshTokens.get(form.get('refresh_token') ?? '');
	if (!grant || grant.clientId !== clientId || grant.expiresAt <= now) {
		return oauthError(
			400,
			'invalid_grant',
			'the provided authorization refresh token is invalid or was issued to another client',
		);
	}
	const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? grant.scopes;
	if (!scopes.every((scope) => grant.scopes.includes(scope))) {
		return oauthError(
			400,
			'invalid_scope',
			'The requested scope is invalid, unknown, malformed, or exceeds the scope granted to the client',
		);
	}
	return { status: 200, body: minted(grant.seller, scopes, state, now) };
}

function exchanged(form: URLSearchParams, clientId: string, state: EbayState, now: number): Answer {
	const code = form.get('code') ?? '';
	const grant = state.authorizationCodes.get(code);
	const fits =
		grant &&
		grant.clientId === clientId &&
		grant.expiresAt > now &&
		grant.redirectUri === form.get('redirect_uri');
	if (!fits) {
		return oauthError(
			400,
			'invalid_grant',
			'the provided authorization grant code is invalid or was issued to another client',
		);
	}
	state.authorizationCodes.delete(code);
	const refreshToken = `v^1.1#r^1#${nextId(state)}`;
	const lifetime = 47_304_000;
	const kept: Grant = {
		clientId,
		seller: grant.seller,
		scopes: grant.scopes,
		expiresAt: now + lifetime * 1000,
	};
	state.refreshTokens.set(refreshToken, kept);
	return {
		status: 200,
		body: {
			...minted(grant.seller, grant.scopes, state, now),
			refresh_token: refreshToken,
			refresh_token_expires_in: lifetime,
		},
	};
}

/** The client credentials grant: a token of the application, without a refresh token (eBay's OAuth guide). */
function ofApplication(form: URLSearchParams, state: EbayState, now: number): Answer {
	if (form.get('scope') !== scopeBase) {
		return oauthError(400, 'invalid_scope', 'The requested scope is not granted to the client');
	}
	const body = minted('', [scopeBase], state, now);
	state.accessTokens.get(body.access_token)!.application = true;
	return { status: 200, body: { ...body, token_type: 'Application Access Token' } };
}

function minted(seller: string, scopes: string[], state: EbayState, now: number) {
	// Never one that was given out before: not even after a reset.
	const accessToken = `v^1.1#i^1#p^3#f^0#${randomUUID()}#t^H4sIAAAAAAAA/+1Y`;
	const seconds = state.accessTokenSeconds;
	state.accessTokens.set(accessToken, { seller, scopes, expiresAt: now + seconds * 1000 });
	return { access_token: accessToken, expires_in: seconds, token_type: 'User Access Token' };
}

function authenticated(header: string | undefined, state: EbayState): string | undefined {
	const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(header ?? '')?.[1];
	if (encoded === undefined) return undefined;
	const [id, ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	const expected = state.clients.get(id);
	return expected !== undefined && expected === secret.join(':') ? id : undefined;
}

function oauthError(status: number, error: string, description: string): Answer {
	return { status, body: { error, error_description: description } };
}
