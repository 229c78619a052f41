import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import {
	askedOnce,
	checkAll,
	clockFinding,
	endingFinding,
	findingOf,
	given,
	type Finding,
} from '../../../shared/run/check';
import { executionOf } from '../../../shared/run/execution';
import { MarketplaceError } from '../../../shared/outcome';
import { isWord } from '../../../shared/values';
import { callsLeft, proveFulfillment, provePictures, type CallsLeft } from '../../api/access';
import { getSeller, type Seller } from '../../api/account';
import { connectionOf, CREDENTIAL, type Connection } from '../../api/connection';
import { getConversations } from '../../api/conversations';
import { keptConsentIn, usesConsent, usesOAuth } from '../../api/credential';
import { sites } from '../../api/hosts';
import { accessTokenOf } from '../../api/login';
import { getOrders } from '../../api/orders';
import { NEW_CONSENT } from '../../api/scopes';

/** What the checks share. */
interface Account {
	connection: Connection;
	seller(): Promise<Seller>;
}

/** Every check of the seller's account, in about seven calls. */
export async function checkAccount(context: IExecuteFunctions): Promise<IDataObject[]> {
	const { credentials: read, statistics } = executionOf(context);
	const credentials = await read(CREDENTIAL);
	const open = askedOnce(async () => accountOf(await connectionOf(context)));
	const of = (look: (account: Account) => Promise<Finding>) => async () => await look(await open());
	return await checkAll(
		'ebay',
		{
			name: 'Login',
			async look() {
				const account = await open();
				// With an Auth'n'Auth token there is nothing to exchange, and the code of a consent n8n has to keep.
				if (usesOAuth(credentials) && (!usesConsent(credentials) || keptConsentIn(credentials))) {
					await accessTokenOf(context.helpers, credentials);
				} else {
					await account.seller();
				}
				return { ok: true, message: 'eBay accepts the credential' };
			},
		},
		[
			{ name: 'Seller account', look: of(sellerAccount) },
			{ name: 'Site', look: of(site) },
			{ name: 'Orders', look: of(orders) },
			{ name: 'Conversations', look: of(conversations) },
			{ name: 'Pictures', look: of(pictures) },
			{ name: 'Order notifications', look: of(orderNotifications) },
			{ name: 'Calls left', look: of(limits) },
			{
				name: "Token's end",
				look: of(
					async (account) => await tokenEnd(account, keptConsentIn(credentials)?.consentEndsAt),
				),
			},
			{ name: 'Clock', look: () => clockFinding('eBay', statistics.clockAheadMs) },
		],
	);
}

function accountOf(connection: Connection): Account {
	return { connection, seller: askedOnce(async () => await getSeller(connection)) };
}

async function sellerAccount({ seller }: Account): Promise<Finding> {
	const { userId = 'unknown', status } = await seller();
	const details = given({ userId, status });
	if (status === undefined || isWord(status, 'Confirmed')) {
		return { ok: true, message: `The token is of ${userId}` };
	}
	return {
		ok: isWord(status, 'Suspended') ? false : null,
		message: `eBay says that the account of ${userId} is: ${status}`,
		advice: "Log in on eBay's own pages and look at the messages from eBay about your account.",
		details,
	};
}

/** eBay may name a site that the credential cannot have: that is no fault. */
async function site({ connection, seller }: Account): Promise<Finding> {
	const { site: code } = await seller();
	const registered = sites.find((one) => isWord(code, one.code));
	const chosen = sites.find(({ id }) => id === connection.siteId);
	const details = given({ registered: code, siteId: connection.siteId });
	if (registered === undefined) {
		return {
			ok: null,
			message: code
				? `You are registered at ${code}`
				: 'eBay does not tell where you are registered',
			advice: "Nothing to do where messages are sent: 'Site' only tells eBay whose rules count.",
			details,
		};
	}
	const message = `You are registered in ${registered.name}`;
	if (registered.id === chosen?.id) return { ok: true, message };
	return {
		ok: false,
		message: `${message}, and the credential says ${chosen?.name ?? connection.siteId}`,
		advice: `Choose ${registered.name} as the credential's 'Site'.`,
		details,
	};
}

async function orders({ connection }: Account): Promise<Finding> {
	const now = Date.now();
	const [from, to] = [now - LOOKED_BACK_MS, now].map((at) => new Date(at).toISOString());
	await getOrders(connection, { by: 'modified', from: from!, to: to! }, 1, 1, 'poll');
	return { ok: true, message: 'Orders can be read' };
}

/** One hour: enough to see that eBay answers. */
const LOOKED_BACK_MS = 3_600_000;

async function conversations({ connection }: Account): Promise<Finding> {
	return await withScope(connection, 'commerce.message', 'conversations', async () => {
		await getConversations(connection, { conversation_type: 'FROM_MEMBERS' }, 0, 'poll');
		return { ok: true, message: 'Conversations can be read and written' };
	});
}

