import type { BucketLimit } from '../../shared/http/rateLimit';
import type { HttpResponse } from '../../shared/http/service';
import { recordOf, textOf, type Json } from '../../shared/values';
import { actionName, actionsIn, documentOf } from './answers';
import type { Connection } from './connection';

/** Messaging API v1. @see https://developer-docs.amazon.com/sp-api/docs/messaging-api-v1-reference */

/** Every operation of the Messaging API has a plan of its own, and all are alike: 1 a second, burst 5. */
export const messagingPlan = (operation: string): BucketLimit => ({
	name: `amazon.messaging.${operation}`,
	rate: 1,
	burst: 5,
});

/** An order as every call of this API names it. */
export interface OrderRef {
	orderId: string;
	marketplaceId: string;
}

/** One action that Amazon offers for an order now, read from its HAL document. */
export interface OfferedAction {
	/** As Amazon names it: `sendInvoice`, not `invoice`. */
	name: string;
	title?: string;
	description?: string;
	/** Amazon lists it, but not for use. */
	disabled: boolean;
	disabledReason?: string;
	/** What Amazon's form asks for; nothing where the list came without schemas. */
	schema?: ActionSchema;
}

export interface ActionSchema {
	text?: { min: number; max: number; required: boolean };
	attachments?: { max: number; required: boolean };
	/** The schema as Amazon sent it. */
	raw: Json;
}

export interface MessageBody {
	text?: string;
	attachments?: Array<{ uploadDestinationId: string; fileName: string }>;
	coverageStartDate?: string;
	coverageEndDate?: string;
}

const pathOf = ({ orderId }: OrderRef) => `/messaging/v1/orders/${encodeURIComponent(orderId)}`;

const queryFor = ({ marketplaceId }: OrderRef) => ({ marketplaceIds: marketplaceId });

/**
 * The message types that Amazon allows for an order now (getMessagingActionsForOrder).
 *
 * @returns an empty list where nothing is allowed; that is a normal answer
 * @throws MarketplaceError
 */
export async function offeredActions(
	connection: Connection,
	order: OrderRef,
): Promise<OfferedAction[]> {
	const plan = messagingPlan('getMessagingActionsForOrder');
	const answer = await connection.call('read', 'GET', pathOf(order), queryFor(order), plan);
	const { links, embedded } = actionsIn(documentOf(answer));
	const names = new Set([...links, ...embedded].map(actionName));
	return [...names].flatMap((name) => {
		const named = (one: Json) => actionName(one) === name;
		return name === undefined
			? []
			: [offered(name, embedded.find(named) ?? {}, links.find(named) ?? {})];
	});
}

function offered(name: string, action: Json, link: Json): OfferedAction {
	const wrapped = recordOf(recordOf(action._embedded).schema);
	const schema = wrapped.payload ? recordOf(wrapped.payload) : wrapped;
	const reason = textOf(action.disabledReason ?? schema.disabledReason ?? link.disabledReason);
	return {
		name,
		title: textOf(action.title) ?? textOf(schema.title),
		description: textOf(schema.description),
		disabled: [action, schema, link].some((one) => one.disabled === true),
		disabledReason: reason,
		schema: Object.keys(schema).length > 0 ? readSchema(schema) : undefined,
	};
}

/** The schema's own names: `rawMessageBody` is the message's text, `id` an attachment's destination. */
function readSchema(schema: Json): ActionSchema {
	const properties = recordOf(schema.properties);
	const required = Array.isArray(schema.required) ? schema.required : [];
	const text = recordOf(properties.rawMessageBody);
	const files = recordOf(properties.attachments);
	const number = (value: unknown, otherwise: number) => {
		const given = Number(textOf(value));
		return Number.isFinite(given) ? given : otherwise;
	};
	return {
		raw: schema,
		...('rawMessageBody' in properties
			? {
					text: {
						min: number(text.minLength, 1),
						max: number(text.maxLength, 2000),
						required: required.includes('rawMessageBody'),
					},
				}
			: {}),
		...('attachments' in properties
			? {
					attachments: {
						max: number(files.maxItems, 5),
						required: required.includes('attachments'),
					},
				}
			: {}),
	};
}

/**
 * Sends a message. Amazon has no idempotency key and gives no message id: never repeated once it left.
 *
 * @param path the POST's own segment: `invoice`, where the action is called `sendInvoice`
 * @returns Amazon's request id
 * @throws MarketplaceError `notSent` on a refusal, `unknown` on 5xx, lost connections and unreadable answers
 */
export async function sendMessage(
	connection: Connection,
	order: OrderRef,
	path: string,
	body: MessageBody,
): Promise<{ requestId?: string }> {
	const answer = await connection.call(
		'send',
		'POST',
		`${pathOf(order)}/messages/${encodeURIComponent(path)}`,
		queryFor(order),
		messagingPlan(path),
		body,
	);
	return { requestId: requestIdOf(answer) };
}

/**
 * What Amazon tells of an order's buyer (GetAttributes).
 * @returns the buyer's language, e.g. `en-US`; nothing where Amazon does not know it
 */
export async function buyerLocale(
	connection: Connection,
	order: OrderRef,
): Promise<string | undefined> {
	const plan = messagingPlan('getAttributes');
	const path = `${pathOf(order)}/attributes`;
	const answer = await connection.call('read', 'GET', path, queryFor(order), plan);
	return textOf(recordOf(documentOf(answer).buyer).locale);
}

export function requestIdOf({ headers }: HttpResponse): string | undefined {
	return headers['x-amzn-requestid'];
}
