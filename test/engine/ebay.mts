import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, type NodeUnderTest, type RunOptions } from './engine.mts';
import { worldOf, type World } from './world.mts';
import { EbayApi } from '../../credentials/EbayApi.credentials.ts';
import { EbayMemberMessage } from '../../nodes/Ebay/EbayMemberMessage.node.ts';
import type { Simulator } from '../marketplaces/simulator.mts';

export { attached, notLookedFor } from './world.mts';

export const AUTH_TOKEN = 'AgAAAA**demo-auth-token';
const REFRESH_TOKEN = 'v^1.1#demo-refresh';

/** The eBay node, connected to the simulator. */
export function ebayMemberMessage(simulator: Simulator): NodeUnderTest {
	return {
		node: new EbayMemberMessage(),
		credentialTypes: [new EbayApi()],
		credentials: { ebayApi: ebayCredential(simulator) },
	};
}

export function ebayCredential({ origin }: Simulator) {
	return {
		environment: 'custom',
		authentication: 'oAuth',
		clientId: 'demo-client',
		clientSecret: 'demo-secret',
		refreshToken: REFRESH_TOKEN,
		authToken: '',
		siteId: '0',
		apiUrl: `${origin}/ebay`,
		mediaUrl: `${origin}/ebay-media`,
	};
}

/** The listing and the buyer of an order that can be written to. */
export const ITEM = '110000000001';
export const BUYER = 'buyer_one';

/** A form filled in for one order. */
export function messageForm(more: INodeParameters = {}): INodeParameters {
	return {
		resource: 'message',
		operation: 'send',
		itemId: ITEM,
		recipientId: BUYER,
		questionType: 'General',
		subject: 'About your order',
		body: 'Thanks & regards',
		...more,
	};
}

/** The smallest thing that counts as a PNG. */
export const pngBytes = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01', 'latin1');

export const png = fileOf(pngBytes, 'crack.png', 'image/png');

/** An item with one picture in the field `data`. */
export const itemWithPicture: INodeExecutionData = { json: {}, binary: { data: png } };

export interface EbayWorld extends World {
	/** Changes the credential of the node. */
	credential(more: Record<string, string>): void;
	/** Takes the Auth'n'Auth token instead of OAuth. */
	useAuthToken(): void;
	/** What a run with "Continue" gives for its one item that failed, without the words about whom it is. */
	failure(parameters: INodeParameters, options?: Omit<RunOptions, 'parameters'>): Promise<Failure>;
	/** The document of the latest request of an operation. */
	document(operation: string): string;
}

export interface Failure {
	error: string;
	details: Record<string, unknown>;
}

let sellers = 0;

/** Each test has a seller of its own, so that neither limits nor tokens of one test are remembered in the next. */
export function ebayWorld(): EbayWorld {
	const world = worldOf({
		items: [itemWithPicture],
		tokenOperations: ['ebay.token'],
		secrets: ebaySecrets,
		connect({ simulator }) {
			const { refreshTokens } = simulator.ebay.state;
			const refreshToken = `${REFRESH_TOKEN}-of-seller-${++sellers}`;
			refreshTokens.set(refreshToken, refreshTokens.get(REFRESH_TOKEN)!);
			const node = ebayMemberMessage(simulator);
			Object.assign(node.credentials.ebayApi!, { refreshToken });
			return node;
		},
	});
	const credential = (more: Record<string, string>) =>
		void Object.assign(world.node.credentials.ebayApi!, more);
	afterEach(() => {
		// The consent page is opened by a person.
		const asked = world.simulator.calls.filter(({ operation }) => operation !== 'ebay.consent');
		const agents = asked.map(({ headers }) => headers['user-agent']);
		expect(agents.filter((agent) => !agent?.startsWith('n8n-nodes-marketplace-messages/'))).toEqual(
			[],
		);
	});
	return Object.assign(world, {
		credential,
		useAuthToken() {
			const { authTokens } = world.simulator.ebay.state;
			const authToken = `${AUTH_TOKEN}-of-seller-${sellers}`;
			authTokens.set(authToken, authTokens.get(AUTH_TOKEN)!);
			credential({ authentication: 'authToken', authToken });
		},
		async failure(parameters: INodeParameters, options: Omit<RunOptions, 'parameters'> = {}) {
			const settings = { onError: 'continueErrorOutput' as const };
			const { errors, items } = await world.run(parameters, { settings, ...options });
			expect(items).toEqual([]);
			const { error, details } = errors[0]!.json as unknown as Failure;
			return { error: error.replace(WHOM, ''), details };
		},
		document: (operation: string) =>
			world.simulator.calls
				.filter((call) => call.operation === operation)
				.at(-1)!
				.body.toString(),
	});
}

/** `Item 110000000001, recipient buyer_one: `. */
const WHOM = /^(?:(?:order|item|recipient|conversation|question) \S+(?:, |: ))+/i;

/** Of every client and seller, and every token that was given out. */
export function ebaySecrets({ ebay }: Simulator): string[] {
	const { clients, refreshTokens, accessTokens, authTokens } = ebay.state;
	return [
		...clients.values(),
		...refreshTokens.keys(),
		...accessTokens.keys(),
		...authTokens.keys(),
	];
}
