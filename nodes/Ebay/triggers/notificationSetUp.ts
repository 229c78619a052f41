import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import { failureOf, MarketplaceError, nodeErrorOf, Refusal } from '../../shared/outcome';
import { executionOf } from '../../shared/run/execution';
import { isWord } from '../../shared/values';
import { sellerName } from '../api/account';
import { connectionOf, CREDENTIAL, refuseWithoutOAuth, type Connection } from '../api/connection';
import {
	alertEmailOf,
	createDestination,
	createSubscription,
	deleteDestination,
	deleteSubscription,
	enableSubscription,
	getDestinations,
	getSubscriptions,
	notificationApi,
	notificationErrors,
	says,
	schemaVersionOf,
	setAlertEmail,
	unless,
	updateDestination,
	type Destination,
	type NotificationApi,
} from '../api/notifications';
import { verificationTokenOf } from '../api/notificationSignature';
import { NEW_CONSENT } from '../api/scopes';
import { showWhatToPaste } from './accountDeletion';
import { topicOf, topics, type Topic } from './topics';

/** What this workflow made at eBay, and whose messages are its own; kept by n8n. */
interface SetUp extends IDataObject {
	subscriptionId?: string;
	destinationId?: string;
	madeDestination?: boolean;
	userName?: string;
}

const NAME = 'n8n eBay Notification Trigger';

/** @returns whether eBay calls this address already; where eBay does not answer, what was made before counts */
export async function isSetUp(context: IHookFunctions): Promise<boolean> {
	const { topic, setUp } = await worldOf(context);
	if (topic === topics.accountDeletion) return false;
	if (setUp.subscriptionId === undefined) return false;
	try {
		const { api, connection, endpoint } = await apiOf(context);
		const mine = (await getDestinations(api)).filter((one) => one.endpoint === endpoint);
		const subscription = (await getSubscriptions(api)).find(
			({ subscriptionId }) => subscriptionId === setUp.subscriptionId,
		);
		const isThere =
			subscription !== undefined &&
			isWord(subscription.status, 'ENABLED') &&
			mine.some(
				({ destinationId, status }) =>
					destinationId === subscription.destinationId && isWord(status, 'ENABLED'),
			);
		// A seller may have got another name since.
		if (isThere) setUp.userName = (await nameNow(connection)) ?? setUp.userName;
		return isThere;
	} catch (error) {
		return error instanceof MarketplaceError && error.details.retryable;
	}
}

const namelessError = () =>
	new Refusal(
		"eBay does not tell the seller's user name",
		'Without it your own messages cannot be told from those of others. Publish the workflow once more; if it stays like this, take the eBay Message Trigger, and check that the refresh token is that of the seller.',
	);

const nameNow = async (connection: Connection) =>
	await sellerName(connection, 'poll').catch(() => undefined);

/**
 * Tells eBay where to call and what for. Everything that is there already is used.
 * @throws NodeApiError, NodeOperationError in a seller's words
 */
export async function setUp(context: IHookFunctions): Promise<boolean> {
	try {
		const { topic, setUp: made } = await worldOf(context);
		if (topic === topics.accountDeletion) return await showWhatToPaste(context);
		const { api, connection, endpoint, verificationToken } = await apiOf(context);
		made.userName = (await sellerName(connection)) ?? made.userName;
		if (topic === topics.newMessage && made.userName === undefined) throw namelessError();
		await tellAlertEmail(context, api);
		const destination = await destinationFor(api, { name: NAME, endpoint, verificationToken });
		Object.assign(made, destination);
		made.subscriptionId = await subscriptionFor(api, topic, destination.destinationId);
		return true;
	} catch (error) {
		throw nodeErrorOf(context.getNode(), failureOf(error, 'ebay'));
	}
}

/**
 * Takes away what this workflow made, and nothing else. What is gone already, or is used by another
 * subscription, is no error; a workflow can be switched off also while eBay does not answer.
 */
export async function takeDown(context: IHookFunctions): Promise<boolean> {
	const { topic, setUp: made } = await worldOf(context);
	if (topic === topics.accountDeletion) return true;
	const { subscriptionId, destinationId, madeDestination } = made;
	for (const name of ['subscriptionId', 'destinationId', 'madeDestination']) delete made[name];
	try {
		const { api, endpoint, verificationToken } = await apiOf(context);
		if (subscriptionId) {
			await unless(notificationErrors.noSuchSubscription, async () => {
				await deleteSubscription(api, subscriptionId);
			});
		}
		if (destinationId && madeDestination) {
			await takeAway(api, destinationId, { name: NAME, endpoint, verificationToken });
		}
		return true;
	} catch (error) {
		context.logger.warn(`eBay's notifications could not be ended: ${(error as Error).message}`);
		return false;
	}
}

/** eBay deletes no address that is switched on, or that another subscription uses: the latter stays. */
async function takeAway(
	api: NotificationApi,
	destinationId: string,
	destination: NewDestination,
): Promise<void> {
	const { challengeFailed, destinationInUse, noSuchDestination } = notificationErrors;
	const isOver = async () =>
		await unless(destinationInUse, async () => {
			await unless(noSuchDestination, async () => {
				await deleteDestination(api, destinationId);
			});
			return true;
		});
	if (await isOver()) return;
	await unless([...challengeFailed, ...noSuchDestination], async () => {
		await updateDestination(api, destinationId, destination, 'DISABLED');
	});
	await isOver();
}

async function worldOf(context: IHookFunctions): Promise<{ topic: Topic; setUp: SetUp }> {
	const topic = topicOf(context.getNodeParameter('topic'));
	const kept = context.getWorkflowStaticData('node');
	return { topic, setUp: kept as SetUp };
}

interface SetUpWorld {
	api: NotificationApi;
	connection: Connection;
	endpoint: string;
	verificationToken: string;
}

