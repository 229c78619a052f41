import { redact } from '../../shared/http/redact';
import type { Caller } from '../../shared/http/request';
import type { HttpResponse, RepeatPolicy } from '../../shared/http/service';
import { MarketplaceError } from '../../shared/outcome';
import { executionOf } from '../../shared/run/execution';
import {
	entriesIn,
	parseJson,
	queryOf,
	recordOf,
	recordsOf,
	textOf,
	type Json,
} from '../../shared/values';
import { applicationTokenOf } from './applicationToken';
import { CREDENTIAL, type Connection } from './connection';
import { USER_AGENT } from './hosts';
import { restApi } from './restErrors';

/**
 * Notification API v1: where eBay sends what happens, and what. Config, destinations, topics and keys are
 * the application's; subscriptions are the seller's.
 * @see https://developer.ebay.com/api-docs/commerce/notification/overview.html
 */
const NOTIFICATION_PATH = '/commerce/notification/v1';

/** Errors of the Notification API that a set-up goes on from. */
export const notificationErrors = {
	noConfig: ['195003', '195026'],
	noSuchSubscription: ['195013'],
	notAuthorized: ['195011'],
	subscriptionExists: ['195012'],
	badEndpoint: ['195017'],
	challengeFailed: ['195020'],
	destinationExists: ['195021'],
	noSuchDestination: ['195022'],
	destinationInUse: ['195024'],
	badEmail: ['195025'],
} as const;

export interface Destination {
	destinationId: string;
	endpoint: string;
	status: string;
	verificationToken?: string;
}

export interface Subscription {
	subscriptionId: string;
	topicId: string;
	destinationId: string;
	status: string;
}

/** Asked again as often as needed: what is there already says so, and is then used. */
const service = restApi();

/** Lists are read up to so many entries. */
const PAGE = 100;
const MOST_PAGES = 20;

/** @returns the address that eBay writes to when notifications fail; nothing before it was set (getConfig) */
export async function alertEmailOf(api: NotificationApi): Promise<string | undefined> {
	const config = await unless(notificationErrors.noConfig, async () => {
		return recordOf(parseJson((await api.asApplication('GET', '/config')).text));
	});
	return textOf(config?.alertEmail);
}

export async function setAlertEmail(api: NotificationApi, alertEmail: string): Promise<void> {
	await api.asApplication('PUT', '/config', { alertEmail });
}

/** @returns all addresses that the application has told eBay (getDestinations) */
export async function getDestinations(api: NotificationApi): Promise<Destination[]> {
	const list = await all(api.asApplication, '/destination', 'destinations');
	return list.map((one) => {
		const delivery = recordOf(one.deliveryConfig);
		return {
			destinationId: textOf(one.destinationId) ?? '',
			endpoint: textOf(delivery.endpoint) ?? '',
			status: textOf(one.status) ?? '',
			verificationToken: textOf(delivery.verificationToken),
		};
	});
}

/**
 * Tells eBay an address; eBay asks it at once whether it knows the token (createDestination).
 * @returns its id, which eBay gives in the header Location
 */
export async function createDestination(
	api: NotificationApi,
	destination: { name: string; endpoint: string; verificationToken: string },
): Promise<string | undefined> {
	return idIn(await api.asApplication('POST', '/destination', destinationOf(destination)));
}

/** Switches an address on again or off, and tells its token anew; eBay asks it as if it were new (updateDestination). */
export async function updateDestination(
	api: NotificationApi,
	destinationId: string,
	destination: { name: string; endpoint: string; verificationToken: string },
	status: 'ENABLED' | 'DISABLED' = 'ENABLED',
): Promise<void> {
	const path = `/destination/${encodeURIComponent(destinationId)}`;
	await api.asApplication('PUT', path, { ...destinationOf(destination), status });
}

export async function deleteDestination(api: NotificationApi, id: string): Promise<void> {
	await api.asApplication('DELETE', `/destination/${encodeURIComponent(id)}`);
}

/** @returns all that the seller's application is subscribed to (getSubscriptions) */
export async function getSubscriptions(api: NotificationApi): Promise<Subscription[]> {
	const list = await all(api.asSeller, '/subscription', 'subscriptions');
	return list.map((one) => ({
		subscriptionId: textOf(one.subscriptionId) ?? '',
		topicId: textOf(one.topicId) ?? '',
		destinationId: textOf(one.destinationId) ?? '',
		status: textOf(one.status) ?? '',
	}));
}

/** @returns the newest version of the topic's payload that eBay still supports (getTopic) */
export async function schemaVersionOf(api: NotificationApi, topicId: string): Promise<string> {
	const answer = await api.asApplication('GET', `/topic/${encodeURIComponent(topicId)}`);
	const versions = recordsOf(recordOf(parseJson(answer.text)).supportedPayloads)
		.filter(({ deprecated }) => deprecated !== true)
		.map(({ schemaVersion }) => textOf(schemaVersion) ?? '')
		.filter((version) => version !== '')
		.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
	return versions.at(-1) ?? '1.0';
}

