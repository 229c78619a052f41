/** What a seller may put into a form to try it: orders, items, tickets, and who signs in at the consent pages. */
import { amazonMarketplaces } from '../amazon/marketplaces.mts';
import { demoUser as ebayUser } from '../ebay/consent.mts';
import { findItem, type Order } from '../ebay/state.mts';
import { demoUser as magaluUser } from '../magalu/demo.mts';
import { inWords, moment } from './words.mts';
import type { MarketplaceName, World } from './world.mts';

export interface List {
	title: string;
	entries: Entry[];
}

export interface Entry {
	/** What one copies into a form, by the form's label. */
	ids: Array<[string, string]>;
	/** What it is. */
	words: string;
}

export interface ToTry {
	lists: List[];
	/** How one signs in where the marketplace asks for consent. */
	login: string;
}

/** The newest stand first, and no more than so many: tests may have brought thousands. */
const MOST = 12;

export function toTry(marketplace: MarketplaceName, world: World): ToTry {
	return { amazon: ofAmazon, ebay: ofEbay, magalu: ofMagalu }[marketplace](world);
}

function ofAmazon({ amazon }: World): ToTry {
	const entries = newest(amazon.state.orders, ({ createdTime }) => Date.parse(createdTime)).map(
		({ orderId, marketplaceId, fulfillmentStatus, actions = [], dataSets }): Entry => {
			const country = amazonMarketplaces.find(({ id }) => id === marketplaceId)?.countryCode ?? '';
			const allowed = actions
				.filter((action) => typeof action === 'string' || !action.withoutPost)
				.map((action) => inWords(typeof action === 'string' ? action : action.name));
			const packages = (dataSets?.packages ?? []) as Array<{ packageStatus?: { status?: string } }>;
			const isDelivered = packages.some(
				({ packageStatus }) => packageStatus?.status === 'DELIVERED',
			);
			const state = isDelivered ? 'delivered' : inWords(fulfillmentStatus).toLowerCase();
			const types = allowed.length > 0 ? `takes: ${allowed.join(', ')}` : 'takes no message now';
			return { ids: [['Order ID', orderId]], words: `${country}, ${state}; ${types}` };
		},
	);
	return {
		lists: [{ title: 'Orders', entries }],
		login:
			'Amazon has no consent page here: the demo credential holds a refresh token, as one of Seller Central would.',
	};
}

function stateOf(order: Order): string {
	if (order.cancelledAt !== undefined) return 'cancelled';
	if (order.packages?.every(({ deliveredAt }) => deliveredAt !== undefined)) return 'delivered';
	if (order.shippedAt !== undefined) return 'shipped';
	return order.paidAt === undefined ? 'not paid yet' : 'paid';
}

function ofEbay({ ebay }: World): ToTry {
	const { orders, questions, conversations } = ebay.state;
	const titleOf = (itemId = '') => findItem(ebay.state, itemId)?.title ?? '';
	const sold = newest(orders, ({ createdAt }) => createdAt).flatMap((order) =>
		order.lineItems.map(({ itemId, title }): Entry => ({
			ids: [
				['Item ID', itemId],
				['Recipient ID', order.buyer],
			],
			words: `${title}, ${stateOf(order)}, order ${order.orderId}`,
		})),
	);
	const asked = newest(questions, ({ createdAt }) => createdAt).map(
		({ messageId, sender, itemId, body, replies }): Entry => ({
			ids: [['Question ID', messageId]],
			words: `${sender} about ${titleOf(itemId)}${replies.length > 0 ? ', answered' : ''}: ${body}`,
		}),
	);
	const talks = newest(
		conversations.filter(({ type }) => type === 'FROM_MEMBERS'),
		({ createdAt }) => createdAt,
	).map(({ conversationId, otherParty, messages }): Entry => ({
		ids: [['Conversation ID', conversationId]],
		words: `with ${otherParty}: ${messages.at(-1)?.body ?? ''}`,
	}));
	return {
		lists: [
			{ title: 'Items of orders', entries: sold },
			{ title: 'Questions', entries: asked },
			{ title: 'Conversations', entries: talks },
		],
		login: `On eBay's consent page sign in as ${ebayUser.name} with the password ${ebayUser.password}.`,
	};
}

function ofMagalu({ magalu }: World): ToTry {
	const { tickets, orders } = magalu.state;
	const waiting: Record<string, string> = {
		waiting_seller: 'waits for you',
		waiting: 'waits for the customer',
	};
	const talks = newest(tickets, ({ createdAt }) => createdAt).map((ticket): Entry => {
		const last = ticket.messages.at(-1)?.text ?? inWords(ticket.reason ?? ticket.type);
		const state = waiting[ticket.status] ?? ticket.status;
		return { ids: [['Ticket ID', ticket.id]], words: `${state}${dueOf(ticket.dueDate)}: ${last}` };
	});
	const bought = newest(orders, ({ createdAt }) => createdAt).map(
		({ code, delivery, items }): Entry => ({
			ids: [['Order code', code]],
			words: `${items.map(({ name }) => name).join(', ')}, ${delivery.status}`,
		}),
	);
	return {
		lists: [
			{ title: 'Tickets', entries: talks },
			{ title: 'Orders', entries: bought },
		],
		login: `On ID Magalu's consent page sign in as ${magaluUser.name} with the password ${magaluUser.password}.`,
	};
}

const dueOf = (at: number | undefined) => (at === undefined ? '' : `, answer by ${moment(at)}`);

function newest<T>(list: T[], timeOf: (one: T) => number): T[] {
	return [...list].sort((one, other) => timeOf(other) - timeOf(one)).slice(0, MOST);
}
