/**
 * Messaging API v1: `/messaging/v1/orders/{id}`, `/attributes` and `/messages/{type}`.
 * Source: models/messaging-api-model in github.com/amzn/selling-partner-api-models
 */
import type { Answer, Context, ReceivedFile } from '../service.mts';
import { denied, invalid, notFound, refusal, unavailable } from './errors.mts';
import { actionsDocument } from './hal.mts';
import { ATTACHMENTS_TOTAL, attachmentTypes, messageTypes } from './messageTypes.mts';
import { offersOf, type Offer } from './offers.mts';
import type { Route, SpRequest } from './spApi.mts';
import type { AmazonOrder, AmazonState } from './state.mts';

const NO_COMBINATION = 'Invalid amazonOrderId and template combination.';
const ONE_MARKETPLACE = 'marketplaceIds: Missing or invalid request parameter: marketplaceId';

export function messagingRoutes(state: AmazonState, context: Context): Route[] {
	const common = { oneMarketplace: ONE_MARKETPLACE, hal: true };
	return [
		{
			...common,
			operation: 'amazon.actions',
			method: 'GET',
			path: /^\/messaging\/v1\/orders\/([^/]+)$/,
			answer(request) {
				const order = messagingOrder(request, state);
				if ('status' in order) return order;
				if (order.actionsRefused) return unavailable(NO_COMBINATION);
				const path = `/messaging/v1/orders/${order.orderId}`;
				const body = actionsDocument(path, 'messages', offersOf(order, state), order);
				return { status: 200, body };
			},
		},
		{
			...common,
			operation: 'amazon.attributes',
			method: 'GET',
			path: /^\/messaging\/v1\/orders\/([^/]+)\/attributes$/,
			answer(request) {
				const order = messagingOrder(request, state);
				if ('status' in order) return order;
				return { status: 200, body: { buyer: { locale: order.locale ?? 'en-US' } } };
			},
		},
		{
			...common,
			operation: 'amazon.send',
			method: 'POST',
			path: /^\/messaging\/v1\/orders\/([^/]+)\/messages\/([^/]+)$/,
			takesJson: true,
			answer: (request) => send(request, state, context),
		},
	];
}

function send(request: SpRequest, state: AmazonState, context: Context): Answer {
	const segment = request.parts[1];
	const order = messagingOrder(request, state);
	const isModelled = messageTypes.some((type) => type.segment === segment);
	if ('status' in order) return isModelled ? order : denied();
	const offer = offersOf(order, state).find((candidate) => candidate.segment === segment);
	if (!offer || offer.withoutPost) return isModelled ? unavailable(NO_COMBINATION) : denied();
	if (offer.disabledReason) return unavailable(NO_COMBINATION);

	const body = request.body ?? {};
	const wrong = wrongFields(body, offer) ?? wrongText(body.text, offer) ?? wrongDates(body);
	if (wrong) return invalid(wrong);
	const attachments = attachmentsOf(body.attachments ?? [], offer, request, state);
	if (!Array.isArray(attachments)) return attachments;

	state.sent.add(`${order.orderId} ${segment}`);
	const { coverageStartDate, coverageEndDate, text } = body;
	context.deliver({
		marketplace: 'amazon',
		type: segment,
		reference: order.orderId,
		...(typeof text === 'string' ? { text } : {}),
		attachments,
		fields: {
			marketplaceId: order.marketplaceId,
			...(coverageStartDate ? { coverageStartDate } : {}),
			...(coverageEndDate ? { coverageEndDate } : {}),
		},
		at: context.clock.now(),
	});
	return { status: 201, body: {} };
}

/** The seller's order in the marketplace that was named, or the answer that says no. */
function messagingOrder(
	{ parts, ...request }: SpRequest,
	state: AmazonState,
): AmazonOrder | Answer {
	const order = state.orders.find(({ orderId }) => orderId === parts[0]);
	if (!order) return notFound(`The order ${parts[0]} was not found.`);
	const owner = order.seller ?? state.sellers[0]?.refreshToken;
	const isTheirs = owner === request.account && order.marketplaceId === request.marketplaceId;
	return isTheirs ? order : unavailable(NO_COMBINATION);
}

