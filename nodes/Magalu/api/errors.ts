import type { Explanation, HttpResponse, Service, AnswerKind } from '../../shared/http/service';
import { isRecord, parseJson, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import type { Scope } from './hosts';

/** What an answer says, whichever of its shapes it has. */
interface Said {
	code?: string;
	text?: string;
	/** Not Magalu itself but the edge in front of it. */
	edge?: true;
}

/**
 * Magalu answers errors in four shapes: the platform's `{slug, message, details}`, FastAPI's `{detail}`,
 * OAuth's `{error, error_description}`, and HTML from the edge in front of it.
 */
export function saidIn({ text, headers }: HttpResponse): Said {
	const parsed = parseJson(text);
	const body = recordOf(parsed);
	const reason = headers['x-authorization-error'];
	const said = platformError(body) ?? fastApiError(body) ?? oauthError(body);
	if (said) return { ...said, text: joined([said.text, reason && `(${reason})`], ' ') };
	const isHtml = parsed === undefined && /<html|<!doctype/i.test(text);
	return isHtml ? { edge: true, text: textOfHtml(text) } : { text: reason };
}

function platformError(body: Json): Said | undefined {
	const code = textOf(body.slug);
	const message = textOf(body.message);
	if (code === undefined && message === undefined) return undefined;
	const details = recordsOf(body.details).map((one) =>
		joined([textOf(one.field), textOf(one.message)], ': '),
	);
	return { code, text: joined([message, ...details], ' | ') };
}

function fastApiError({ detail }: Json): Said | undefined {
	if (typeof detail === 'string') return { text: detail };
	const problems = recordsOf(detail);
	if (problems.length === 0) return undefined;
	const texts = problems.map((one) => {
		const place = Array.isArray(one.loc) ? one.loc.slice(1).join('.') : undefined;
		return joined([place, textOf(one.msg)], ': ');
	});
	return { code: textOf(problems[0]?.type), text: joined(texts, ' | ') };
}

function oauthError(body: Json): Said | undefined {
	const code = textOf(body.error);
	return code === undefined ? undefined : { code, text: textOf(body.error_description) ?? code };
}

function joined(parts: Array<string | undefined>, by: string): string | undefined {
	return parts.filter((part) => part !== undefined && part !== '').join(by) || undefined;
}

function textOfHtml(html: string): string | undefined {
	const visible = html.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
	return visible.replace(/\s+/g, ' ').trim().slice(0, 200) || undefined;
}

interface Meaning {
	message: string;
	description: string;
	retryable?: boolean;
}

const RECONNECT =
	'Open the credential in n8n and connect it again, as an administrator of the store.';

const byStatus: Readonly<Record<number, Meaning>> = {
	400: {
		message: 'Magalu refused the request',
		description:
			"Read Magalu's own words and correct what they name. A closed ticket takes no message any more.",
	},
	401: {
		message: 'Magalu does not accept the access token',
		description: `A new one was fetched and refused as well. ${RECONNECT}`,
	},
	404: {
		message: 'Magalu does not find what was asked for',
		description:
			'Check the ID, that it belongs to this store, and that the credential has the right environment (production or sandbox).',
	},
	422: {
		message: 'Magalu does not accept a field',
		description: "Read Magalu's own words, correct the field they name, and try again.",
	},
	423: {
		message: 'Magalu says that this is locked at the moment',
		description: 'Try again in a few minutes.',
		retryable: true,
	},
	429: {
		message: "Magalu's limit of requests is used up",
		description: 'Try again in a few minutes, or send fewer items at once.',
	},
};

const blocked: Meaning = {
	message: "Magalu's network does not let this request through",
	description:
		"The answer is a page of the firewall in front of Magalu, not of its API: scopes and token are not the reason. Try again later; if it stays like this, give Magalu's support the public IP address of your n8n.",
	retryable: true,
};

/** The scope that Magalu names, or the one that this part of the API wants. */
function denied(text: string, needed: Scope): Meaning {
	if (/\badmin/i.test(text)) {
		return {
			message: 'The person who connected the credential is not an administrator of the store',
			description: `Magalu wants that since March 2026. ${RECONNECT}`,
		};
	}
	const named = /\b(?:open|services):[a-z-]+:(?:read|write)\b/.exec(text)?.[0];
	return {
		message: named ? `The credential lacks the scope ${named}` : 'Magalu denied access',
		description: `This needs the scope ${named ?? needed}. Add it to your app (idm client add-scope) and to 'Scope' of the credential. ${RECONNECT} Renewing an old token adds no scope.`,
	};
}

function meaningOf({ status }: HttpResponse, said: Said, needed: Scope): Meaning {
	if (said.edge && status < 500) return blocked;
	if (status === 403) return denied(said.text ?? '', needed);
	const known = byStatus[status];
	if (known) return known;
	return {
		message:
			status >= 500 ? 'Magalu has a problem of its own' : `Magalu refused the request (${status})`,
		description: 'Try again later.',
	};
}

export const WHERE_TO_LOOK = "Look at the ticket's messages in the Magalu seller portal";

/**
 * The seller API as the gate sees it.
 *
 * @param needed the scope that the request wants: Magalu does not always name it
 * @param answer `bytes` where a file is asked for: then every good answer is one
 */
export function magaluApi(needed: Scope, answer: 'json' | 'bytes' = 'json'): Service {
	return {
		marketplace: 'magalu',
		title: 'Magalu',
		whereToLook: WHERE_TO_LOOK,

		kindOf({ status, text }): AnswerKind {
			if (status >= 200 && status < 300) {
				return answer === 'bytes' || isRecord(parseJson(text)) ? 'done' : 'unreadable';
			}
			if (status === 429) return 'throttled';
			if (status >= 500 || status === 408) return 'failing';
			// Redirects are not followed: a 303 may mean that the message was taken.
			return status < 400 ? 'unreadable' : 'refused';
		},

		explain(given): Explanation {
			const said = saidIn(given);
			const { message, description, retryable } = meaningOf(given, said, needed);
			const theirs = [400, 404, 422].includes(given.status) && !said.edge ? said.text : undefined;
			return {
				message: theirs ? `${message}: ${theirs}` : message,
				description,
				code: said.code,
				requestId: requestIdOf(given),
				marketplaceMessage: said.text,
				retryable,
			};
		},
	};
}

/** Google Cloud Storage, which takes the bytes of attachments. Its errors are XML. */
export const magaluStorage: Service = {
	marketplace: 'magalu',
	title: "Magalu's storage",
	whereToLook: WHERE_TO_LOOK,

	kindOf({ status }): AnswerKind {
		if (status >= 200 && status < 300) return 'done';
		if (status === 429) return 'throttled';
		return status >= 500 || status === 408 ? 'failing' : 'refused';
	},

	explain({ text }): Explanation {
		const read = (tag: string) =>
			new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1]?.trim() || undefined;
		return {
			message: "Magalu's storage did not take the file",
			description: 'Run the item again: it gets new links.',
			code: read('Code'),
			marketplaceMessage: joined([read('Message'), read('Details')], ' '),
			retryable: true,
		};
	},
};

/** Magalu's support asks for it. */
export function requestIdOf({ headers }: HttpResponse): string | undefined {
	return headers['x-request-id'];
}
