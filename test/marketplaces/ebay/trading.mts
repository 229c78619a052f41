import type { Answer, Context, Exchange } from '../service.mts';
import { errorBlock, isSevere, own } from './errors.mts';
import type { TradingError } from './errors.mts';
import { answerQuestion, getMemberMessages, messagePartner } from './memberMessages.mts';
import type { Job, Outcome } from './job.mts';
import { getMyMessages } from './myMessages.mts';
import { getOrders } from './orders.mts';
import { tooManyRequests } from './rest.mts';
import { callNames, ebayNamespace, violations } from './schema.mts';
import type { EbayState, NextAnswer } from './state.mts';
import { NotXml, readXml, tag, textAt, wrap } from './xml.mts';
import type { Element } from './xml.mts';

const work: Record<string, (job: Job) => Outcome> = {
	AddMemberMessageAAQToPartner: messagePartner,
	AddMemberMessageRTQ: answerQuestion,
	GetMemberMessages: getMemberMessages,
	GetMyMessages: getMyMessages,
	GetOrders: getOrders,
	GetUser: getUser,
};

/** Calls with the short-duration limit of 75 in 60 s, and then 100 s of nothing, per seller. */
const limited = ['AddMemberMessageAAQToPartner', 'AddMemberMessageRTQ'];

/** Numbers of https://developer.ebay.com/DevZone/finding/Concepts/SiteIDToGlobalID.html */
const siteIds = [
	0, 2, 3, 15, 16, 23, 71, 77, 100, 101, 123, 146, 186, 193, 201, 203, 205, 207, 210, 211, 212, 216,
].map(String);

/** `https://developer.ebay.com/…/eBaySchemaVersioning.html`: nothing below is supported. */
const oldestVersion = 1097;
const currentVersion = 1391;

/** Name of the call for log and faults. */
export function tradingOperation(exchange: Exchange): string {
	const call = exchange.headers['x-ebay-api-call-name'] ?? '';
	return callNames.includes(call) ? `ebay.${call}` : 'ebay.unknown';
}

/** The XML gateway: every answer of the application is HTTP 200, failures too. */
export function trading(exchange: Exchange, state: EbayState, context: Context): Answer {
	if (exchange.method !== 'POST') {
		return {
			status: 405,
			headers: { 'content-type': 'text/html' },
			body: '<html>Not allowed</html>',
		};
	}
	const now = context.clock.now();
	const call = exchange.headers['x-ebay-api-call-name'] ?? '';
	let language: string | undefined;
	let correlationId: string | undefined;
	const warnings: TradingError[] = [];
	const fail = (...errors: TradingError[]) =>
		xmlAnswer(call, now, { ack: 'Failure', errors, language, correlationId });

	if (!callNames.includes(call)) return fail({ code: '2' });
	const header = wrongHeader(exchange);
	if (header) return fail({ code: '10012', long: header });

	let request: Element;
	try {
		request = readXml(exchange.body);
	} catch (error) {
		if (error instanceof NotXml) return fail({ code: '5', long: error.message });
		throw error;
	}
	language = textAt(request, 'ErrorLanguage');
	correlationId = textAt(request, 'MessageID');
	if (request.name !== `${call}Request`) {
		return fail({ code: '5', long: `${request.name} is not the request of ${call}.` });
	}

	const caller = whoCalls(exchange, request, state, now);
	if ('error' in caller) return fail(caller.error);

	if (limited.includes(call) && !state.messageLimit.take(`${call} ${caller.seller}`)) {
		return state.blockAnswer === 'http429' ? tooManyRequests() : fail({ code: '518' });
	}

	const version = textAt(request, 'Version');
	if (version !== undefined && version !== exchange.headers['x-ebay-api-compatibility-level']) {
		warnings.push({ code: own.version });
	}

	const injected = nextAnswer(state, call);
	const injectedErrors = injected?.errors ?? [];
	const ack = injected?.ack ?? (injectedErrors.some(isSevere) ? 'Failure' : undefined);
	const done = injected?.done ?? (ack === undefined || ack === 'Success' || ack === 'Warning');
	const outcome = done
		? attempt(call, { state, context, request, seller: caller.seller, now })
		: { payload: [] };
	if ('errors' in outcome) return fail(...outcome.errors);

	const errors = [...injectedErrors, ...warnings];
	return xmlAnswer(call, now, {
		ack: ack ?? (errors.length > 0 ? 'Warning' : 'Success'),
		errors,
		language,
		correlationId,
		hardExpirationWarning: injected?.hardExpirationWarning ?? caller.hardExpirationWarning,
		payload: ack === 'Failure' ? [] : outcome.payload,
	});
}

