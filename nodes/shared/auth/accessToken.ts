import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { Refusal } from '../outcome';

/**
 * Access tokens that n8n keeps for a credential: refreshed ahead of their end, exchanged once however
 * many items ask, and replaced early when a marketplace says that one is spent.
 */

/** What an exchange gives. */
export interface FreshToken {
	accessToken: string;
	/** Milliseconds since 1970, margin already taken off. */
	accessTokenExpiresAt: number;
}

/**
 * What a credential's `preAuthentication` returns: n8n keeps it, under the fields below. All of it is text:
 * n8n 1 cannot open a credential with a number in a hidden password field.
 */
export interface KeptToken {
	accessToken: string;
	accessTokenExpiresAt: string;
	/** Whose token it is: somebody may have changed the credential since. */
	accessTokenAccount: string;
	[key: string]: string;
}

/** n8n gives a credential back without what is not among its fields. The first tells n8n to ask for a token. */
export const keptTokenFields: INodeProperties[] = [
	{
		displayName: 'Access Token',
		name: 'accessToken',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	},
	{
		displayName: 'Access Token Expires At',
		name: 'accessTokenExpiresAt',
		type: 'hidden',
		typeOptions: { password: true },
		default: '',
	},
	{
		displayName: 'Access Token Account',
		name: 'accessTokenAccount',
		type: 'hidden',
		typeOptions: { password: true },
		default: '',
	},
];

/** The token exchange itself failed: nothing else has left. Read across bundles by its `tokenExchange`. */
export class TokenExchangeError extends Error {
	override readonly name = 'TokenExchangeError';

	readonly tokenExchange: {
		message: string;
		code?: string;
		httpStatus?: number;
		requestId?: string;
		marketplaceMessage?: string;
		retryable: boolean;
		description: string;
	};

	/** @param shown left out: `message` */
	constructor(
		message: string,
		tokenExchange: Omit<TokenExchangeError['tokenExchange'], 'message'>,
		shown = message,
	) {
		super(shown);
		this.tokenExchange = { ...tokenExchange, message };
	}

	/** n8n shows it below the message. */
	get description(): string {
		return this.tokenExchange.description;
	}

	/** Beside message and description all that n8n before 2.33 keeps of an error: as its `httpCode`. */
	get error_code(): string {
		return this.tokenExchange.retryable ? LOGIN_MAY_PASS : LOGIN_FAILED;
	}
}

export const LOGIN_FAILED = 'LoginFailed';
export const LOGIN_MAY_PASS = 'LoginMayPass';

/**
 * Of a test that failed n8n shows the error's message alone, so the advice stands in it, too. What a node
 * makes of it still has both apart.
 */
async function toldWhole<T>(exchange: Promise<T>): Promise<T> {
	return await exchange.catch((error: unknown) => {
		const known = error instanceof TokenExchangeError || error instanceof Refusal;
		if (!known) throw error;
		const facts = error instanceof Refusal ? { retryable: false } : error.tokenExchange;
		const { message, description } = error;
		const whole = `${message.replace(/\.$/, '')}. ${description}`;
		throw new TokenExchangeError(message, { ...facts, description }, whole);
	});
}

/**
 * Credentials that have just signed in. n8n means to sign in for every test of a credential, and does so only
 * where no access token is stored; then one that is still good would hide that the rest is not.
 */
const signedIn = new WeakSet<ICredentialDataDecryptedObject>();

/** For a credential's `preAuthentication`: the same, and remembers that it went well. */
export async function signedInBy<T>(
	credentials: ICredentialDataDecryptedObject,
	exchange: Promise<T>,
): Promise<T> {
	const kept = await toldWhole(exchange);
	signedIn.add(credentials);
	return kept;
}

/**
 * For a credential's `authenticate`, of the request that tests it: answers as a server would to a spent token
 * (401), on which n8n runs `preAuthentication` and asks again.
 */
export function untilSignedIn(credentials: ICredentialDataDecryptedObject): void {
	if (!signedIn.has(credentials)) throw spentTokenError();
}

const spentTokenError = () =>
	Object.assign(new Error('The access token has to be renewed'), { response: { status: 401 } });

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

/** @returns whether the credential holds an access token of this account that is still good */
export function hasToken(credentials: ICredentialDataDecryptedObject, account: string): boolean {
	const { accessToken, accessTokenAccount, accessTokenExpiresAt } = credentials;
	return (
		Boolean(accessToken) &&
		accessTokenAccount === account &&
		Date.now() < Number(accessTokenExpiresAt ?? 0)
	);
}

/** @returns a token as n8n keeps it, and whose it is */
export function keptToken(token: FreshToken, account: string): KeptToken {
	return {
		accessToken: token.accessToken,
		accessTokenExpiresAt: String(token.accessTokenExpiresAt),
		accessTokenAccount: account,
	};
}

const running = new Map<string, Promise<FreshToken>>();

/**
 * One exchange for all items and executions that ask at once.
 * @param account a fingerprint of everything that makes the token what it is
 */
export async function exchangedOnce(
	account: string,
	exchange: () => Promise<FreshToken>,
): Promise<KeptToken> {
	const token = running.get(account) ?? exchange();
	running.set(account, token);
	try {
		return keptToken(await token, account);
	} finally {
		running.delete(account);
	}
}

/** Fingerprints of the tokens that went with a request, and of those that it must not go with. */
const sentWith = new WeakMap<IHttpRequestOptions, string>();
const notWith = new WeakMap<IHttpRequestOptions, string>();

/** @returns a fingerprint of the token that a credential of ours put onto the request, if one did */
export function tokenOf(request: IHttpRequestOptions): string | undefined {
	return sentWith.get(request);
}

/** Who wants to know that a request has its token. */
const waitingFor = new WeakMap<IHttpRequestOptions, () => void>();

/** Says when a credential of ours has put a token onto the request; with others' it never does. */
export async function untilTokenIsOn(request: IHttpRequestOptions): Promise<void> {
	await new Promise<void>((done) => waitingFor.set(request, done));
}

/** Says, before the request leaves, that the marketplace rejected this token: it is renewed first. */
export function refuseToken(request: IHttpRequestOptions, token: string): void {
	notWith.set(request, token);
}

/**
 * For a credential's `authenticate`: puts the token onto the request, or answers as a server would to a
 * spent one (401), on which n8n runs `preAuthentication` and asks again. Nothing has left by then.
 */
export function withToken(
	credentials: ICredentialDataDecryptedObject,
	account: string,
	request: IHttpRequestOptions,
	put: (headers: Record<string, unknown>, accessToken: string) => void,
): IHttpRequestOptions {
	const token = String(credentials.accessToken ?? '');
	const name = fingerprint(token);
	if (!hasToken(credentials, account) || notWith.get(request) === name) {
		throw spentTokenError();
	}
	put((request.headers ??= {}), token);
	sentWith.set(request, name);
	waitingFor.get(request)?.();
	return request;
}
