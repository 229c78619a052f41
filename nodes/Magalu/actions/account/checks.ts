import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import {
	askedOnce,
	checkAll,
	clockFinding,
	findingOf,
	given,
	type Check,
	type Finding,
} from '../../../shared/run/check';
import { executionOf } from '../../../shared/run/execution';
import { LoginError, MarketplaceError } from '../../../shared/outcome';
import { isRecord, textOf } from '../../../shared/values';
import { connectionOf, CREDENTIAL, type Connection } from '../../api/connection';
import { listDeliveries } from '../../api/deliveries';
import { scopes, type Scope } from '../../api/login';
import { listMessages } from '../../api/messages';
import { listOrders } from '../../api/orders';
import type { Page } from '../../api/pages';
import { listTickets } from '../../api/tickets';
import { getTransaction } from '../../api/transactions';

/** Mild readings, each asked once. */
interface Account {
	tickets(): Promise<Page>;
	/** Of the newest ticket; nothing where there is none. */
	messages(): Promise<Page | undefined>;
	transaction(): Promise<unknown>;
	orders(): Promise<Page>;
	deliveries(): Promise<Page>;
}

/** Every check of the store, in five calls. */
export async function checkAccount(context: IExecuteFunctions): Promise<IDataObject[]> {
	const { credentials: read, statistics } = executionOf(context);
	const credentials = await read(CREDENTIAL);
	const open = askedOnce(async () => accountOf(await connectionOf(context)));
	const of =
		(look: (account: Account) => Promise<Finding>): Check['look'] =>
		async () =>
			await look(await open());
	return await checkAll('magalu', { name: 'Login', look: of(login) }, [
		{ name: 'Store', look: of(async (account) => await store(account, credentials)) },
		{ name: 'Tickets', look: of(tickets) },
		{ name: 'Messages', look: of(messages) },
		{ name: 'Transactions', look: of(transactions) },
		{ name: 'Orders', look: of(orders) },
		{ name: 'Deliveries', look: of(deliveries) },
		{ name: 'Scopes', offline: true, look: () => grantedScopes(credentials) },
		{ name: 'Clock', look: () => clockFinding('Magalu', statistics.clockAheadMs) },
	]);
}

function accountOf(connection: Connection): Account {
	const tickets = askedOnce(
		async () =>
			await listTickets(connection, { limit: 1, offset: 0, sort: 'created_at:desc' }, 'poll'),
	);
	const newest = { limit: 1, offset: 0, sort: 'created_at:desc' } as const;
	return {
		tickets,
		messages: askedOnce(async () => {
			const [ticket] = (await tickets()).rows;
			const id = textOf(ticket?.id);
			return id === undefined ? undefined : await listMessages(connection, id, newest, 'poll');
		}),
		transaction: askedOnce(async () => await getTransaction(connection, NO_ID)),
		orders: askedOnce(async () => await listOrders(connection, { limit: 1, offset: 0 }, 'poll')),
		deliveries: askedOnce(async () => await listDeliveries(connection, 1)),
	};
}

/** The ID of nothing (RFC 9562, section 5.9). */
const NO_ID = '00000000-0000-0000-0000-000000000000';

const statusOf = (error: unknown) =>
	error instanceof MarketplaceError ? error.details.httpStatus : undefined;

const failed = async (asked: Promise<unknown>): Promise<unknown> =>
	await asked.then(
		() => undefined,
		(error: unknown) => error,
	);

/** n8n renews the access token where it has to. Who is answered anything but a 401 is logged in. */
async function login({ tickets: ask }: Account): Promise<Finding> {
	const error = await failed(ask());
	const status = statusOf(error);
	const isAnswered = status !== undefined && status >= 400 && status !== 401 && status !== 429;
	const isLoggedIn = error === undefined || (isAnswered && !(error instanceof LoginError));
	if (!isLoggedIn) throw error as Error;
	return { ok: true, message: 'Magalu accepts the credential' };
}

/** A token of a person, of another store, or of somebody who may not speak for the store opens nothing. */
async function store(
	account: Account,
	{ tenantId }: ICredentialDataDecryptedObject,
): Promise<Finding> {
	const refusals: unknown[] = [];
	for (const ask of [account.tickets, account.orders, account.deliveries, account.transaction]) {
		const error = await failed(ask());
		const isThere = error === undefined || statusOf(error) === 404;
		if (isThere) return { ok: true, message: 'The token is one of your store' };
		refusals.push(error);
	}
	const isDenied = refusals.every((error) => statusOf(error) === 403);
	const finding = findingOf(refusals[0], 'magalu');
	if (!isDenied) {
		return { ...finding, ok: null, message: 'It cannot be told whose store the token is of' };
	}
	return {
		...finding,
		advice: `${finding.advice} When connecting, choose your store; leave 'Tenant ID' empty unless Magalu told you to fill it in.`,
		details: { ...finding.details, ...given({ tenantId: textOf(tenantId) }) },
	};
}

async function tickets({ tickets: ask }: Account): Promise<Finding> {
	await ask();
	return { ok: true, message: 'Tickets can be read' };
}

async function messages({ messages: ask }: Account): Promise<Finding> {
	const page = await ask();
	if (page) return { ok: true, message: 'Messages can be read' };
	return {
		ok: null,
		message: 'It can only be tried with a ticket, and there is none',
		advice: "Look at 'Scopes', or run the check again once there is a ticket.",
	};
}

/** Who is told that there is no such transaction may read one. */
async function transactions({ transaction: ask }: Account): Promise<Finding> {
	await ask().catch((error: unknown) => {
		if (statusOf(error) !== 404) throw error;
	});
	return { ok: true, message: 'What became of a message can be read' };
}

async function orders({ orders: ask }: Account): Promise<Finding> {
	await ask();
	return { ok: true, message: 'Orders can be read' };
}

async function deliveries({ deliveries: ask }: Account): Promise<Finding> {
	await ask();
	return { ok: true, message: 'Deliveries can be read' };
}

/** What Magalu said when the credential was connected: writing can be told by nothing else. */
function grantedScopes({ oauthTokenData }: ICredentialDataDecryptedObject): Finding {
	const said = isRecord(oauthTokenData) ? textOf(oauthTokenData.scope) : undefined;
	if (said === undefined) {
		return {
			ok: null,
			message: 'Magalu did not tell the scopes when the credential was connected',
			advice:
				'The other checks tell those for reading. Whether you may write, a first message tells.',
		};
	}
	const granted = said.split(/\s+/);
	const missing = Object.values(scopes).filter((scope: Scope) => !granted.includes(scope));
	if (missing.length === 0) return { ok: true, message: 'All that the nodes use are there' };
	return {
		ok: false,
		message: `Missing: ${missing.join(', ')}`,
		advice:
			"Add them to your app (idm client add-scope) and to 'Scope' of the credential, then connect it again as an administrator of the store. What you do not use may stay away.",
		details: { missing },
	};
}