function wrongFields(body: Record<string, unknown>, offer: Offer): string | undefined {
	const known = [
		...(offer.textMaxLength ? ['text'] : []),
		...(offer.attachments ? ['attachments'] : []),
		...(offer.coverageDates ? ['coverageStartDate', 'coverageEndDate'] : []),
	];
	const unknown = Object.keys(body).find((name) => !known.includes(name));
	return unknown === undefined ? undefined : `${unknown}: Unknown request parameter`;
}

/** The limit counts code points. */
function wrongText(text: unknown, { textMaxLength }: Offer): string | undefined {
	if (!textMaxLength) return undefined;
	if (typeof text !== 'string' || text === '') {
		return 'text: Missing or invalid request parameter: text';
	}
	return [...text].length > textMaxLength
		? `text: The text must not be longer than ${textMaxLength} characters`
		: undefined;
}

/** RFC 3339, as JSON schema's `date-time` wants it: with a zone. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function wrongDates({ coverageStartDate, coverageEndDate }: Record<string, unknown>) {
	for (const [name, date] of Object.entries({ coverageStartDate, coverageEndDate })) {
		if (date === undefined) continue;
		if (typeof date !== 'string' || !DATE_TIME.test(date) || Number.isNaN(Date.parse(date))) {
			return `${name}: Missing or invalid request parameter: ${name}`;
		}
	}
	const ends = [coverageStartDate, coverageEndDate].map((date) => Date.parse(String(date)));
	return ends[0] > ends[1] ? 'coverageEndDate must not be before coverageStartDate' : undefined;
}

/** The files behind the references, or the answer that says no. */
function attachmentsOf(
	given: unknown,
	offer: Offer,
	request: SpRequest,
	state: AmazonState,
): ReceivedFile[] | Answer {
	if (!Array.isArray(given)) return invalid('attachments: Missing or invalid request parameter');
	const max = offer.attachments?.max ?? 0;
	const min = offer.attachmentsRequired ? 1 : (offer.attachments?.min ?? 0);
	if (given.length > max) return invalid(`attachments: At most ${max} attachments are allowed`);
	if (given.length < min) return invalid('attachments: Missing request parameter: attachments');

	const files: ReceivedFile[] = [];
	for (const attachment of given as unknown[]) {
		const file = fileOf(attachment, request, state);
		if ('status' in file) return file;
		files.push(file);
	}
	const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
	return total < ATTACHMENTS_TOTAL
		? files
		: refusal(413, 'RequestTooLarge', 'The total size of attachments must be less than 10 MB.');
}

function fileOf(
	attachment: unknown,
	{ account, parts }: SpRequest,
	state: AmazonState,
): ReceivedFile | Answer {
	const { uploadDestinationId, fileName, ...more } = (attachment ?? {}) as Record<string, unknown>;
	if (typeof uploadDestinationId !== 'string' || uploadDestinationId === '') {
		return invalid('attachments: Missing request parameter: uploadDestinationId');
	}
	if (typeof fileName !== 'string' || fileName === '') {
		return invalid('attachments: Missing request parameter: fileName');
	}
	const [unknown] = Object.keys(more);
	if (unknown) return invalid(`attachments: Unknown request parameter: ${unknown}`);
	const extension = /\.([^.]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
	if (!Object.hasOwn(attachmentTypes, extension)) {
		return invalid('attachments: The file type is not supported');
	}

	const upload = state.uploads.get(uploadDestinationId);
	const isHere =
		upload?.account === account && upload.orderId === parts[0] && upload.segment === parts[1];
	if (!isHere || !upload.bytes) {
		return invalid(`Attachment with ID ${uploadDestinationId} does not exist`);
	}
	return { fileName, mimeType: attachmentTypes[extension], bytes: upload.bytes };
}