async function apiOf(context: IHookFunctions): Promise<SetUpWorld> {
	const connection = await connectionOf(context);
	refuseWithoutOAuth(connection, 'Being called by eBay');
	const endpoint = context.getNodeWebhookUrl('default') ?? '';
	if (!connection.custom) refusePrivate(endpoint);
	const { clientSecret } = await executionOf(context).credentials(CREDENTIAL);
	return {
		api: notificationApi(context, connection),
		connection,
		endpoint,
		verificationToken: verificationTokenOf(String(clientSecret ?? '').trim(), endpoint),
	};
}

/** Hosts that nobody can call from outside: names within a network, and addresses. */
const PRIVATE =
	/^([^.]+|.*\.(local|localhost|localdomain|internal|lan|home\.arpa)|127\..*|10\..*|192\.168\..*|169\.254\..*|172\.(1[6-9]|2\d|3[01])\..*|0\.0\.0\.0|\[.*\])$/i;

/** @see https://developer.ebay.com/api-docs/commerce/notification/types/api:DeliveryConfig */
function refusePrivate(endpoint: string): void {
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	if (url?.protocol === 'https:' && !PRIVATE.test(url.hostname)) return;
	throw new Refusal(
		`eBay cannot call your n8n at ${url?.origin ?? 'the address that it has'}`,
		'eBay calls addresses that begin with https:// and that the whole internet can reach. Set WEBHOOK_URL of your n8n to such an address (for a try a tunnel will do), and start it anew; or take the polling trigger, which needs none of this.',
	);
}

/** eBay wants to know whom to write to when an address does not answer; it is one for the whole application. */
async function tellAlertEmail(context: IHookFunctions, api: NotificationApi): Promise<void> {
	const wanted = String(context.getNodeParameter('alertEmail', '') ?? '').trim();
	const known = await alertEmailOf(api);
	if (wanted === '' && known === undefined) {
		throw new Refusal(
			"'Alert Email' is empty",
			'eBay wants an address to write to when your n8n does not answer. It is told once for your whole application.',
		);
	}
	if (wanted === '' || wanted === known) return;
	await setAlertEmail(api, wanted).catch((error: unknown) => {
		if (!says(error, notificationErrors.badEmail)) throw error;
		throw new Refusal("eBay does not take the 'Alert Email'", 'Check how it is written.');
	});
}

interface NewDestination {
	name: string;
	endpoint: string;
	verificationToken: string;
}

async function destinationFor(
	api: NotificationApi,
	destination: NewDestination,
): Promise<{ destinationId: string; madeDestination: boolean }> {
	const find = async () =>
		(await getDestinations(api)).find(({ endpoint }) => endpoint === destination.endpoint);
	const known = await find();
	const told = async () => {
		if (known) {
			if (!isGood(known, destination))
				await updateDestination(api, known.destinationId, destination);
			return known.destinationId;
		}
		const made = await unless(notificationErrors.destinationExists, async () => {
			return await createDestination(api, destination);
		});
		return made ?? (await find())?.destinationId;
	};
	const destinationId = await told().catch((error: unknown) => {
		throw inSellersWords(error, destination.endpoint);
	});
	if (destinationId) return { destinationId, madeDestination: true };
	throw new Refusal(
		"eBay took your n8n's address and did not say under which ID",
		'Publish the workflow once more.',
	);
}

const isGood = ({ status, verificationToken }: Destination, wanted: NewDestination) =>
	isWord(status, 'ENABLED') &&
	(verificationToken ?? wanted.verificationToken) === wanted.verificationToken;

function inSellersWords(error: unknown, endpoint: string): unknown {
	if (says(error, notificationErrors.challengeFailed)) {
		return new Refusal(
			'eBay called your n8n and got no answer, or a wrong one',
			`It called ${endpoint}. Open that address from a phone that is not in your network: it must reach this n8n. Check WEBHOOK_URL, the proxy in front of n8n and its certificate, and publish the workflow once more.`,
		);
	}
	if (says(error, notificationErrors.badEndpoint)) {
		return new Refusal(
			`eBay does not take the address of your n8n: ${endpoint}`,
			'It must begin with https:// and be open to the whole internet. Set WEBHOOK_URL of your n8n to such an address.',
		);
	}
	return error;
}

/** @returns the subscription's id: one that is there already for this address, or a new one */
async function subscriptionFor(
	api: NotificationApi,
	topic: Topic,
	destinationId: string,
): Promise<string | undefined> {
	const known = async () =>
		(await getSubscriptions(api)).find(({ topicId }) => isWord(topicId, topic.id));
	let found = await known();
	if (found === undefined) {
		const version = await schemaVersionOf(api, topic.id);
		const creating = createSubscription(api, topic.id, destinationId, version);
		const id = await creating.catch((error: unknown) => {
			if (says(error, notificationErrors.notAuthorized)) throw notGrantedError(topic);
			if (!says(error, notificationErrors.subscriptionExists)) throw error;
			return undefined;
		});
		if (id !== undefined) return id;
		found = await known();
	}
	if (found && found.destinationId !== destinationId) {
		throw new Refusal(
			'Another workflow gets these notifications already',
			`eBay sends ${topic.id} of a seller to one address for each application. Unpublish the other workflow (or stop its test), or send its items on to this one with "Execute Sub-workflow".`,
		);
	}
	if (found && !isWord(found.status, 'ENABLED'))
		await enableSubscription(api, found.subscriptionId);
	return found?.subscriptionId;
}

const notGrantedError = ({ id, scope }: Topic) =>
	new Refusal(
		"The seller's consent does not cover these notifications",
		`${id} needs the scope ${scope}, and eBay grants commerce.message not to every application. ${NEW_CONSENT}`,
	);