async function pictures({ connection }: Account): Promise<Finding> {
	return await withScope(connection, 'sell.inventory', 'the upload of pictures', async () => {
		await provePictures(connection);
		return { ok: true, message: 'Pictures can be uploaded' };
	});
}

async function orderNotifications({ connection }: Account): Promise<Finding> {
	const scope = 'sell.fulfillment.readonly';
	return await withScope(connection, scope, 'notifications of orders', async () => {
		await proveFulfillment(connection);
		return { ok: true, message: 'eBay can notify of orders' };
	});
}

/** What needs OAuth, and a scope of its own. */
async function withScope(
	{ authToken }: Connection,
	scope: string,
	what: string,
	look: () => Promise<Finding>,
): Promise<Finding> {
	if (authToken !== undefined) {
		return {
			ok: null,
			message: `An Auth'n'Auth token is not good for ${what}`,
			advice: `If you want it: choose OAuth in the credential, with the scope ${scope}. For messages, questions and orders the token is enough.`,
		};
	}
	return await look().catch((error: unknown) => {
		if (!lacksScope(error)) throw error;
		return {
			...findingOf(error, 'ebay'),
			message: `Your consent does not cover ${what}`,
			advice: `It lacks the scope ${scope}. ${NEW_CONSENT} If eBay refuses the scope, your application was not given it: do without, or ask eBay's developer support.`,
		};
	});
}

/** eBay's numbers for a scope that is missing. */
const NO_SCOPE = ['1100', '190013'];

const lacksScope = (error: unknown) =>
	error instanceof MarketplaceError && NO_SCOPE.includes(error.details.code ?? '');

/** The APIs that the nodes use, as eBay names them, and the calls of the one that has many others. */
const OUR_APIS = /^(message|media|notification|fulfillment|tradingapi)$/i;
const OUR_CALLS =
	/^(AddMemberMessage\w*|GetMemberMessages|GetMyMessages|GetOrders|GetUser|TradingAPI)$/i;

const isOurs = ({ api, call }: CallsLeft) =>
	OUR_APIS.test(api) && (!/^tradingapi$/i.test(api) || OUR_CALLS.test(call));

async function limits({ connection }: Account): Promise<Finding> {
	if (connection.authToken !== undefined) {
		return {
			ok: null,
			message: 'eBay tells the calls left only with OAuth',
			advice: 'Nothing to do. A new application has 5,000 calls a day.',
		};
	}
	const all = await callsLeft(connection).catch((error: unknown) => {
		if (!lacksScope(error)) throw error;
		return undefined;
	});
	if (all === undefined) {
		return {
			ok: null,
			message: 'eBay tells the calls left only with the scope sell.inventory',
			advice: "It comes with the consent that 'Pictures' wants.",
		};
	}
	const share = ({ left, of }: CallsLeft) => left / of;
	const ours = all.filter(isOurs).sort((one, other) => share(one) - share(other));
	const [least] = ours;
	if (least === undefined) {
		return { ok: null, message: 'eBay names no limit for your calls', advice: 'Nothing to do.' };
	}
	const until = least.resetsAt
		? `until ${least.resetsAt.slice(0, 16).replace('T', ' ')} UTC`
		: 'today';
	if (share(least) >= LITTLE) {
		return { ok: true, message: `${least.left} of ${least.of} are left ${until}` };
	}
	return {
		ok: least.left > 0,
		message: `${least.left} of ${least.of} calls of ${least.call} are left ${until}`,
		advice: MORE_CALLS,
		details: given({ ...least }),
	};
}

const LITTLE = 0.1;

const MORE_CALLS =
	'Let triggers poll less often, and ask eBay for a higher limit (Application Growth Check on its developer site).';

async function tokenEnd({ seller, connection }: Account, consentEndsAt = ''): Promise<Finding> {
	if (connection.authToken === undefined) {
		if (consentEndsAt) {
			return endingFinding("The seller's consent", Date.parse(consentEndsAt), NEW_CONSENT);
		}
		return {
			ok: null,
			message: 'eBay does not tell it of a pasted refresh token',
			advice: 'It lives 18 months from the consent: note the day.',
		};
	}
	const { tokenExpiresAt } = await seller();
	const endsAt = Date.parse(tokenExpiresAt ?? '');
	if (Number.isNaN(endsAt)) {
		return {
			ok: true,
			message: 'The token lives for more than 7 days: eBay tells its end in the last 7',
			advice: 'It lives 18 months from the day it was made: put that day into your calendar.',
		};
	}
	const renewal =
		"Make a new token on eBay's developer site (User Tokens), and paste it into the credential: it ends the old one.";
	return endingFinding('The token', endsAt, renewal);
}
