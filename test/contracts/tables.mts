/** Our tables against the documents, fact by fact. */
import { readTree, type FileName, type Tree } from './documents.mts';
import { correct } from './exceptions.mts';
import { Group } from './findings.mts';
import {
	attachmentLimits,
	messagingPlan,
	ORDERS_PER_PAGE,
	searchPlan,
	solicitationPlan,
	uploadPlan,
} from '../../nodes/Amazon/api/limits.ts';
import { messageTypes } from '../../nodes/Amazon/api/messageTypes.ts';
import { dataSets } from '../../nodes/Amazon/api/orderFields.ts';
import { fulfillmentStatuses } from '../../nodes/Amazon/api/orders.ts';
import { EbayMemberMessage } from '../../nodes/Ebay/EbayMemberMessage.node.ts';
import { CONVERSATION_PAGES, mediaTypes, messageLimits } from '../../nodes/Ebay/api/limits.ts';
import {
	attachmentLimits as magaluFiles,
	sellerTicketReasons,
	sellerTicketTypes,
	ticketReasons,
	ticketTypes,
	destinations,
	supportPages,
	TEXT_MAX,
} from '../../nodes/Magalu/api/limits.ts';
import { attachmentFields, messageFields } from '../../nodes/Magalu/api/messages.ts';
import { ticketFields } from '../../nodes/Magalu/api/tickets.ts';
import { transactionFields } from '../../nodes/Magalu/api/transactions.ts';
import { MagaluTicketTrigger } from '../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import type { PickedFields } from '../../nodes/shared/poll/pickFields.ts';

type Same = (what: string, ours: unknown, theirs: unknown) => void;

export function checkTables(folder: string): void {
	const tree = (file: FileName) => {
		const read = readTree(folder, file);
		correct(file, read);
		return read;
	};
	compare('messaging.json: our table of message types', (same) => {
		messaging(tree('messaging.json'), same);
	});
	compare('uploads_2020-11-01.json: our upload plan', (same) => {
		const [path] = Object.values(tree('uploads_2020-11-01.json').paths);
		same('upload plan', planOf(uploadPlan), planIn(path.post));
	});
	compare('solicitations.json: our path and plans', (same) => {
		const { paths } = tree('solicitations.json');
		const root = '/solicitations/v1/orders/{amazonOrderId}';
		const { get } = paths[root];
		const { post } = paths[`${root}/solicitations/productReviewAndSellerFeedback`];
		for (const operation of [get, post]) {
			const name = String(operation.operationId);
			same(name, planOf(solicitationPlan(name)), planIn(operation));
		}
	});
	compare('orders_2026-01-01.json: our tables of orders', (same) => {
		orders(tree('orders_2026-01-01.json'), same);
	});
	compare('magalu-sac.yaml: our limits, types and destinations', (same) => {
		magalu(tree('magalu-sac.yaml'), same);
	});
	compare('ebay_commerce_message_v1_oas3.json: our limits and choices', (same) => {
		ebay(tree('ebay_commerce_message_v1_oas3.json'), same);
	});
}

function compare(name: string, facts: (same: Same) => void): void {
	const group = new Group(name, 'facts');
	facts((what, ours, theirs) => {
		group.checked += 1;
		const [a, b] = [ours, theirs].map((value) => JSON.stringify(inOrder(value)));
		if (a !== b) group.add(`${what}: ours ${a}, theirs ${b}`);
	});
	if (group.checked === 0) group.add('nothing was compared');
	group.print();
}

/** Lists are sets here. */
function inOrder(value: unknown): unknown {
	return Array.isArray(value) ? [...value].map(String).sort() : value;
}

function messaging(model: Tree, same: Same): void {
	const root = '/messaging/v1/orders/{amazonOrderId}';
	const posts = Object.keys(model.paths).filter((path) => model.paths[path].post);
	same(
		'message types',
		messageTypes.map(({ path }) => `${root}/messages/${path}`),
		posts,
	);
	for (const { path, text, attachments, coverageDates, messageType } of messageTypes) {
		const operation = model.paths[`${root}/messages/${path}`]?.post;
		if (!operation) continue;
		const body = operation.parameters.find((one) => String(one.in) === 'body')!;
		const properties = model.definitions[String(body.schema.$ref).split('/').pop()!].properties;
		const { text: theirText, attachments: theirFiles } = properties ?? ({} as Tree);
		const range = text && { min: text.min, max: text.max };
		same(`${messageType}: text`, range, rangeOf(theirText?.minLength, theirText?.maxLength));
		same(
			`${messageType}: attachments`,
			attachments,
			rangeOf(theirFiles?.minItems, theirFiles?.maxItems),
		);
		same(
			`${messageType}: coverage dates`,
			coverageDates === true,
			'coverageStartDate' in properties,
		);
		const plan = planIn(operation);
		if (plan) same(`${messageType}: plan`, planOf(messagingPlan(path)), plan);
		if (theirFiles) same(`${messageType}: files`, attachmentLimits.maxFiles, theirFiles.maxItems);
	}
}

