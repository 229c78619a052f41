import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, runNode, type NodeUnderTest, type RunOptions, type RunResult } from './engine.mts';
import { EbayApi } from '../../credentials/EbayApi.credentials.ts';
import { EbayMemberMessage } from '../../nodes/Ebay/EbayMemberMessage.node.ts';
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';

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

/** The rows of the form's attachments: names of binary fields, or whole rows. */
export function attached(...rows: Array<string | INodeParameters>): INodeParameters {
	const file = rows.map((row) =>
		typeof row === 'string' ? { binaryPropertyName: row, fileName: '' } : row,
	);
	return { attachments: { file } };
}

export interface EbayWorld {
	simulator: Simulator;
	node: NodeUnderTest;
	/** Changes the credential of the node. */
	credential(more: Record<string, string>): void;
	/** Takes the Auth'n'Auth token instead of OAuth. */
	useAuthToken(): void;
	/** Runs the node; what comes of it is looked through for secrets after the test. */
	run(parameters: INodeParameters, options?: Omit<RunOptions, 'parameters'>): Promise<RunResult>;
	/** What a run with "Continue" gives for its one item that failed. */
	failure(parameters: INodeParameters, options?: Omit<RunOptions, 'parameters'>): Promise<Failure>;
	/** Operations of the simulator that were called, in order, without the token exchange. */
	calls(): string[];
	/** The document of the latest request of an operation. */
	document(operation: string): string;
}

export interface Failure {
	error: string;
	details: Record<string, unknown>;
}

let sellers = 0;

/**
 * A simulator for the tests of a file. Each test has a seller of its own, so that neither limits nor
 * tokens of one test are remembered in the next.
 */
export function ebayWorld(): EbayWorld {
	const results: RunResult[] = [];
	const world: EbayWorld = {
		simulator: undefined as unknown as Simulator,
		node: undefined as unknown as NodeUnderTest,
		credential: (more) => void Object.assign(world.node.credentials.ebayApi!, more),
		useAuthToken() {
			const { authTokens } = world.simulator.ebay.state;
			const authToken = `${AUTH_TOKEN}-of-seller-${sellers}`;
			authTokens.set(authToken, authTokens.get(AUTH_TOKEN)!);
			world.credential({ authentication: 'authToken', authToken });
		},
		async run(parameters, options = {}) {
			const items = [itemWithPicture];
			const result = await runNode(world.node, { parameters, items, ...options });
			results.push(result);
			return result;
		},
		async failure(parameters, options = {}) {
			const settings = { onError: 'continueErrorOutput' as const };
			const { errors, items } = await world.run(parameters, { settings, ...options });
			expect(items).toEqual([]);
			return errors[0]!.json as unknown as Failure;
		},
		calls: () =>
			world.simulator.calls
				.map(({ operation }) => operation)
				.filter((name) => name !== 'ebay.token'),
		document: (operation) =>
			world.simulator.calls
				.filter((call) => call.operation === operation)
				.at(-1)!
				.body.toString(),
	};

	beforeAll(async () => {
		world.simulator = await startSimulator();
	});
	afterAll(async () => await world.simulator.close());

	beforeEach(() => {
		results.length = 0;
		world.simulator.reset();
		const { refreshTokens } = world.simulator.ebay.state;
		const refreshToken = `${REFRESH_TOKEN}-of-seller-${++sellers}`;
		refreshTokens.set(refreshToken, refreshTokens.get(REFRESH_TOKEN)!);
		world.node = ebayMemberMessage(world.simulator);
		world.credential({ refreshToken });
	});

	afterEach(() => {
		expect(world.simulator.defects).toEqual([]);
		const agents = world.simulator.calls.map(({ headers }) => headers['user-agent']);
		expect(agents.filter((agent) => !agent?.startsWith('n8n-nodes-marketplace-messages/'))).toEqual(
			[],
		);
		for (const result of results) expect(secretsIn(result, world)).toEqual([]);
	});
	return world;
}

/** Secrets of the world that stand anywhere in what a run left behind, its errors included. */
function secretsIn({ run }: RunResult, { simulator }: EbayWorld): string[] {
	const { clients, refreshTokens, accessTokens, authTokens } = simulator.ebay.state;
	const secrets = [
		...clients.values(),
		...refreshTokens.keys(),
		...accessTokens.keys(),
		...authTokens.keys(),
	];
	const { resultData } = run.data;
	const text = written({ resultData, said: resultData.error?.description });
	return secrets.filter((secret) => text.includes(secret));
}

/** As JSON, with the parts of errors that JSON leaves out. */
function written(value: unknown): string {
	const seen = new Set<unknown>();
	return JSON.stringify(value, (_key, one: unknown) => {
		if (typeof one !== 'object' || one === null) return one;
		if (seen.has(one)) return undefined;
		seen.add(one);
		if (!(one instanceof Error)) return one;
		const { message, stack, cause } = one;
		return { ...one, message, stack, cause };
	});
}
