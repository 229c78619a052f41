/** A message in the words of a person: to whom, from whom, about what. */
import { amazonMarketplaces } from '../amazon/marketplaces.mts';
import { messageTypes } from '../amazon/messageTypes.mts';
import { findItem } from '../ebay/state.mts';
import { seller as magaluSeller } from '../magalu/state.mts';
import type { Received } from '../service.mts';
import type { World } from './world.mts';

export interface Mail {
	title: string;
	to: string;
	from: string;
	/** What else a person wants to know: name and value. */
	facts: Array<[string, string]>;
}

export function mailOf(message: Received, world: World): Mail {
	const mail = { amazon: amazonMail, ebay: ebayMail, magalu: magaluMail }[message.marketplace];
	return mail(message, world);
}

function amazonMail({ type, reference, recipient, fields }: Received, { amazon }: World): Mail {
	const order = amazon.state.orders.find(({ orderId }) => orderId === reference);
	const marketplace = amazonMarketplaces.find(({ id }) => id === fields.marketplaceId);
	const buyer = order?.dataSets?.buyer as { buyerName?: string } | undefined;
	const typed = messageTypes.find(({ segment }) => segment === type);
	const isReview = type === 'productReviewAndSellerFeedback';
	return {
		title: isReview
			? 'Amazon asks for a review, in its own words'
			: capital((typed?.title ?? inWords(type)).replace(/^Send (an? |the )?/, '')),
		to: recipient ?? buyer?.buyerName ?? 'the buyer',
		from: marketplace ? `your shop at ${marketplace.domainName}` : 'your shop',
		facts: [
			['Order', reference],
			...range('Warranty', fields.coverageStartDate, fields.coverageEndDate),
		],
	};
}

const ebayTitles: Record<string, string> = {
	AddMemberMessageAAQToPartner: 'A message about',
	AddMemberMessageRTQ: 'The answer to a question about',
	sendMessage: 'A message in the conversation about',
};

function ebayMail({ type, reference, recipient, subject, fields }: Received, world: World): Mail {
	const inConversation = type === 'sendMessage';
	const conversation = world.ebay.state.conversations.find(
		({ conversationId }) => inConversation && conversationId === reference,
	);
	const itemId = inConversation ? (conversation?.itemId ?? fields.itemId) : reference;
	const item = findItem(world.ebay.state, String(itemId ?? ''));
	const about = item?.title ?? (itemId ? `item ${shown(itemId)}` : 'no item');
	const { questionType, seller, displayToPublic } = fields;
	return {
		title: subject ?? `${ebayTitles[type] ?? inWords(type)} ${about}`,
		to: recipient ?? 'the buyer',
		from: seller === undefined ? 'your shop' : shown(seller),
		facts: [
			...(itemId ? fact('Item', item ? `${item.title} (${shown(itemId)})` : itemId) : []),
			...(inConversation ? fact('Conversation', reference) : []),
			...fact('Question type', questionType && inWords(shown(questionType))),
			...fact('Shown on the listing', displayToPublic === true ? 'yes, to everybody' : undefined),
		],
	};
}

function magaluMail({ type, reference, fields, recipient }: Received, { magalu }: World): Mail {
	const { tickets, orders } = magalu.state;
	const ticket = tickets.find(({ id }) => id === (type === 'ticket' ? fields.ticketId : reference));
	const order = orders.find(({ code }) => code === ticket?.order.code);
	const about = ticket?.reason ? `: ${inWords(ticket.reason)}` : '';
	const readers: Record<string, string> = {
		channel: "Magalu's mediation",
		seller: 'your own team: a note that no customer reads',
	};
	const { destination, ownerName, moderation } = fields;
	return {
		title: `${type === 'ticket' ? 'A ticket was opened' : 'An answer in the ticket'}${about}`,
		to: recipient ?? readers[shown(destination)] ?? order?.customer.name ?? 'the customer',
		from: ownerName ? `${shown(ownerName)}, ${magaluSeller.name}` : magaluSeller.name,
		facts: [
			...fact('Order', ticket?.order.code ?? reference),
			...fact('Ticket', ticket?.id ?? reference),
			...fact('Moderation', moderation === undefined ? undefined : inWords(shown(moderation))),
		],
	};
}

function fact(name: string, value: unknown): Array<[string, string]> {
	return value === undefined || value === null || value === '' ? [] : [[name, shown(value)]];
}

function range(name: string, from: unknown, to: unknown): Array<[string, string]> {
	const days = [from, to].map((date) => day(Date.parse(String(date))));
	return from && to ? [[name, `${days[0]} to ${days[1]}`]] : [];
}

function day(at: number): string {
	return Number.isNaN(at)
		? 'no date'
		: new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' });
}

/** `29 Nov 2026, 14:05`, in this computer's time zone. */
export function moment(at: number): string {
	return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** `quality_concern` and `qualityConcern` become `Quality concern`. */
export function inWords(name: string): string {
	const words = name
		.replace(/[_-]/g, ' ')
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase();
	return capital(words);
}

function capital(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

export function shown(value: unknown): string {
	if (value === undefined || value === null) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
