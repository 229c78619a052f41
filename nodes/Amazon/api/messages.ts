import { isWord, recordOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { actionName, actionsIn, documentOf, requestIdOf } from './documents';
import { messagingPlan } from './limits';
import { isMessage, otherType } from './messageTypes';

/** Messaging API v1. @see https://developer-docs.amazon.com/sp-api/docs/messaging-api-v1-reference */

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

/** What a form names; where it is silent about a part, the table of types counts. */
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
 * @param timeout of a look that must not take long: of each of its two tries (milliseconds)
 * @returns an empty list where nothing is allowed, which is a normal answer; nothing where Amazon does not say
 * @throws MarketplaceError
 */
export async function offeredActions(
	connection: Connection,
	order: OrderRef,
	timeout?: number,
): Promise<OfferedAction[] | undefined> {
	const plan = messagingPlan('getMessagingActionsForOrder');
	const policy = timeout === undefined ? 'read' : 'poll';
	const how = [pathOf(order), queryFor(order), plan, undefined, { timeout }] as const;
	const answer = await connection.call(policy, 'GET', ...how);
	const actions = actionsIn(documentOf(answer));
	if (!actions) return undefined;
	const { links, embedded } = actions;
	const names = new Set([...links, ...embedded].map(actionName));
	return [...names].flatMap((name) => {
		if (name === undefined) return [];
		const named = (one: Json) => actionName(one) === name;
		return offered(name, embedded.find(named) ?? {}, links.find(named) ?? {});
	});
}

/** The way of every message; what else Amazon links to cannot be sent. */
const MESSAGE_PATH = /\/orders\/[^/]+\/messages\//;

function offered(name: string, action: Json, link: Json): OfferedAction[] {
	const wrapped = recordOf(recordOf(action._embedded).schema);
	const schema = wrapped.payload ? recordOf(wrapped.payload) : wrapped;
	const places = [action, schema, link];
	const isMarked = (mark: string) => places.some((one) => isWord(String(one[mark]), 'true'));
	const href = textOf(link.href);
	const leadsElsewhere = href !== undefined && !MESSAGE_PATH.test(href);
	if (leadsElsewhere || !isMessage(name, isMarked('x-ui-hidden'))) return [];

	const offer = {
		name,
		title: textOf(action.title) ?? textOf(schema.title),
		description: textOf(schema.description),
		disabled: isMarked('disabled'),
		disabledReason: textOf(action.disabledReason ?? schema.disabledReason ?? link.disabledReason),
		schema: Object.keys(schema).length > 0 ? readSchema(schema, name) : undefined,
	};
	return [offer];
}

/** The schema's own names: `rawMessageBody` is the message's text, `id` an attachment's destination. */
function readSchema(schema: Json, name: string): ActionSchema {
	const type = otherType(name);
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
						max: number(text.maxLength, type.text?.max ?? 2000),
						required: required.includes('rawMessageBody'),
					},
				}
			: {}),
		...('attachments' in properties
			? {
					attachments: {
						max: number(files.maxItems, type.attachments?.max ?? 5),
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
export async function postMessage(
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
