import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

import type { Answer, Clock, Context, Exchange } from '../service.mts';
import { noResource, restError } from './rest.mts';
import { scopeBase, type AccessToken, type EbayState } from './state.mts';

const base = '/commerce/notification/v1';
const domain = 'API_NOTIFICATION';

/**
 * The Notification API's errors (its OpenAPI document 1.6.2, domain API_NOTIFICATION), with their HTTP
 * statuses, in words of our own.
 */
const errors = {
	195001: [404, 'The key ID is invalid.'],
	195002: [404, 'The topic ID is invalid or missing.'],
	195003: [409, 'Provide the configuration that notifications need first: /config.'],
	195004: [400, 'The limit has to be from 10 to 100.'],
	195006: [400, 'The subscription status is invalid or missing.'],
	195007: [400, 'The destination ID is invalid or missing.'],
	195008: [400, 'The schema version is invalid or missing.'],
	195009: [400, 'The format is not supported for the topic.'],
	195010: [400, 'The protocol is invalid or missing.'],
	195011: [403, 'Not authorized for this topic.'],
	195012: [409, 'The subscription exists already.'],
	195013: [404, 'There is no such subscription.'],
	195015: [409, 'The destination is not enabled.'],
	195016: [400, 'The name is invalid: no markup, at most 64 characters.'],
	195017: [400, 'The endpoint is invalid or missing.'],
	195018: [400, 'The destination status is invalid or missing.'],
	195019: [400, 'The verification token is invalid or missing.'],
	195020: [409, 'The challenge of the endpoint failed.'],
	195021: [409, 'A destination exists for this endpoint.'],
	195022: [404, 'The destination ID is invalid or missing.'],
	195024: [409, 'The destination is in use and cannot be deleted.'],
	195025: [400, 'The email is invalid or missing.'],
	195026: [404, 'There is no configuration.'],
	195027: [400, 'The topic ID is invalid or missing.'],
} as const satisfies Record<number, readonly [number, string]>;

const refuse = (id: keyof typeof errors): Answer =>
	restError(errors[id][0], id, domain, errors[id][1]);

/** Topics with the scope that a subscription needs, and an example of their data. */
const topics: Record<string, { scopes: string[]; versions: string[]; example: object }> = {
	NEW_MESSAGE: {
		scopes: ['commerce.message'],
		versions: ['1.0'],
		example: { messageId: 'string', conversationId: 'string', senderUserName: 'string' },
	},
	BUYER_QUESTION: {
		scopes: ['commerce.message'],
		versions: ['1.0'],
		example: { messageId: 'string', senderUserName: 'string', itemId: 'string' },
	},
	ORDER_CONFIRMATION: {
		scopes: ['sell.fulfillment', 'sell.fulfillment.readonly'],
		versions: ['1.0', '1.1'],
		example: { order: { orderId: 'string', orderLineItems: [{ listingId: 'string' }] } },
	},
};

interface Destination {
	destinationId: string;
	name: string;
	status: 'ENABLED' | 'DISABLED' | 'MARKED_DOWN';
	deliveryConfig: { endpoint: string; verificationToken: string };
}

interface Subscription {
	subscriptionId: string;
	seller: string;
	topicId: string;
	destinationId: string;
	status: 'ENABLED' | 'DISABLED';
	creationDate: string;
	payload: { format: string; schemaVersion: string; deliveryProtocol: string };
}

export interface NotificationState {
	alertEmail?: string;
	destinations: Destination[];
	subscriptions: Subscription[];
	kid: string;
	key: { privateKey: KeyObject; publicKey: KeyObject };
	/** Addresses may begin with http:// (the seller's own network); eBay itself takes https only. */
	takesHttp: boolean;
	/**
	 * What is switched on cannot be deleted. deleteDestination says both, for the whole that only what is in use
	 * cannot, and for its parameter that nothing enabled can.
	 */
	keepsEnabled: boolean;
	/** Registered by hand in the developer's portal. */
	accountDeletion?: { endpoint: string; verificationToken: string };
}

export function notificationState(): NotificationState {
	return {
		destinations: [],
		subscriptions: [],
		kid: randomUUID(),
		key: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
		takesHttp: true,
		keepsEnabled: false,
	};
}

/** Name of the operation for log and faults. */
export function notificationOperation({ method, path }: Exchange): string {
	const [part = '', id, action] = path.slice(base.length + 1).split('/');
	const name = `${method.toLowerCase()}${part.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}`;
	return `ebay.${name}${id ? 'One' : ''}${action ? `.${action}` : ''}`;
}

