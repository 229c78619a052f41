import type { FailureDetails } from '../outcome';
import { isRecord, textOf } from '../values';

/** What is known of a token exchange that failed: nothing but that has left. */
export type LoginFailure = Partial<FailureDetails> & { message: string; description: string };

/** The parts that tell n8n's own errors apart; each link of a chain of causes is one. */
interface Thrown {
	code?: unknown;
	message?: unknown;
	status?: unknown;
	body?: unknown;
	failure?: unknown;
	config?: { url?: unknown };
	response?: { status?: number };
}

const RECONNECT = 'Open the credential in n8n and connect it again.';

/**
 * Reads what n8n throws where its own OAuth2 could not renew a token. The request itself was refused with
 * a 401 by then, or never left, so nothing was sent.
 *
 * @param url of the request: an error of another address is one of the token endpoint
 * @returns nothing where the error is not about the login
 */
export function oAuth2FailureOf(
	chain: Thrown[],
	url: string,
	title: string,
): LoginFailure | undefined {
	return (
		refusedGrant(chain, title) ?? notConnected(chain, title) ?? unansweredLogin(chain, url, title)
	);
}

/** OAuth's own error (RFC 6749, section 5.2), or what n8n makes of `invalid_grant`. */
function refusedGrant(chain: Thrown[], title: string): LoginFailure | undefined {
	const body = chain.map((one) => one.body).find((one) => isRecord(one) && textOf(one.error));
	const revoked = chain.some(
		({ failure }) => isRecord(failure) && failure.cause === 'credential-invalid',
	);
	// n8n's OAuth2 client marks a refusal of the token endpoint, in whatever form it came.
	const refused = chain.some(({ code }) => code === 'EAUTH');
	if (!isRecord(body) && !revoked && !refused) return undefined;

	const told = isRecord(body) ? textOf(body.error) : undefined;
	const code = told ?? (revoked ? 'invalid_grant' : undefined);
	const unknownClient = code === 'invalid_client';
	return {
		message: unknownClient
			? `${title} does not know the credential's client ID and client secret`
			: `${title} does not renew the credential's access any more`,
		description: unknownClient
			? "Check 'Client ID' and 'Client Secret' of the credential, and connect it again."
			: `${RECONNECT} Its consent has ended, was withdrawn, or was used by somebody else: one app belongs into one credential.`,
		code,
		marketplaceMessage: isRecord(body) ? textOf(body.error_description) : undefined,
		retryable: false,
	};
}

/** What n8n says where a credential holds no token. */
const NO_TOKEN = /OAuth credentials not connected|without access token|no refresh token|no ID\b/i;

function notConnected(chain: Thrown[], title: string): LoginFailure | undefined {
	if (!chain.some(({ message }) => NO_TOKEN.test(String(message)))) return undefined;
	return {
		message: `The credential is not connected to ${title}`,
		description: RECONNECT,
		retryable: false,
	};
}

function unansweredLogin(chain: Thrown[], url: string, title: string): LoginFailure | undefined {
	const elsewhere = chain.find(({ config }) => textOf(config?.url) && config!.url !== url);
	const unreadable = chain.find(({ code }) => code === 'ESTATUS');
	if (!elsewhere && !unreadable) return undefined;
	return {
		message: `${title}'s login gave no new access token`,
		description: 'Try again in a few minutes; if it stays like this, connect the credential again.',
		httpStatus: elsewhere?.response?.status ?? (Number(unreadable?.status) || undefined),
		retryable: true,
	};
}
