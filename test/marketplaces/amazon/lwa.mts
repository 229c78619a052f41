import { randomBytes } from 'node:crypto';

import type { Answer, Clock, Exchange, Service } from '../service.mts';
import type { AmazonState } from './state.mts';

/**
 * Login with Amazon's token endpoint, `POST /lwa/auth/o2/token`.
 * Source: developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
 */
export function lwaService(state: AmazonState, clock: Clock): Service {
	return {
		prefix: '/lwa',
		operationOf: () => 'lwa.token',
		answer(exchange) {
			if (exchange.path !== '/auth/o2/token')
				return { status: 404, body: { message: 'Not Found' } };
			if (exchange.method !== 'POST') {
				return no(400, 'invalid_request', 'Only POST method is supported');
			}
			const form = formOf(exchange);
			if (!form) return no(400, 'invalid_request', 'Content type or body is not supported');
			return token(form, state, clock);
		},
	};
}

/** A form, or a JSON object, which LWA takes as well. */
function formOf({ headers, body }: Exchange): Record<string, string> | undefined {
	const type = headers['content-type'] ?? '';
	if (type.startsWith('application/x-www-form-urlencoded')) {
		return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
	}
	if (!type.startsWith('application/json')) return undefined;
	try {
		return JSON.parse(body.toString('utf8')) as Record<string, string>;
	} catch {
		return undefined;
	}
}

function token(form: Record<string, string>, state: AmazonState, clock: Clock): Answer {
	const missing = ['grant_type', 'client_id', 'client_secret'].find((name) => !form[name]);
	if (missing) return missingParameter(missing);

	const client = state.clients.find(({ clientId }) => clientId === form.client_id);
	if (!client || client.clientSecret !== form.client_secret || client.secretExpired) {
		return no(401, 'invalid_client', 'Client authentication failed');
	}
	if (form.grant_type === 'authorization_code') {
		return no(400, 'invalid_grant', 'The request has an invalid grant parameter : code');
	}
	if (form.grant_type !== 'refresh_token') {
		return no(
			400,
			'unsupported_grant_type',
			'The authorization grant type is not supported by the authorization server',
		);
	}
	if (!form.refresh_token) return missingParameter('refresh_token');

	const seller = state.sellers.find(({ refreshToken }) => refreshToken === form.refresh_token);
	if (!seller || seller.revoked) {
		return no(
			400,
			'invalid_grant',
			"The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
		);
	}
	if (seller.clientId !== client.clientId) {
		return no(400, 'unauthorized_client', 'Not authorized for requested operation');
	}

	const accessToken = `Atza|${randomBytes(48).toString('base64url')}`;
	state.tokens.set(accessToken, { seller, expiresAt: clock.now() + state.tokenLifetime * 1000 });
	return {
		status: 200,
		headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
		body: {
			access_token: accessToken,
			refresh_token: seller.refreshToken,
			token_type: 'bearer',
			expires_in: state.tokenLifetime,
		},
	};
}

function missingParameter(name: string): Answer {
	return no(400, 'invalid_request', `The request is missing a required parameter : ${name}`);
}

function no(status: number, error: string, description: string): Answer {
	return {
		status,
		body: { error, error_description: description, request_id: randomBytes(8).toString('hex') },
	};
}