/** The REST Notification API: config, destinations, topics and keys of the application; subscriptions of a seller. */
export async function notifications(
	exchange: Exchange,
	state: EbayState,
	context: Context,
): Promise<Answer> {
	const token = tokenIn(exchange, state, context.clock);
	if (token === undefined) {
		return restError(401, 1001, 'OAuth', 'Invalid access token');
	}
	const [part, id, action] = exchange.path.slice(base.length + 1).split('/');
	const own = state.notifications;
	if (part === 'subscription') {
		return await subscriptions(exchange, state, context, token, id, action);
	}
	if (!token.application) return restError(403, 1100, 'ACCESS', 'Access denied');
	switch (part) {
		case 'config':
			return config(exchange, own);
		case 'destination':
			return await destinations(exchange, own, id);
		case 'topic':
			return topicOf(id);
		case 'public_key':
			if (id !== own.kid) return refuse(195001);
			return { status: 200, body: { algorithm: 'ECDSA', digest: 'SHA1', key: pemOf(own) } };
		default:
			return noResource();
	}
}

function tokenIn(exchange: Exchange, state: EbayState, clock: Clock): AccessToken | undefined {
	const [, said] = /^Bearer (\S+)$/.exec(exchange.headers.authorization ?? '') ?? [];
	const token = state.accessTokens.get(said ?? '');
	return token && token.expiresAt > clock.now() ? token : undefined;
}

/** As eBay writes it: PEM without line breaks. */
const pemOf = ({ key }: NotificationState) =>
	key.publicKey.export({ format: 'pem', type: 'spki' }).toString().replaceAll('\n', '');

function config({ method, body }: Exchange, own: NotificationState): Answer {
	if (method === 'GET') {
		if (own.alertEmail === undefined) return refuse(195026);
		return { status: 200, body: { alertEmail: own.alertEmail } };
	}
	const { alertEmail } = jsonIn(body) as { alertEmail?: unknown };
	if (typeof alertEmail !== 'string' || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(alertEmail)) {
		return refuse(195025);
	}
	own.alertEmail = alertEmail;
	return { status: 204 };
}

function topicOf(id: string | undefined): Answer {
	const topic = topics[id ?? ''];
	if (!topic) return refuse(195002);
	const supportedPayloads = topic.versions.map((schemaVersion) => ({
		format: ['JSON'],
		schemaVersion,
		deliveryProtocol: 'HTTPS',
		deprecated: false,
	}));
	return {
		status: 200,
		body: {
			topicId: id,
			status: 'ENABLED',
			scope: 'USER',
			authorizationScopes: topic.scopes.map((scope) => `${scopeBase}/${scope}`),
			supportedPayloads,
		},
	};
}

async function destinations(
	exchange: Exchange,
	own: NotificationState,
	id: string | undefined,
): Promise<Answer> {
	const { method, body, query, origin } = exchange;
	if (id === undefined && method === 'GET') return page(own.destinations, 'destinations', query);
	if (id === undefined) {
		if (own.alertEmail === undefined) return refuse(195003);
		const made = jsonIn(body) as unknown as Destination;
		const wrong = wrongDestination(made, own);
		if (wrong) return refuse(wrong);
		const { endpoint } = made.deliveryConfig;
		if (own.destinations.some((one) => one.deliveryConfig.endpoint === endpoint)) {
			return refuse(195021);
		}
		if (!(await answersChallenge(made.deliveryConfig))) return refuse(195020);
		const destinationId = randomUUID();
		own.destinations.push({ ...made, destinationId });
		return {
			status: 201,
			headers: { location: `${origin}/ebay${base}/destination/${destinationId}` },
		};
	}
	const place = own.destinations.findIndex(({ destinationId }) => destinationId === id);
	if (place < 0) return refuse(195022);
	if (method === 'GET') return { status: 200, body: own.destinations[place] };
	if (method === 'DELETE') {
		const isUsed = own.subscriptions.some(({ destinationId }) => destinationId === id);
		const isOn = own.destinations[place]!.status === 'ENABLED';
		if (isUsed || (own.keepsEnabled && isOn)) return refuse(195024);
		own.destinations.splice(place, 1);
		return { status: 204 };
	}
	const changed = jsonIn(body) as unknown as Destination;
	const wrong = wrongDestination(changed, own);
	if (wrong) return refuse(wrong);
	// What is registered already and is only switched off has nothing to prove.
	const before = own.destinations[place]!.deliveryConfig;
	const { endpoint, verificationToken } = changed.deliveryConfig;
	const isNew = endpoint !== before.endpoint || verificationToken !== before.verificationToken;
	const isAsked = isNew || changed.status === 'ENABLED';
	if (isAsked && !(await answersChallenge(changed.deliveryConfig))) return refuse(195020);
	own.destinations[place] = { ...changed, destinationId: id };
	return { status: 204 };
}

