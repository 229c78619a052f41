import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { DAY_MS, dateIn, utcMsOf } from '../../../shared/dates';
import { MarketplaceError } from '../../../shared/outcome';
import {
	askedOnce,
	checkAll,
	clockFinding,
	endingFinding,
	findingOf,
	type Finding,
} from '../../../shared/run/check';
import { executionOf } from '../../../shared/run/execution';
import { isRecord } from '../../../shared/values';
import { connectionOf, CREDENTIAL, type Connection } from '../../api/connection';
import { isDeniedWithoutReason } from '../../api/errors';
import { regionNames } from '../../api/hosts';
import { accessTokenOf } from '../../api/login';
import { marketplaceOf } from '../../api/marketplaces';
import { offeredActions, type OrderRef } from '../../api/messages';
import { getOrder, orderNames, searchOrders } from '../../api/orders';
import { participations, type Participation } from '../../api/sellers';
import { eligibility } from '../../api/solicitations';
import { proveUploads } from '../../api/uploads';

/** Orders are looked for so many days back: roles can only be tried with one. */
const DAYS_BACK = 30;

const WITHOUT_ORDER = {
	ok: null,
	message: 'It can only be tried with an order, and there is none',
	advice: `Run the check again after an order. For one older than ${DAYS_BACK} days, "Get Available Types" tells it.`,
};

const UNREADABLE = {
	ok: null,
	message: 'It can only be tried with an order, and orders cannot be read',
	advice: "Do what 'Orders' says, then run the check again.",
};

const isOrder = (found: object | undefined): found is OrderRef =>
	found !== undefined && 'orderId' in found;

/** What the checks share. */
interface Account {
	connection: Connection;
	places(): Promise<Participation[]>;
	/** The newest order that one page tells of the last days, or what to say where there is none. */
	newest(): Promise<OrderRef | typeof WITHOUT_ORDER>;
}

/** Every check of the seller's account, in about eight calls. */
export async function checkAccount(context: IExecuteFunctions): Promise<IDataObject[]> {
	const { credentials: read, statistics } = executionOf(context);
	const credentials = await read(CREDENTIAL);
	const open = askedOnce(async () => accountOf(await connectionOf(context)));
	const of = (look: (account: Account) => Promise<Finding>) => async () => await look(await open());
	return await checkAll(
		'amazon',
		{
			name: 'Login',
			async look() {
				await open();
				await accessTokenOf(context.helpers, credentials);
				return { ok: true, message: 'Amazon accepts the credential' };
			},
		},
		[
			{ name: 'Marketplaces', look: of(marketplaces) },
			{ name: 'Region', look: of(region) },
			{ name: 'Orders', look: of(orders) },
			{ name: 'Messages', look: of(messages) },
			{ name: 'Attachments', look: of(attachments) },
			{ name: 'Review requests', look: of(reviewRequests) },
			{ name: 'Personal data', look: of(personalData) },
			{ name: 'Clock', look: () => clockFinding('Amazon', statistics.clockAheadMs) },
			{ name: 'Client secret', offline: true, look: () => clientSecret(credentials) },
		],
	);
}

function accountOf(connection: Connection): Account {
	return {
		connection,
		places: askedOnce(async () => await participations(connection)),
		newest: askedOnce(async () => await newestOrder(connection)),
	};
}

async function newestOrder(connection: Connection): Promise<OrderRef | typeof WITHOUT_ORDER> {
	const { orders: found } = await searchOrders(connection, {
		by: 'created',
		after: Date.now() - DAYS_BACK * DAY_MS,
		marketplaceIds: [],
		fulfillmentStatuses: [],
		fulfilledBy: [],
		includedData: [],
	});
	const byAge = found.sort(
		(one, other) => (utcMsOf(other.createdTime) ?? 0) - (utcMsOf(one.createdTime) ?? 0),
	);
	for (const order of byAge) {
		const { orderId, marketplaceId } = orderNames(order);
		if (orderId !== undefined && marketplaceId !== undefined) return { orderId, marketplaceId };
	}
	return WITHOUT_ORDER;
}

/** `amazon.com, .ca, .co.uk`: what a seller knows them by, and short. */
const sitesOf = (ids: string[]) =>
	ids
		.map((id) => marketplaceOf(id)?.site ?? id)
		.join(', ')
		.replace(/(?<=amazon\..*), amazon\./g, ', .');

const namesOf = (ids: string[]) => ids.map((id) => marketplaceOf(id)?.country ?? id).join(', ');

async function marketplaces({ places }: Account): Promise<Finding> {
	const all = await places().catch((error: unknown) => {
		if (isDeniedWithoutReason(error)) return undefined;
		throw error;
	});
	if (all === undefined) {
		return {
			ok: null,
			message: 'Amazon does not tell this app where you sell',
			advice: 'Nothing to do: the app lacks a role for it that no operation of this node needs.',
			code: 'Unauthorized',
		};
	}
	const sells = all.filter(({ participates }) => participates);
	const ids = sells.map(({ marketplaceId }) => marketplaceId);
	const suspended = sells.filter((one) => one.suspended).map(({ marketplaceId }) => marketplaceId);
	if (ids.length === 0) {
		return {
			ok: false,
			message: 'Amazon lists no marketplace in which you sell',
			advice:
				"Look in Seller Central whether the account is active, and whether 'Region' is right.",
		};
	}
	return {
		ok: true,
		message: `You sell on ${sitesOf(ids)}`,
		...(suspended.length > 0
			? { advice: `Amazon suspended listings in ${namesOf(suspended)}: see Account Health.` }
			: {}),
	};
}

