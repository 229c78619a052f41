import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, runNode, type NodeUnderTest, type RunOptions, type RunResult } from './engine.mts';
import { AmazonSellingPartnerApi } from '../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonMessaging } from '../../nodes/Amazon/AmazonMessaging.node.ts';
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';

/** The Amazon node, connected to the simulator. */
export function amazonMessaging(simulator: Simulator): NodeUnderTest {
	return {
		node: new AmazonMessaging(),
		credentialTypes: [new AmazonSellingPartnerApi()],
		credentials: { amazonSellingPartnerApi: amazonCredential(simulator) },
	};
}

export function amazonCredential({ origin, amazon }: Simulator) {
	return {
		environment: 'custom',
		region: 'na',
		clientId: 'amzn1.application-oa2-client.demo',
		clientSecret: 'amzn1.oa2-cs.v1.demo',
		refreshToken: amazon.state.sellers[0].refreshToken,
		apiUrl: `${origin}/amazon`,
		tokenUrl: `${origin}/lwa/auth/o2/token`,
	};
}

export const US = 'ATVPDKIKX0DER';
/** Everything is allowed for this order. */
export const ORDER = '111-1111111-1111111';

/** A form filled in for one order. */
export function messageForm(
	orderId: string,
	messageType: string,
	more: INodeParameters = {},
): INodeParameters {
	return {
		resource: 'message',
		operation: 'send',
		marketplaceId: US,
		orderId,
		messageType,
		...more,
	};
}

/** The rows of the form's attachments: names of binary fields, or whole rows. */
export function attached(...rows: Array<string | INodeParameters>): INodeParameters {
	const file = rows.map((row) =>
		typeof row === 'string' ? { binaryPropertyName: row, fileName: '' } : row,
	);
	return { attachments: { file } };
}

export const pdf = fileOf('%PDF-1.4 two years of warranty', 'warranty.pdf', 'application/pdf');

/** An item with one PDF in the field `data`. */
export const itemWithPdf: INodeExecutionData = { json: {}, binary: { data: pdf } };

export interface AmazonWorld {
	simulator: Simulator;
	node: NodeUnderTest;
	/** Runs the node; what comes of it is looked through for secrets after the test. */
	run(parameters: INodeParameters, options?: Omit<RunOptions, 'parameters'>): Promise<RunResult>;
	/** Operations of the simulator that were called, in order, without the token exchange. */
	calls(): string[];
	/** No limit is in the way. */
	withoutLimits(): void;
	/** `howMany` orders for which every message is allowed. */
	addOrders(howMany: number): string[];
}

let sellers = 0;

/**
 * A simulator for the tests of a file. Each test has a seller of its own, so that neither limits nor
 * tokens of one test are remembered in the next.
 */
export function amazonWorld(): AmazonWorld {
	const results: RunResult[] = [];
	const world: AmazonWorld = {
		simulator: undefined as unknown as Simulator,
		node: undefined as unknown as NodeUnderTest,
		async run(parameters, options = {}) {
			const result = await runNode(world.node, { parameters, items: [itemWithPdf], ...options });
			results.push(result);
			return result;
		},
		calls: () =>
			world.simulator.calls
				.map(({ operation }) => operation)
				.filter((name) => name !== 'lwa.token'),
		withoutLimits: () => world.simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 }),
		addOrders(howMany) {
			const { state } = world.simulator.amazon;
			const model = state.orders.find(({ orderId }) => orderId === ORDER)!;
			const ids = Array.from(
				{ length: howMany },
				(_, i) => `112-0000000-${String(i).padStart(7, '0')}`,
			);
			state.addOrders(ids.map((orderId) => ({ ...model, orderId })));
			return ids;
		},
	};

	beforeAll(async () => {
		world.simulator = await startSimulator();
	});
	afterAll(async () => await world.simulator.close());

	beforeEach(() => {
		results.length = 0;
		world.simulator.reset();
		world.simulator.amazon.state.sellers[0].refreshToken = `Atzr|secret-of-seller-${++sellers}`;
		world.node = amazonMessaging(world.simulator);
	});

	afterEach(() => {
		expect(world.simulator.defects).toEqual([]);
		for (const result of results) expect(secretsIn(result, world)).toEqual([]);
	});
	return world;
}

/** Secrets of the world that stand anywhere in what a run left behind, its errors included. */
function secretsIn({ run }: RunResult, { simulator }: AmazonWorld): string[] {
	const { clients, sellers: all, tokens } = simulator.amazon.state;
	const secrets = [
		...clients.map(({ clientSecret }) => clientSecret),
		...all.map(({ refreshToken }) => refreshToken),
		...tokens.keys(),
		'X-Amz-Signature',
		'X-Amz-Credential',
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