function wrongDestination(
	{ name, status, deliveryConfig }: Partial<Destination>,
	{ takesHttp }: NotificationState,
): keyof typeof errors | undefined {
	if (typeof name !== 'string' || name === '' || name.length > 64 || /[<>]/.test(name))
		return 195016;
	if (status !== 'ENABLED' && status !== 'DISABLED') return 195018;
	const { endpoint = '', verificationToken = '' } = deliveryConfig ?? {};
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	const isPublic =
		url?.protocol === 'https:' && !/^(localhost|127\.|10\.|192\.168\.)/.test(url.hostname);
	if (!isPublic && !(takesHttp && url)) return 195017;
	if (!/^[\w-]{32,80}$/.test(verificationToken)) return 195019;
	return undefined;
}

/** The marketplace account deletion guide: the answer is a hash of code, token and endpoint as registered. */
async function answersChallenge({
	endpoint,
	verificationToken,
}: Destination['deliveryConfig']): Promise<boolean> {
	const code = randomUUID().replaceAll('-', '');
	try {
		const response = await fetch(`${endpoint}?challenge_code=${code}`, {
			signal: AbortSignal.timeout(5000),
		});
		const type = response.headers.get('content-type') ?? '';
		const expected = createHash('sha256')
			.update(code + verificationToken + endpoint)
			.digest('hex');
		const said = (await response.json()) as { challengeResponse?: string };
		return response.status === 200 && /json/.test(type) && said.challengeResponse === expected;
	} catch {
		return false;
	}
}

async function subscriptions(
	exchange: Exchange,
	state: EbayState,
	{ clock }: Context,
	token: AccessToken,
	id: string | undefined,
	action: string | undefined,
): Promise<Answer> {
	const { method, query, origin } = exchange;
	const own = state.notifications;
	// With an application's token there are none: eBay does not refuse it.
	const mine = own.subscriptions.filter(
		({ seller }) => !token.application && seller === token.seller,
	);
	if (id === undefined && method === 'GET') {
		return page(mine.map(shownSubscription), 'subscriptions', query);
	}
	if (token.application) return restError(403, 1100, 'ACCESS', 'Access denied');
	if (id === undefined) {
		const made = jsonIn(exchange.body) as unknown as Subscription;
		const wrong = wrongSubscription(made, own, token, mine);
		if (wrong) return refuse(wrong);
		const subscriptionId = randomUUID();
		const creationDate = new Date(clock.now()).toISOString();
		own.subscriptions.push({ ...made, subscriptionId, creationDate, seller: token.seller });
		return {
			status: 201,
			headers: { location: `${origin}/ebay${base}/subscription/${subscriptionId}` },
		};
	}
	const found = mine.find(({ subscriptionId }) => subscriptionId === id);
	if (!found) return refuse(195013);
	if (method === 'GET') return { status: 200, body: shownSubscription(found) };
	if (method === 'DELETE') {
		own.subscriptions = own.subscriptions.filter((one) => one !== found);
		return { status: 204 };
	}
	switch (action) {
		case 'enable':
			found.status = 'ENABLED';
			return { status: 204 };
		case 'disable':
			found.status = 'DISABLED';
			return { status: 204 };
		case 'test':
			void notify(state, clock, found.topicId, topics[found.topicId]!.example);
			return { status: 202 };
		default:
			return noResource();
	}
}

function wrongSubscription(
	{ topicId, destinationId, status, payload }: Partial<Subscription>,
	own: NotificationState,
	token: AccessToken,
	mine: Subscription[],
): keyof typeof errors | undefined {
	if (own.alertEmail === undefined) return 195003;
	const topic = topics[topicId ?? ''];
	if (!topic) return 195027;
	if (status !== 'ENABLED' && status !== 'DISABLED') return 195006;
	const destination = own.destinations.find((one) => one.destinationId === destinationId);
	if (!destination) return 195007;
	if (payload?.format !== 'JSON') return 195009;
	if (!topic.versions.includes(payload.schemaVersion)) return 195008;
	if (payload.deliveryProtocol !== 'HTTPS') return 195010;
	if (!topic.scopes.some((scope) => token.scopes.includes(`${scopeBase}/${scope}`))) return 195011;
	if (mine.some((one) => one.topicId === topicId)) return 195012;
	if (destination.status !== 'ENABLED') return 195015;
	return undefined;
}