/** By where the seller sells, or else by where the newest order comes from. */
async function region({ connection, places, newest }: Account): Promise<Finding> {
	const own = connection.region;
	const told = (await places().catch(() => [])).filter(({ participates }) => participates);
	const ids = told.map(({ marketplaceId }) => marketplaceId);
	const order = ids.length > 0 ? undefined : await newest().catch(() => undefined);
	const known = [...ids, ...(isOrder(order) ? [order.marketplaceId] : [])];
	const regions = new Set(known.flatMap((id) => marketplaceOf(id)?.region ?? []));
	if (regions.has(own)) return { ok: true, message: `${regionNames[own]} is where you sell` };
	const [other] = regions;
	if (other === undefined) {
		return {
			ok: null,
			message: `Nothing tells whether you sell in ${regionNames[own]}`,
			advice:
				"Compare 'Region' of the credential with where you sell. In the wrong region Amazon denies everything.",
		};
	}
	return {
		ok: false,
		message: `You sell in ${namesOf(known)}, and the credential says ${regionNames[own]}`,
		advice: `Choose ${regionNames[other]} as the credential's 'Region'.`,
	};
}

async function orders({ newest }: Account): Promise<Finding> {
	const role = 'Buyer Communication (or Inventory and Order Tracking)';
	return await needing(role, 'read orders', async () => {
		const order = await newest();
		const none = isOrder(order) ? '' : `: none in the last ${DAYS_BACK} days`;
		return { ok: true, message: `Orders can be read${none}` };
	});
}

/** A no in words is about the order: who lacks the role is told nothing. */
async function messages(account: Account): Promise<Finding> {
	return await withOrder(account, 'Buyer Communication', 'send messages', async (order) => {
		await offeredActions(account.connection, order).catch((error: unknown) => {
			if (isDeniedWithoutReason(error) || !isForbidden(error)) throw error;
		});
		return { ok: true, message: 'Messages can be sent' };
	});
}

async function attachments(account: Account): Promise<Finding> {
	return await withOrder(account, 'Product Listing', 'send files', async (order) => {
		await proveUploads(account.connection, order);
		return { ok: true, message: 'Files can be sent' };
	});
}

async function reviewRequests(account: Account): Promise<Finding> {
	return await withOrder(account, 'Buyer Solicitation', 'ask for reviews', async (order) => {
		await eligibility(account.connection, order);
		return { ok: true, message: 'Reviews can be asked for' };
	});
}

/** Whether buyers' data come with an order, which no message needs: its lack is no fault. */
async function personalData({ connection, newest }: Account): Promise<Finding> {
	const order = await newest().catch(() => UNREADABLE);
	if (!isOrder(order)) return order;
	const given = await getOrder(connection, order.orderId, ['BUYER'], []).then(
		(answer) => isRecord(answer.order.buyer),
		(error: unknown) => {
			if (!isForbidden(error)) throw error;
			return false;
		},
	);
	if (given) return { ok: true, message: "Buyers' data come if asked for" };
	return {
		ok: null,
		message: "Buyers' names and addresses do not come with orders",
		advice:
			'Nothing to do for messages. For Buyer or Recipient of Included Data the app needs a restricted role, such as Direct-to-Consumer Shipping.',
	};
}

/** Tries a role with the newest order. */
async function withOrder(
	{ newest }: Account,
	role: string,
	what: string,
	look: (order: OrderRef) => Promise<Finding>,
): Promise<Finding> {
	const order = await newest().catch(() => UNREADABLE);
	if (!isOrder(order)) return order;
	return await needing(role, what, async () => await look(order));
}

/** Where Amazon denies access without a reason, it is most often the role. */
async function needing(role: string, what: string, look: () => Promise<Finding>): Promise<Finding> {
	return await look().catch((error: unknown) => {
		if (!isDeniedWithoutReason(error)) throw error;
		return {
			...findingOf(error, 'amazon'),
			message: `The app may not ${what}`,
			advice: `In Seller Central, Develop Apps, add the role ${role} to your app, press Authorize again, and paste the new refresh token into the credential. If nothing is allowed, look at 'Region' first.`,
		};
	});
}

const isForbidden = (error: unknown) =>
	error instanceof MarketplaceError && error.details.httpStatus === 403;

/** By the day that the seller wrote down: no API tells it. */
function clientSecret({ lwaCredentialsExpireOn }: ICredentialDataDecryptedObject): Finding {
	const day = dateIn(lwaCredentialsExpireOn, 'Client Secret Expires On', 'UTC');
	if (day === undefined) {
		return {
			ok: null,
			message: 'It is not known when the client secret ends',
			advice:
				"Write the day into 'Client Secret Expires On' of the credential: Seller Central shows it beside the secret, 180 days after it was made.",
		};
	}
	const renewal =
		'In Seller Central, Develop Apps, rotate the LWA credentials, and put the new secret and its day into the credential. The old secret works 7 more days; the refresh token stays.';
	return endingFinding('The client secret', Date.parse(day), renewal);
}
