import { messageTypes, type MessageType } from './messageTypes.mts';
import type { AmazonOrder, AmazonState, OfferedAction } from './state.mts';

/** A message type as one order offers it: the table, with the order's own departures. */
export type Offer = MessageType & Omit<OfferedAction, 'name'>;

/** What may be sent for the order now. */
export function offersOf(order: AmazonOrder, state: AmazonState): Offer[] {
	return (order.actions ?? [])
		.map((action): OfferedAction => (typeof action === 'string' ? { name: action } : action))
		.map(({ name, ...departures }) => ({ ...typeOf(name), ...departures }))
		.filter(({ segment, once }) => !once || !state.sent.has(`${order.orderId} ${segment}`));
}

/** A name that the models don't have is taken as it is: no text, no attachments. */
function typeOf(name: string): MessageType {
	return (
		messageTypes.find(({ action, segment }) => action === name || segment === name) ?? {
			segment: name,
			action: name,
			title: name,
			description: '',
		}
	);
}