/** Whose it is, eBay keeps for itself. */
const shownSubscription = ({ seller: _seller, ...shown }: Subscription) => shown;

function page(list: object[], name: string, query: URLSearchParams): Answer {
	const limit = Number(query.get('limit') ?? 20);
	if (!(limit >= 10 && limit <= 100)) return refuse(195004);
	const from = Number(query.get('continuation_token') ?? 0);
	const next = from + limit < list.length ? { next: `?continuation_token=${from + limit}` } : {};
	return {
		status: 200,
		body: { total: list.length, limit, ...next, [name]: list.slice(from, from + limit) },
	};
}

const jsonIn = (body: Buffer): Record<string, unknown> => {
	try {
		return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
	} catch {
		return {};
	}
};

/**
 * The developer's portal (Alerts and Notifications, Marketplace Account Deletion): Save.
 * @returns whether the address answered eBay's question; only then it is saved
 * @see https://developer.ebay.com/marketplace-account-deletion
 */
export async function saveInPortal(
	own: NotificationState,
	deliveryConfig: Destination['deliveryConfig'],
): Promise<boolean> {
	const isTaken = await answersChallenge(deliveryConfig);
	if (isTaken) own.accountDeletion = deliveryConfig;
	return isTaken;
}

export interface NotifyOptions {
	/** As an earlier one: eBay delivers at least once. */
	notificationId?: string;
	/** When it happened; left out: now. */
	eventAt?: number;
	/** It comes when this is over: also after what happened later, as eBay keeps no order. */
	late?: Promise<unknown>;
	/** So many times it is delivered, though the address took it; left out: once. */
	deliveries?: number;
	/** Each try's signature, for those of strangers. */
	signature?: (body: string) => string | undefined;
}

/** A notification is tried so often. */
const TRIES = 3;

/** What became of a delivery: the statuses that the address answered, up to three. */
export interface Delivery {
	notificationId: string;
	statuses: number[];
}

/** Tells all who are subscribed: signed, three tries, an address that never answers is marked down. */
export async function notify(
	state: EbayState,
	clock: Clock,
	topicId: string,
	data: object,
	options: NotifyOptions = {},
): Promise<Delivery> {
	const own = state.notifications;
	const notificationId = options.notificationId ?? `${randomUUID()}_${randomUUID()}`;
	const statuses: number[] = [];
	const destination = own.destinations.find(({ destinationId, status }) =>
		own.subscriptions.some(
			(one) =>
				one.topicId === topicId &&
				one.status === 'ENABLED' &&
				one.destinationId === destinationId &&
				status === 'ENABLED',
		),
	);
	const endpoint =
		topicId === 'MARKETPLACE_ACCOUNT_DELETION'
			? own.accountDeletion?.endpoint
			: destination?.deliveryConfig.endpoint;
	if (endpoint === undefined) return { notificationId, statuses };

	const happenedAt = options.eventAt ?? clock.now();
	await options.late;
	let wanted = options.deliveries ?? 1;
	for (let attempt = 1; wanted > 0 && attempt <= TRIES; attempt++) {
		const body = JSON.stringify({
			metadata: { topic: topicId, schemaVersion: '1.0', deprecated: false },
			notification: {
				notificationId,
				eventDate: new Date(happenedAt).toISOString(),
				publishDate: new Date(clock.now()).toISOString(),
				publishAttemptCount: attempt,
				data,
			},
		});
		const signature = options.signature ? options.signature(body) : signatureOf(own, body);
		const status = await post(endpoint, body, signature);
		statuses.push(status);
		if (status >= 200 && status < 300) wanted -= 1;
	}
	if (destination && !statuses.some((status) => status > 0)) destination.status = 'MARKED_DOWN';
	return { notificationId, statuses };
}

/** The header as the official SDK reads it: base64 of JSON; ECDSA over the body with SHA-1, in DER. */
export function signatureOf({ kid, key }: NotificationState, body: string): string {
	const signature = sign('sha1', Buffer.from(body), key.privateKey).toString('base64');
	return Buffer.from(JSON.stringify({ alg: 'ecdsa', kid, signature, digest: 'SHA1' })).toString(
		'base64',
	);
}

async function post(endpoint: string, body: string, signature?: string): Promise<number> {
	try {
		const response = await fetch(endpoint, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...(signature === undefined ? {} : { 'x-ebay-signature': signature }),
			},
			body,
			signal: AbortSignal.timeout(5000),
		});
		await response.arrayBuffer();
		return response.status;
	} catch {
		return 0;
	}
}
