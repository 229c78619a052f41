import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Refusal } from '../../../shared/outcome';
import { executionOf } from '../../../shared/run/execution';
import { sendMessage } from '../../../shared/send/sendMessage';
import { sendOptionsField, sendOptionsOf } from '../../../shared/send/sendOptions';
import { textOf, type Json } from '../../../shared/values';
import { connectionOf, type Connection } from '../../api/connection';
import { sellerTicketReasons, sellerTicketTypes } from '../../api/limits';
import { ticketsAbout, WHERE_TICKETS_ARE, type TicketBody } from '../../api/openTicket';
import { getOrder } from '../../api/orders';
import { isOpen } from '../../api/tickets';
import { idOf } from '../parameters';
import { waitingDefaults, waitingOptions } from '../waiting';
import { inTurn } from './inTurn';
import { idOfOpened, lookUpTicket, open, settledTicket } from './open';
import { NO_REASON, ticketOf, wishesOf } from './ticket';

export const sends = true;

export const fields: INodeProperties[] = [
	{
		displayName: 'Order ID',
		name: 'orderId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 71b25f3a-0ae2-484f-868e-418b0c1d5991',
		description: 'The order that the ticket is about, by its ID or its number',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		default: 'shipping',
		description: 'What the ticket is about',
		options: [...sellerTicketTypes],
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'options',
		default: 'shipping_delay',
		description: 'Why you open the ticket',
		options: [...sellerTicketReasons, { name: 'None', value: NO_REASON }].sort((one, other) =>
			one.name.localeCompare(other.name),
		),
	},
	{
		displayName: 'Items',
		name: 'items',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Item',
		default: {},
		description: 'What of the order the ticket is about; without any, all of it',
		options: [
			{
				displayName: 'Item',
				name: 'item',
				values: [
					{
						displayName: 'Item',
						name: 'item',
						type: 'string',
						default: '',
						placeholder: 'e.g. COPO-6-300',
						description: 'The ID or the SKU of the item',
					},
					{
						displayName: 'Quantity',
						name: 'quantity',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 0,
						description: 'How many of it; 0 for as many as were ordered',
					},
				],
			},
		],
	},
	sendOptionsField(undefined, [
		{
			displayName: 'Delivery',
			name: 'delivery',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1470000000000001-1',
			description: 'The ID or code of the delivery, where the order has several',
		},
		{
			displayName: 'Use Open Ticket',
			name: 'useOpenTicket',
			type: 'boolean',
			default: true,
			description:
				'Whether to output the open ticket of the same order and type, where there is one, instead of opening a second',
		},
		...waitingOptions('the ticket', 'without its ID'),
	]),
];

/** Opens a ticket about an order, and follows it until Magalu has done so. */
export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const connection = await connectionOf(context);
	const wishes = wishesOf(context, itemIndex);
	const named = idOf(context, itemIndex, 'orderId', 'Order ID');
	const body = ticketOf(connection, await getOrder(connection, named), wishes);
	const options = sendOptionsOf(context, itemIndex, {
		...waitingDefaults,
		useOpenTicket: true,
	});
	const { hint } = executionOf(context);
	const { type, reason = null, order } = body;
	const shown = {
		orderCode: order.code,
		ticketType: type,
		ticketReason: reason,
		orderId: order.id,
		marketplace: 'magalu',
	};
	const openOne = async () => await openTicketOf(connection, body, hint);

	// Of several items about one order each sees what the one before it has opened.
	const turn = options.useOpenTicket ? `${connection.account} ${order.id} ${type}` : undefined;
	return await inTurn(turn, async () => {
		try {
			const output = await sendMessage(context, itemIndex, {
				shown,
				identity: {
					marketplace: 'magalu',
					within: [order.id],
					same: ['ticket', type, reason, order],
					whereToLook: WHERE_TICKETS_ARE,
					settled: async (key) => await settledTicket(connection, body, key, options),
				},
				async check() {
					const found =
						options.validateOnly || !options.useOpenTicket ? undefined : await openOne();
					if (found) throw new TicketIsOpen(found);
				},
				validated: async () => ({
					openTicketId: textOf((await openOne())?.id) ?? null,
					items: order.delivery.items.map(({ id, sku, quantity }) => ({ id, sku, quantity })),
				}),
				lookUp: lookUpTicket(connection, body),
				send: async (_, key) => await open(connection, body, { key, options, hint }),
			});
			// What was opened before is named too, so that a message can follow.
			return output.status === 'skipped'
				? { ...output, ticketId: await idOfOpened(connection, body) }
				: output;
		} catch (error) {
			if (!(error instanceof TicketIsOpen)) throw error as Error;
			const ticketId = textOf(error.ticket.id) ?? null;
			return { status: 'skipped', reason: 'ticketIsOpen', ...shown, ticketId };
		}
	});
}

class TicketIsOpen extends Refusal {
	constructor(readonly ticket: Json) {
		super('A ticket of this order and type is open', "Turn off 'Use Open Ticket' to open another.");
	}
}

async function openTicketOf(
	connection: Connection,
	body: TicketBody,
	note: (text: string) => void,
): Promise<Json | undefined> {
	return (await ticketsAbout(connection, body, note)).find(isOpen);
}
