import { randomBytes, randomUUID } from 'node:crypto';

import { allScopes, type Grant, type World } from './state.mts';

/** The answer of the token endpoint; n8n keeps it as it is in `oauthTokenData`. */
export interface TokenAnswer {
	access_token: string;
	refresh_token: string;
	token_type: 'Bearer';
	/** Seconds. */
	expires_in: number;
	/** Seconds since 1970. */
	created_at: number;
	scope: string;
}

export interface TokenWishes {
	scopes?: string[];
	/** Seconds. */
	lifetime?: number;
	clientId?: string;
	/** The store; `null` for a token of a person only. */
	tenantId?: string | null;
	admin?: boolean;
}

/** Tokens without anybody logging in: by default all scopes for the demo store. */
export function issueTokens(world: World, wishes: TokenWishes = {}): TokenAnswer {
	const tenantId = wishes.tenantId === undefined ? world.state.users[0]?.tenantId : wishes.tenantId;
	const grant: Grant = {
		clientId: wishes.clientId ?? 'demo-magalu-client',
		scopes: wishes.scopes ?? allScopes,
		tenantId: tenantId ?? undefined,
		admin: wishes.admin ?? true,
	};
	return tokensFor(world, grant, wishes.lifetime);
}

/** New tokens for what was granted. The refresh token is good for one use. */
export function tokensFor({ context, state }: World, grant: Grant, lifetime?: number): TokenAnswer {
	const now = context.clock.now();
	const expiresIn = lifetime ?? state.settings.tokenLifetime;
	const accessToken = looksLikeJwt(grant, now, expiresIn);
	const refreshToken = randomBytes(32).toString('hex');
	state.accessTokens.set(accessToken, { ...grant, expiresAt: now + expiresIn * 1000 });
	state.refreshTokens.set(refreshToken, { ...grant, used: false });
	return {
		access_token: accessToken,
		refresh_token: refreshToken,
		token_type: 'Bearer',
		expires_in: expiresIn,
		created_at: Math.floor(now / 1000),
		scope: grant.scopes.join(' '),
	};
}

function looksLikeJwt(grant: Grant, now: number, expiresIn: number): string {
	const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
	const issuedAt = Math.floor(now / 1000);
	const head = part({ typ: 'JWT', alg: 'RS256' });
	const claims = part({
		iss: 'https://id.magalu.com',
		aud: grant.clientId,
		jti: randomUUID(),
		iat: issuedAt,
		exp: issuedAt + expiresIn,
		scope: grant.scopes.join(' '),
	});
	return `${head}.${claims}.${randomBytes(64).toString('base64url')}`;
}
