import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../../shared/outcome';
import { pickedIn, textIn } from '../../shared/text';

/** What the form says, read and checked. */

/** As the pattern of an expression. */
export const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const EVERY_UUID = new RegExp(UUID, 'g');
const ONE_UUID = new RegExp(`^${UUID}$`);
/** Tickets have UUIDs today, which is no promise; digits alone are an order number or a protocol. */
const ANOTHER_ID = /^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}$/;
/** In an address with several IDs, the ticket's stands after the word. */
const AFTER_TICKET = new RegExp(`(?:tickets?|atendimentos?)[/=](${UUID})`, 'i');

/**
 * @returns the ticket's id, from the list, an address or a plain text; nothing in it can change a path
 * @throws Refusal that names the field
 */
export function ticketIdOf(context: IExecuteFunctions, itemIndex: number): string {
	const typed = textIn(pickedIn(context.getNodeParameter('ticketId', itemIndex, '')), 'Ticket');
	if (typed === '') {
		throw new Refusal(
			"'Ticket' is empty",
			'Choose a ticket, or write its ID. If it comes from an expression, check that the item has that field.',
		);
	}
	const found = new Set(typed.match(EVERY_UUID)?.map((one) => one.toLowerCase()));
	if (ONE_UUID.test(typed) || (isAddress(typed) && found.size === 1)) return [...found][0]!;

	if (ANOTHER_ID.test(typed)) return typed;
	const named = isAddress(typed) ? AFTER_TICKET.exec(typed)?.[1] : undefined;
	if (named) return named.toLowerCase();
	throw new Refusal(
		"'Ticket' is not the ID of a ticket",
		"It looks like e1faf69b-336a-5415-8c33-fc63f505b766: the Magalu triggers and 'Get Many' of tickets give it as ticketId. An order number, a protocol or a code is something else: choose 'From List' and type the order number, or let 'Get Many' of tickets find it by 'Order Code'.",
	);
}

/** Which operation or trigger gives an ID, by its parameter. */
const SOURCES: Readonly<Record<string, string>> = {
	orderId: ": the Magalu triggers and 'Get Many' of orders give it as orderId",
	orderCode: ', or like 1470000000000001: the number that the seller portal shows',
	messageId: ": 'Get Many' of messages gives it as messageId",
	transactionId: ": 'Send' of messages gives it as transactionId",
};

const isAddress = (typed: string) => /^https?:\/\/\S+$/i.test(typed);

/**
 * @param label as the form labels the field
 * @throws Refusal that names the field
 */
export function idOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	const typed = textIn(context.getNodeParameter(name, itemIndex, ''), label);
	if (/^[A-Za-z0-9_-]{1,64}$/.test(typed)) return typed;
	throw new Refusal(
		typed === '' ? `'${label}' is empty` : `'${label}' is not an ID of Magalu`,
		`It looks like 71b25f3a-0ae2-484f-868e-418b0c1d5991${SOURCES[name] ?? ''}. If it comes from an expression, check that the item has that field.`,
	);
}

/**
 * Of an attachment: an id, or the name of a file, which may be in any language.
 *
 * @param label as the form labels the field
 * @returns a text that is no way out of a path, once it is encoded
 * @throws Refusal that names the field
 */
export function fileNameOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	const typed = textIn(context.getNodeParameter(name, itemIndex, ''), label);
	const isName = /^[^\p{Cc}\p{Cs}/\\]{1,255}$/u.test(typed) && !/^\.+$/.test(typed);
	if (isName) return typed;
	throw new Refusal(
		typed === '' ? `'${label}' is empty` : `'${label}' is not the ID or name of a file`,
		"Take the id or the file_name of one of the message's attachments. If it comes from an expression, check that the item has that field.",
	);
}

/** Whether an operation is to output what may be personal. */
export function wantsPersonalData(context: IExecuteFunctions, itemIndex: number): boolean {
	const { includePersonalData } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	return includePersonalData === true;
}