function rangeOf(min: unknown, max: unknown) {
	return max === undefined ? undefined : { min: min ?? 0, max };
}

const planOf = ({ rate, burst }: { rate: number; burst: number }) => ({ rate, burst });

/** Rate and burst out of the plan that an operation's description states. */
function planIn({ description }: Tree): { rate: number; burst: number } | undefined {
	const row = /\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|/.exec(String(description));
	return row ? { rate: Number(row[1]), burst: Number(row[2]) } : undefined;
}

function orders({ paths, definitions }: Tree, same: Same): void {
	const search = paths['/orders/2026-01-01/orders'].get;
	const choices = (name: string) =>
		search.parameters.find((one) => String(one.name) === name)?.items.enum;
	same('data sets', Object.keys(dataSets), choices('includedData'));
	same('fulfillment statuses', Object.keys(fulfillmentStatuses), choices('fulfillmentStatuses'));
	const most = search.parameters.find((one) => String(one.name) === 'maxResultsPerPage');
	same('largest page', ORDERS_PER_PAGE, Number(/\b100\b/.exec(String(most?.description))?.[0]));
	same('search plan', planOf(searchPlan), planIn(search));
	const known = [definitions.Order, definitions.OrderItem].flatMap(({ properties }) =>
		Object.keys(properties),
	);
	for (const { field } of Object.values(dataSets))
		same(`field ${field}`, true, known.includes(field));
}

function magalu({ paths, components }: Tree, same: Same): void {
	const { schemas } = components;
	const created = schemas.CreateMessage.properties;
	const files = created.attachments.anyOf[0];
	same('longest text', TEXT_MAX, created.message.maxLength);
	same('most files', magaluFiles.maxFiles, files.maxItems);
	same('extensions', Object.keys(magaluFiles.types), schemas.AttachmentExtension.enum);
	const ours = new Set([
		...Object.values(magaluFiles.types),
		...Object.keys(magaluFiles.aliases ?? {}),
	]);
	same('content types', [...ours], schemas.AttachmentType.enum);
	const size = schemas.Attachment.properties.file_size.anyOf[0];
	same('largest file', (magaluFiles.maxFileSize ?? 0) + 1, size.exclusiveMaximum);
	same(
		'destinations',
		destinations.map(({ value }) => value),
		schemas.DestinationType.enum,
	);
	same('ticket types', choicesOf(new MagaluTicketTrigger(), 'type'), schemas.AllTicketType.enum);
	const words = (choices: ReadonlyArray<{ value: string }>) => choices.map(({ value }) => value);
	same('ticket types of the filter', words(ticketTypes), schemas.AllTicketType.enum);
	same('ticket reasons', words(ticketReasons), schemas.AllTicketCancellationReason.enum);
	same('ticket types of sellers', words(sellerTicketTypes), schemas.TicketTypeSeller.enum);
	same(
		'ticket reasons of sellers',
		words(sellerTicketReasons),
		schemas.TicketCancellationReasonSeller.enum,
	);
	// A field that nobody has judged must not come out by itself, and not be missing by chance.
	const all = 'fields of a ticket';
	same(all, fieldsOf(ticketFields), [...namesIn(schemas, 'TicketToSeller'), ...ofTheGuide]);
	const file = namesIn(schemas, 'Attachment').filter((name) => !isKeyToFile(name));
	same('fields of a file', fieldsOf(attachmentFields), file);
	const message = namesIn(schemas, 'TicketMessageToSeller').filter(
		(name) => !ofThePerson.includes(name) && !isKeyToFile(name.replace(/^attachments\./, '')),
	);
	same('fields of a message', fieldsOf(messageFields), [...message, 'updated_at']);
	const transaction = namesIn(schemas, 'SellerTransactionSchema');
	same('fields of a transaction', fieldsOf(transactionFields), [
		...transaction.filter((name) => name !== 'events.data'),
		...ofATransaction,
	]);
	const { parameters } = paths['/seller/v0/tickets'].get;
	const limitOf = (name: string) =>
		parameters.find((one) => String(one.name) === name)?.schema.anyOf[0].maximum;
	same('largest page', supportPages.size, limitOf('_limit'));
	same('last offset', supportPages.lastOffset, limitOf('_offset'));
}

