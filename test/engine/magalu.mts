import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, runNode, type NodeUnderTest, type RunOptions, type RunResult } from './engine.mts';
import { MagaluOAuth2Api } from '../../credentials/MagaluOAuth2Api.credentials.ts';
import { following, lookingFor } from '../../nodes/Magalu/api/limits.ts';
import { MagaluTicketMessage } from '../../nodes/Magalu/MagaluTicketMessage.node.ts';
import { demoTickets } from '../marketplaces/magalu/demo.mts';
import type { TokenWishes } from '../marketplaces/magalu/tokens.mts';
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';

/** The Magalu node, connected to the simulator. */
export function magaluTicketMessage(simulator: Simulator, wishes?: TokenWishes): NodeUnderTest {
	return {
		node: new MagaluTicketMessage(),
		credentialTypes: [new MagaluOAuth2Api()],
		credentials: { magaluOAuth2Api: magaluCredential(simulator, wishes) },
	};
}

/** What n8n holds of the credential after somebody connected it. */
export function magaluCredential({ origin, magalu }: Simulator, wishes?: TokenWishes) {
	return {
		environment: 'custom',
		clientId: 'demo-magalu-client',
		clientSecret: 'demo-magalu-secret',
		apiUrl: `${origin}/magalu`,
		loginUrl: `${origin}/id-magalu/login`,
		tokenUrl: `${origin}/id-magalu/oauth/token`,
		oauthTokenData: { ...magalu.issueTokens(wishes) },
	};
}

/** It is the seller's turn here. */
export const TICKET = demoTickets.waitingSeller;

/** A form filled in for one ticket. */
export function messageForm(more: INodeParameters = {}): INodeParameters {
	return {
		resource: 'message',
		operation: 'send',
		ticketId: TICKET,
		text: 'O pedido sai amanhã.',
		ownerName: 'Ana',
		ownerCode: 'ana',
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

export const pdf = fileOf('%PDF-1.4 nota fiscal', 'nota.pdf', 'application/pdf');
export const png = fileOf('a picture', 'foto.png', 'image/png');

/** An item with a PDF in the field `data` and a picture in the field `photo`. */
export const itemWithFiles: INodeExecutionData = { json: {}, binary: { data: pdf, photo: png } };

export interface MagaluWorld {
	simulator: Simulator;
	node: NodeUnderTest;
	/** Runs the node; what comes of it is looked through for secrets after the test. */
	run(parameters: INodeParameters, options?: Omit<RunOptions, 'parameters'>): Promise<RunResult>;
	/** Connects the credential anew. */
	connect(wishes?: TokenWishes): void;
	/** Operations of the simulator that were called, in order. */
	calls(): string[];
}

let stores = 0;

/**
 * A simulator for the tests of a file, whose transactions end at once and are looked for at once. Each
 * test has a credential of its own, so that no limit of one test is remembered in the next.
 */
export function magaluWorld(): MagaluWorld {
	const results: RunResult[] = [];
	const world: MagaluWorld = {
		simulator: undefined as unknown as Simulator,
		node: undefined as unknown as NodeUnderTest,
		async run(parameters, options = {}) {
			const result = await runNode(world.node, { parameters, items: [itemWithFiles], ...options });
			results.push(result);
			return result;
		},
		connect(wishes) {
			const connected = magaluTicketMessage(world.simulator, wishes);
			connected.credentials.magaluOAuth2Api!.clientId = `store-${++stores}`;
			world.simulator.magalu.state.clients[0]!.id = `store-${stores}`;
			for (const grants of [
				world.simulator.magalu.state.accessTokens,
				world.simulator.magalu.state.refreshTokens,
			]) {
				for (const grant of grants.values()) grant.clientId = `store-${stores}`;
			}
			world.node = connected;
		},
		calls: () => world.simulator.calls.map(({ operation }) => operation),
	};

	beforeAll(async () => {
		world.simulator = await startSimulator();
	});
	afterAll(async () => await world.simulator.close());

	beforeEach(() => {
		results.length = 0;
		world.simulator.reset();
		world.simulator.magalu.state.settings.completeAfterMs = 0;
		world.connect();
		jest.replaceProperty(following, 'firstMs', 10);
		jest.replaceProperty(following, 'longestMs', 200);
		jest.replaceProperty(lookingFor, 'waitsMs', [10, 50, 100]);
	});

	afterEach(() => {
		jest.restoreAllMocks();
		expect(world.simulator.defects).toEqual([]);
		expect(world.simulator.magalu.state.doublePuts).toEqual([]);
		for (const result of results) expect(secretsIn(result, world)).toEqual([]);
	});
	return world;
}

/** Secrets of the world that stand anywhere in what a run left behind, its errors included. */
function secretsIn({ run }: RunResult, { simulator }: MagaluWorld): string[] {
	const { clients, accessTokens, refreshTokens } = simulator.magalu.state;
	const secrets = [
		...clients.map(({ secret }) => secret),
		...accessTokens.keys(),
		...refreshTokens.keys(),
		'X-Goog-Signature',
		'X-Goog-Credential',
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