/** @returns its id, which eBay gives in the header Location (createSubscription) */
export async function createSubscription(
	api: NotificationApi,
	topicId: string,
	destinationId: string,
	schemaVersion: string,
): Promise<string | undefined> {
	const payload = { format: 'JSON', schemaVersion, deliveryProtocol: 'HTTPS' };
	const body = { topicId, status: 'ENABLED', destinationId, payload };
	return idIn(await api.asSeller('POST', '/subscription', body));
}

export async function enableSubscription(api: NotificationApi, id: string): Promise<void> {
	await api.asSeller('POST', `/subscription/${encodeURIComponent(id)}/enable`);
}

export async function deleteSubscription(api: NotificationApi, id: string): Promise<void> {
	await api.asSeller('DELETE', `/subscription/${encodeURIComponent(id)}`);
}

/**
 * @returns a key as eBay writes it; nothing for a name that eBay does not know (195001 under 404) or does not
 * take for one (400)
 * @see https://developer.ebay.com/api-docs/commerce/notification/resources/public_key/methods/getPublicKey
 */
export async function getPublicKey(api: NotificationApi, kid: string): Promise<string | undefined> {
	const path = `/public_key/${encodeURIComponent(kid)}`;
	const answer = await api.asApplication('GET', path).catch((error: unknown) => {
		const status = error instanceof MarketplaceError ? error.details.httpStatus : undefined;
		if (status === 400 || status === 404) return undefined;
		throw error;
	});
	return answer && textOf(recordOf(parseJson(answer.text)).key);
}

type Ask = (
	method: 'GET' | 'POST' | 'PUT' | 'DELETE',
	path: string,
	body?: Json,
) => Promise<HttpResponse>;

/** The API, asked for the application or for the seller. */
export interface NotificationApi {
	asApplication: Ask;
	asSeller: Ask;
}

/** @param policy a set-up is repeated as often as needed; while eBay waits for an answer there is no time for it */
export function notificationApi(
	caller: Caller,
	connection: Connection,
	policy: Extract<RepeatPolicy, 'prepare' | 'poll'> = 'prepare',
): NotificationApi {
	const request = (method: string, path: string, body?: Json) => ({
		method: method as 'GET',
		url: `${connection.apiUrl}${NOTIFICATION_PATH}${path}`,
		headers: {
			accept: 'application/json',
			'user-agent': USER_AGENT,
			...(body ? { 'content-type': 'application/json' } : {}),
		},
		body: body && JSON.stringify(body),
	});
	return {
		asSeller: async (...ask) => await connection.gate.ask(service, policy, request(...ask)),
		async asApplication(...ask) {
			const credentials = await executionOf(caller).credentials(CREDENTIAL);
			const askWith = async (token: string) => {
				const asked = request(...ask);
				const headers = { ...asked.headers, authorization: `Bearer ${token}` };
				const asking = connection.gate.askBare(service, policy, { ...asked, headers });
				return await asking.catch((error: unknown) => {
					redact(error, [token]);
					throw error;
				});
			};
			const token = await applicationTokenOf(caller.helpers, credentials);
			return await askWith(token).catch(async (error: unknown) => {
				const isSpent = error instanceof MarketplaceError && error.details.httpStatus === 401;
				if (!isSpent) throw error;
				return await askWith(await applicationTokenOf(caller.helpers, credentials, token));
			});
		},
	};
}

/** @returns whether eBay refused with one of these errors */
export function says(error: unknown, codes: readonly string[]): boolean {
	return error instanceof MarketplaceError && codes.includes(error.details.code ?? '');
}

/** @returns nothing where eBay answers with one of these errors */
export async function unless<T>(
	codes: readonly string[],
	ask: () => Promise<T>,
): Promise<T | undefined> {
	return await ask().catch((error: unknown) => {
		if (says(error, codes)) return undefined;
		throw error;
	});
}

async function all(ask: Ask, path: string, name: string): Promise<Json[]> {
	const found: Json[] = [];
	let token: string | undefined;
	for (let page = 0; page < MOST_PAGES; page++) {
		const query = queryOf({ limit: PAGE, continuation_token: token });
		const body = recordOf(parseJson((await ask('GET', `${path}?${query}`)).text));
		found.push(...recordsOf(body[name]));
		const next = /[?&]continuation_token=([^&]+)/.exec(textOf(body.next) ?? '')?.[1];
		if (next === undefined || entriesIn(body[name]) === 0) break;
		token = decodeURIComponent(next);
	}
	return found;
}

const destinationOf = (one: { name: string; endpoint: string; verificationToken: string }) => ({
	name: one.name,
	status: 'ENABLED',
	deliveryConfig: { endpoint: one.endpoint, verificationToken: one.verificationToken },
});

/** The last part of the header Location, or of the body where there is one. */
function idIn({ headers, text }: HttpResponse): string | undefined {
	const body = recordOf(parseJson(text));
	const last = (headers.location ?? '').split('?')[0]!.split('/').at(-1);
	return last || (textOf(body.destinationId) ?? textOf(body.subscriptionId));
}