/** Fields of a ticket that the guide shows and the specification does not name. */
const ofTheGuide = [
	'channel.alias',
	'channel.extras.alias',
	'order.delivery.code',
	'order.delivery.status',
];

/** Who wrote a message; the parts of `sender` that are left out unless they are asked for. */
const ofThePerson = ['sender.id', 'sender.name', 'sender.owner.code', 'sender.owner.name'];

/** Fields of a transaction that the guide shows; of an event's data the specification names none. */
const ofATransaction = [
	'trigger_endpoint',
	'events.data.ticket_id',
	'events.data.message_id',
	'events.data.created',
];

const isKeyToFile = (name: string) => /^(url|signed_link)(\.|$)/.test(name);

/** The ways to all fields that may be shown. */
function fieldsOf(fields: PickedFields, way = ''): string[] {
	return Object.entries(fields).flatMap(([name, inside]) =>
		inside === true ? [way + name] : fieldsOf(inside, `${way}${name}.`),
	);
}

/** The ways to all fields of a schema that hold no other. */
function namesIn(schemas: Tree, name: string, way = ''): string[] {
	return Object.entries(schemas[name].properties as Tree).flatMap(([field, schema]) => {
		const inside = /"#\/components\/schemas\/(\w[\w-]*)"/.exec(JSON.stringify(schema))?.[1];
		const isObject = inside !== undefined && schemas[inside].properties !== undefined;
		return isObject ? namesIn(schemas, inside, `${way}${field}.`) : [way + field];
	});
}

function ebay({ paths, components }: Tree, same: Same): void {
	const { SendMessageRequest, MessageMedia } = components.schemas;
	const { messageText, messageMedia } = SendMessageRequest.properties;
	const number = /Max length:\D*(\d+)/.exec(String(messageText.description))?.[1];
	same('longest text', messageLimits.body, Number(number));
	const most = /up to (\w+) individual/i.exec(String(messageMedia.description))?.[1];
	same(
		'most media',
		messageLimits.media,
		['no', 'one', 'two', 'three', 'four', 'five'].indexOf(most!),
	);
	same('media types', mediaTypes, valuesIn(MessageMedia.properties.mediaType));
	const parameter = (path: string, name: string) =>
		paths[path].get.parameters.find((one) => String(one.name) === name)!;
	for (const path of ['/conversation', '/conversation/{conversation_id}']) {
		const maximum = /Maximum:\D*(\d+)/.exec(String(parameter(path, 'limit').description))?.[1];
		same(`largest page of ${path}`, Math.max(...CONVERSATION_PAGES), Number(maximum));
	}
	const node = new EbayMemberMessage();
	const all = '/conversation';
	same(
		'conversation types',
		choicesOf(node, 'conversationType'),
		valuesIn(parameter(all, 'conversation_type')),
	);
	same(
		'conversation statuses',
		choicesOf(node, 'status'),
		valuesIn(parameter(all, 'conversation_status')),
	);
}

/** Values that a description lists. */
function valuesIn({ description }: Tree): string[] {
	const list = /Valid values:.*$/s.exec(String(description))?.[0] ?? '';
	return [...list.matchAll(/<code>(\w+)<\/code>/g)].map(([, value]) => value);
}

interface Field {
	name: string;
	value?: unknown;
	options?: Field[];
}

/** What a form offers in the field of that name, wherever it stands. */
function choicesOf(
	{ description }: { description: { properties: unknown } },
	name: string,
): string[] {
	const find = (fields: Field[]): Field[] | undefined => {
		for (const field of fields) {
			if (field.name === name && field.options?.some(({ value }) => value !== undefined)) {
				return field.options;
			}
			const inside = find(field.options ?? []);
			if (inside) return inside;
		}
		return undefined;
	};
	return (find(description.properties as Field[]) ?? []).map(({ value }) => String(value));
}
