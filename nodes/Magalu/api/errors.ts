import { withoutReason } from '../../shared/http/errors';
import { isWithoutBody, jsonOf } from '../../shared/http/response';
import type { AnswerKind, Explanation, HttpResponse, Service } from '../../shared/http/service';
import { storageService } from '../../shared/http/storage';
import { LONGEST_PAGE } from '../../shared/text';
import { isNoError, isRecord, recordOf, textOf } from '../../shared/values';
import type { Scope } from './login';

/** What an answer says, whichever of its shapes it has. */
interface Said {
	code?: string;
	text?: string;
	/** Not Magalu itself but the edge in front of it. */
	edge?: true;
}

/**
 * Reads an error. Magalu has several shapes for one: the platform's `{slug, message, details}`, the
 * gateway's `{errorCode, userMessage, developerMessage}`, FastAPI's `{detail}`, OAuth's
 * `{error, error_description}`, and HTML from the edge in front of it. What is none of these is read by
 * the names that APIs use for such things.
 */
export function saidIn(answer: HttpResponse): Said {
	const { text, headers } = answer;
	const reason = headers['x-authorization-error'];
	const parsed = jsonOf(answer);
	if (parsed === undefined && /<html|<!doctype/i.test(text)) {
		return { edge: true, text: textOfHtml(text) };
	}
	const plain = text.includes('<') ? '' : text.trim().slice(0, LONGEST_PLAIN);
	const found = parsed === undefined ? [{ text: plain }] : saidInJson(parsed);
	const code = found.find((one) => one.code !== undefined)?.code;
	const words = joined([...new Set(found.map((one) => one.text))], ' | ');
	return {
		code,
		text: joined([words, words && reason ? `(${reason})` : reason], ' '),
	};
}

/** An answer that is neither JSON nor HTML is shown up to so many characters. */
const LONGEST_PLAIN = 300;
/** How deep words may stand in an answer. */
const DEEPEST = 4;

function saidInJson(value: unknown, field?: string, depth = 0): Said[] {
	if (depth > DEEPEST) return [];
	const inside = (one: unknown, name = field) => saidInJson(one, name, depth + 1);
	if (Array.isArray(value)) return value.flatMap((one: unknown) => inside(one));
	if (!isRecord(value)) {
		const text = textOf(value);
		return text === undefined ? [] : [{ text: joined([field, text], ': ') }];
	}

	const { error, errors, detail, details, loc } = value;
	const words = [value.message, value.userMessage, value.developerMessage, value.title]
		.concat(value.msg, value.error_description)
		.map(textOf);
	const text = joined([...new Set(words)], ' | ');
	const codes = [value.slug, value.errorCode, value.code, loc && value.type, error].map(textOf);
	const place = Array.isArray(loc) ? loc.slice(1).join('.') : textOf(value.field);
	return [
		{
			code: codes.find((code) => code !== undefined),
			text: text ? joined([place ?? field, text], ': ') : textOf(error),
		},
		...(isRecord(error) || Array.isArray(error) ? inside(error) : []),
		...errorsIn(errors, inside),
		...inside(detail),
		...inside(details),
	];
}

/** One error, several, or some for each field: lists, texts, or both. */
function errorsIn(errors: unknown, inside: (one: unknown, name?: string) => Said[]): Said[] {
	const byField = isRecord(errors) ? Object.entries(errors) : [];
	const areLists = byField.length > 0 && byField.every(([, one]) => Array.isArray(one));
	const found = areLists ? [] : inside(errors);
	if (found.some(({ code, text }) => code ?? text)) return found;
	return byField.flatMap(([name, one]) => inside(one, name));
}

function joined(parts: Array<string | undefined>, by: string): string | undefined {
	return parts.filter((part) => part !== undefined && part !== '').join(by) || undefined;
}

function textOfHtml(html: string): string | undefined {
	const page = html.slice(0, LONGEST_PAGE);
	const visible = page
		.replace(/<(style|script)\b[\s\S]*?(?:<\/\1>|$)/gi, ' ')
		.replace(/<[^>]*>/g, ' ');
	return visible.replace(/\s+/g, ' ').trim().slice(0, 200) || undefined;
}

interface Meaning {
	message: string;
	description: string;
	retryable?: boolean;
	/** Instead of the description, where Magalu said nothing. */
	silent?: string;
	/** Magalu's own words would add nothing to the message. */
	saysAll?: true;
}

const RECONNECT =
	'Open the credential in n8n and connect it again, as an administrator of the store.';