function wrongHeader({ headers }: Exchange): string | undefined {
	if (!siteIds.includes(headers['x-ebay-api-siteid'])) {
		return 'Header "X-EBAY-API-SITEID" is missing or no site.';
	}
	const version = headers['x-ebay-api-compatibility-level'] ?? '';
	if (!/^\d{1,5}$/.test(version) || Number(version) < oldestVersion) {
		return `Header "X-EBAY-API-COMPATIBILITY-LEVEL" is missing or below ${oldestVersion}.`;
	}
	const [type, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
	const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
	if (type.trim() !== 'text/xml' || (charset && !/^charset="?utf-8"?$/.test(charset))) {
		return 'Header "Content-Type" is not text/xml in UTF-8.';
	}
	return undefined;
}

type Caller = { seller: string; hardExpirationWarning?: string } | { error: TradingError };

function whoCalls(exchange: Exchange, request: Element, state: EbayState, now: number): Caller {
	const iaf = exchange.headers['x-ebay-api-iaf-token'];
	const inBody = textAt(request, 'RequesterCredentials', 'eBayAuthToken');
	if (iaf !== undefined && request.children.some(({ name }) => name === 'RequesterCredentials')) {
		return { error: { code: '931', long: 'A token in the header and credentials in the body.' } };
	}
	if (iaf !== undefined) {
		const token = state.accessTokens.get(iaf);
		if (!token) return { error: { code: '21916984' } };
		if (token.expiresAt <= now) return { error: { code: '21917053' } };
		return { seller: token.seller };
	}
	if (!inBody) return { error: { code: '930' } };
	const token = state.authTokens.get(inBody);
	if (!token) return { error: { code: '931' } };
	if (token.revokedBy === 'user') return { error: { code: '16110' } };
	if (token.revokedBy === 'ebay') return { error: { code: '17470' } };
	if (token.expiresAt <= now) return { error: { code: '932' } };
	const lastWeek = token.expiresAt - now < 7 * 86_400_000;
	return {
		seller: token.seller,
		hardExpirationWarning: lastWeek ? new Date(token.expiresAt).toISOString() : undefined,
	};
}

function nextAnswer(state: EbayState, call: string): NextAnswer | undefined {
	const at = state.nextAnswers.findIndex((next) => next.call === call || next.call === '*');
	const found = state.nextAnswers[at];
	if (!found) return undefined;
	const left = (found.times ?? 1) - 1;
	if (left > 0) state.nextAnswers[at] = { ...found, times: left };
	else state.nextAnswers.splice(at, 1);
	return found;
}

function attempt(call: string, job: Job): Outcome {
	const missing = missingRecipient(call, job.request);
	if (missing) return { errors: [missing] };
	const markup = htmlInBody(job.request);
	if (markup) return { errors: [markup] };
	const wrong = violations(call, job.request);
	if (wrong.length > 0) return { errors: wrong.map((long) => ({ code: '37', long })) };
	return work[call](job);
}

/** Also where it stands outside of MemberMessage, which is the mistake that everybody makes once. */
function missingRecipient(call: string, request: Element): TradingError | undefined {
	if (!limited.includes(call) || textAt(request, 'MemberMessage', 'RecipientID')) return undefined;
	const named = call === 'AddMemberMessageRTQ' && textAt(request, 'ItemID') !== undefined;
	return named ? undefined : { code: '17443' };
}

/** Plain HTML fails; escaped HTML goes through and is shown to the buyer letter by letter. */
function htmlInBody(request: Element): TradingError | undefined {
	const message = request.children.find(({ name }) => name === 'MemberMessage');
	const body = message?.children.find(({ name }) => name === 'Body');
	if (!body) return undefined;
	const plain = body.children.length > 0 || /<\/?[a-z!][^>]*>/i.test(body.cdata);
	return plain ? { code: own.html } : undefined;
}

function getUser({ state, request, seller }: Job): Outcome {
	const asked = textAt(request, 'UserID') ?? seller;
	const itself = asked.toLowerCase() === seller.toLowerCase();
	const exists = itself || state.otherMembers.has(asked);
	if (!exists) return { errors: [{ code: '37', long: `There is no user ${asked}.` }] };
	return {
		payload: [
			wrap('User', [
				tag('Email', itself ? `${seller}@example.com` : 'Invalid Request'),
				tag('FeedbackScore', 120),
				tag('Status', itself ? state.registration.status : 'Confirmed'),
				tag('UserID', asked),
				tag('Site', itself ? state.registration.site : 'US'),
			]),
		],
	};
}

interface Envelope {
	ack: string;
	errors: TradingError[];
	language?: string;
	correlationId?: string;
	hardExpirationWarning?: string;
	payload?: string[];
}

function xmlAnswer(call: string, now: number, envelope: Envelope): Answer {
	const root = /^[A-Za-z]\w*$/.test(call) ? `${call}Response` : 'eBayResponse';
	const parts = [
		tag('Timestamp', new Date(now).toISOString()),
		tag('Ack', envelope.ack),
		tag('CorrelationID', envelope.correlationId),
		...envelope.errors.map((error) => errorBlock(error, envelope.language)),
		tag('Version', currentVersion),
		tag('Build', `E${currentVersion}_CORE_API_19203847_R1`),
		tag('HardExpirationWarning', envelope.hardExpirationWarning),
		...(envelope.payload ?? []),
	];
	return {
		status: 200,
		headers: { 'content-type': 'text/xml;charset=utf-8' },
		body: `<?xml version="1.0" encoding="UTF-8"?>\n${wrap(root, parts, { xmlns: ebayNamespace })}`,
	};
}
