import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

/**
 * Access tokens that n8n keeps for a credential: refreshed ahead of their end, exchanged once however
 * many items ask, and replaced early when a marketplace says that one is spent.
 */

/** A request may name the token that was just rejected; `withToken` takes the header off again. */
export const REJECTED_TOKEN_HEADER = 'x-rejected-access-token';

/** What a credential's `preAuthentication` returns; n8n keeps every key of it. */
export interface FreshToken {
	accessToken: string;
	/** Milliseconds since 1970, margin already taken off. */
	accessTokenExpiresAt: number;
	[key: string]: string | number;
}

/** The token exchange itself failed: nothing else has left. Read across bundles by its `tokenExchange`. */
export class TokenExchangeError extends Error {
	override readonly name = 'TokenExchangeError';

	readonly tokenExchange: {
		code?: string;
		httpStatus?: number;
		requestId?: string;
		marketplaceMessage?: string;
		retryable: boolean;
		description: string;
	};

	constructor(message: string, tokenExchange: TokenExchangeError['tokenExchange']) {
		super(message);
		this.tokenExchange = tokenExchange;
	}

	/** n8n shows it below the message. */
	get description(): string {
		return this.tokenExchange.description;
	}
}

/** Short and one-way: tells two secrets apart without holding one. */
export function fingerprint(...secrets: string[]): string {
	return createHash('sha256').update(secrets.join('\u0000')).digest('hex').slice(0, 24);
}

/** A minute ahead, or a tenth of the life of a token that lives shorter than ten minutes. */
const MARGIN_MS = 60_000;

/**
 * @param lifeSeconds the `expires_in` of a token answer
 * @param askedAt when the token was asked for, milliseconds since 1970
 * @returns when to fetch the next one, milliseconds since 1970
 */
export function refreshAt(lifeSeconds: number, askedAt: number): number {
	const life = lifeSeconds * 1000;
	return askedAt + life - Math.min(MARGIN_MS, life / 10);
}

/** @returns whether the credential holds an access token that is still good */
export function hasToken(credentials: ICredentialDataDecryptedObject): boolean {
	return Boolean(credentials.accessToken) && !isSpent(credentials);
}

function isSpent({ accessTokenExpiresAt }: ICredentialDataDecryptedObject): boolean {
	return Date.now() >= Number(accessTokenExpiresAt ?? 0);
}

const running = new Map<string, Promise<FreshToken>>();

/**
 * One exchange for all items and executions that ask at once.
 * @param account a fingerprint of everything that makes the token what it is
 */
export async function exchangedOnce(
	account: string,
	exchange: () => Promise<FreshToken>,
): Promise<FreshToken> {
	const token = running.get(account) ?? exchange();
	running.set(account, token);
	try {
		return await token;
	} finally {
		running.delete(account);
	}
}

/**
 * For a credential's `authenticate`: puts the token onto the request, or answers as a server would to a
 * spent one (401), on which n8n runs `preAuthentication` and asks again. Nothing has left by then.
 */
export function withToken(
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
	put: (headers: Record<string, unknown>, accessToken: string) => void,
): IHttpRequestOptions {
	const headers = (request.headers ??= {}) as Record<string, unknown>;
	const rejected = headers[REJECTED_TOKEN_HEADER];
	delete headers[REJECTED_TOKEN_HEADER];

	const token = String(credentials.accessToken ?? '');
	if (isSpent(credentials) || rejected === fingerprint(token)) {
		throw Object.assign(new Error('The access token has to be renewed'), {
			response: { status: 401 },
		});
	}
	put(headers, token);
	return request;
}