const byStatus: Readonly<Record<number, Meaning>> = {
	400: {
		message: 'Magalu refused the request',
		description: "Correct what Magalu's words name. A closed ticket takes no message any more.",
		silent: `${withoutReason('Magalu')} A closed ticket takes no message any more.`,
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
	409: {
		message: 'Magalu says that this conflicts with something else at the moment',
		description:
			"Correct what Magalu's words name. If they name nothing, try again in a few minutes.",
		silent: 'Try again in a few minutes.',
		retryable: true,
	},
	422: {
		message: 'Magalu does not accept a field',
		description: "Correct the field that Magalu's words name, and try again.",
		silent: withoutReason('Magalu'),
	},
	423: {
		message: 'Magalu says that this is locked at the moment',
		description: 'Try again in a few minutes.',
		retryable: true,
	},
	425: {
		message: 'Magalu says that this is too early',
		description: 'Try again in a few minutes.',
		retryable: true,
	},
	429: {
		message: "Magalu's limit of requests is used up",
		description: 'Try again in a few minutes, or send fewer items at once.',
		retryable: true,
	},
};

const blocked: Meaning = {
	message: "Magalu's network does not let this request through",
	description:
		"The answer is a page of the firewall in front of Magalu, not of its API: scopes and token are not the reason. Try again later; if it stays like this, give Magalu's support the public IP address of your n8n.",
	retryable: true,
	saysAll: true,
};

/** The scope that Magalu names, or the one that this part of the API wants. */
function denied(text: string, needed: Scope): Meaning {
	if (/\badmin/i.test(text)) {
		return {
			message: 'The person who connected the credential is not an administrator of the store',
			description: `Magalu wants that since March 2026. ${RECONNECT}`,
			saysAll: true,
		};
	}
	const named = /\b(?:open|services):[a-z-]+:(?:read|write)\b/.exec(text)?.[0];
	const howToAdd = `Add it to your app (idm client add-scope) and to 'Scope' of the credential. ${RECONNECT} Renewing an old token adds no scope.`;
	if (named) {
		return {
			message: `The credential lacks the scope ${named}`,
			description: `This needs the scope ${named}. ${howToAdd}`,
			saysAll: true,
		};
	}
	const saysNothing = /^(\W*(forbidden|access|denied|acesso|negado|proibido)\W*)*$/i.test(text);
	return {
		message: 'Magalu denied access',
		description: saysNothing
			? `This needs the scope ${needed}. ${howToAdd}`
			: `Read Magalu's own words. If they do not help: this needs the scope ${needed}, and an administrator of the store who connects the credential.`,
	};
}

function meaningOf({ status }: HttpResponse, said: Said, needed: Scope): Meaning {
	if (said.edge && status < 500) return blocked;
	if (status < 500 && TOO_FAST.test(said.code ?? '')) return byStatus[429]!;
	if (status === 403) return denied(said.text ?? '', needed);
	const known = byStatus[status];
	if (known) return known;
	if (status >= 500) {
		return {
			message: 'Magalu has a problem of its own',
			description: 'Try again later.',
			retryable: true,
		};
	}
	return {
		message: `Magalu refused the request (${status})`,
		description: "Correct what Magalu's words name.",
		silent: withoutReason('Magalu'),
	};
}

export const WHERE_TO_LOOK = "Look at the ticket's messages in the Magalu seller portal";

/** Slugs and codes that say "too fast, nothing was done", and those of a failure inside Magalu. */
const TOO_FAST = /too.?many(.?(requests?|calls?)|$)|rate.?limit|throttl/i;
const INTERNAL = /internal|unavailable|time.?out/i;

/**
 * What a success says that has a body. Any JSON is one, unless it has the shape of an error, which nothing of
 * Magalu's has that is good. It says yes and no then: what it says is wrong counts.
 */
function kindOfSuccess(given: HttpResponse, wantsRecord: boolean): AnswerKind {
	const body = jsonOf(given);
	if (body === undefined || (wantsRecord && !isRecord(body))) return 'unreadable';
	const { error, errors, slug, errorCode, detail, id, transaction_id } = recordOf(body);
	const fields = [error, errors, slug, errorCode, detail];
	const complaints = fields.filter((one) => !isNoError(one)).flat();
	if (complaints.every((one) => one === undefined || one === null || one === '')) return 'done';
	const { code = '', text = '' } = saidIn(given);
	// Without a word, or beside what was made of the message: nobody can know.
	const saysNothing = code === '' && text === '';
	if (saysNothing || textOf(transaction_id) || textOf(id)) return 'unreadable';
	if (INTERNAL.test(code)) return 'failing';
	return TOO_FAST.test(code) ? 'throttled' : 'refused';
}

/**
 * The seller API as the gate sees it.
 *
 * @param needed the scope that the request wants: Magalu does not always name it
 * @param answer `bytes` where a file is asked for: then every good answer is one; `record` where something
 * is read: then an answer without an object in it is none
 */
export function magaluApi(needed: Scope, answer: 'json' | 'record' | 'bytes' = 'json'): Service {
	return {
		marketplace: 'magalu',
		title: 'Magalu',
		whereToLook: WHERE_TO_LOOK,

		kindOf(given): AnswerKind {
			const { status } = given;
			if (status >= 200 && status < 300) {
				return answer === 'bytes' || isWithoutBody(given)
					? 'done'
					: kindOfSuccess(given, answer === 'record');
			}
			if (status === 429) return 'throttled';
			if (status >= 500 || status === 408) return 'failing';
			// Redirects are not followed: a 303 may mean that the message was taken.
			if (status < 400) return 'unreadable';
			return TOO_FAST.test(saidIn(given).code ?? '') ? 'throttled' : 'refused';
		},

		explain(given): Explanation {
			const said = saidIn(given);
			const { message, description, silent, retryable, saysAll } = meaningOf(given, said, needed);
			return {
				message: said.text && !saysAll ? `${message}: ${said.text}` : message,
				description: said.text ? description : (silent ?? description),
				code: said.code,
				marketplaceMessage: said.text,
				retryable,
			};
		},

		requestIdOf,
	};
}

/** Google Cloud Storage, which takes the bytes of attachments. */
export const magaluStorage = storageService({
	marketplace: 'magalu',
	title: "Magalu's storage",
	whereToLook: WHERE_TO_LOOK,
	requestIdHeader: 'x-guploader-uploadid',
	refused: {
		message: "Magalu's storage did not take the file",
		description: 'Run the item again: it gets new links.',
	},
});

/** Magalu's support asks for it. */
export function requestIdOf({ headers }: HttpResponse): string | undefined {
	return headers['x-request-id'];
}
