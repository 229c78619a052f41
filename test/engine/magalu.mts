import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, type NodeUnderTest } from './engine.mts';
import { worldOf, type World } from './world.mts';
import { MagaluOAuth2Api } from '../../credentials/MagaluOAuth2Api.credentials.ts';
import { following, lookingFor } from '../../nodes/Magalu/api/limits.ts';
import { looking } from '../../nodes/shared/send/lookUp.ts';
import { MagaluTicketMessage } from '../../nodes/Magalu/MagaluTicketMessage.node.ts';
import { demoTickets } from '../marketplaces/magalu/demo.mts';
import type { TokenWishes } from '../marketplaces/magalu/tokens.mts';
import type { Simulator } from '../marketplaces/simulator.mts';

export { attached } from './world.mts';

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

export const pdf = fileOf('%PDF-1.4 nota fiscal', 'nota.pdf', 'application/pdf');
export const png = fileOf('a picture', 'foto.png', 'image/png');

/** An item with a PDF in the field `data` and a picture in the field `photo`. */
export const itemWithFiles: INodeExecutionData = { json: {}, binary: { data: pdf, photo: png } };

export interface MagaluWorld extends World {
	/** Connects the credential anew. */
	connect(wishes?: TokenWishes): void;
}

let stores = 0;

/**
 * Transactions end at once and are looked for at once. Each test has a credential of its own, so that no
 * limit of one test is remembered in the next.
 */
export function magaluWorld(): MagaluWorld {
	const world = worldOf({
		items: [itemWithFiles],
		tokenOperations: [],
		secrets: magaluSecrets,
		connect: ({ simulator }) => {
			simulator.magalu.state.settings.completeAfterMs = 0;
			return connected(simulator);
		},
	});
	beforeEach(() => {
		jest.replaceProperty(following, 'firstMs', 10);
		jest.replaceProperty(following, 'longestMs', 200);
		jest.replaceProperty(lookingFor, 'waitsMs', [10, 50, 100]);
		jest.replaceProperty(looking, 'waitsMs', [10, 50, 100]);
	});
	afterEach(() => {
		jest.restoreAllMocks();
		expect(world.simulator.magalu.state.doublePuts).toEqual([]);
	});
	return Object.assign(world, {
		connect(wishes?: TokenWishes) {
			world.node = connected(world.simulator, wishes);
		},
	});
}

/** The node with the credential of a store that nobody connected before. */
function connected(simulator: Simulator, wishes?: TokenWishes): NodeUnderTest {
	const node = magaluTicketMessage(simulator, wishes);
	const { clients, accessTokens, refreshTokens } = simulator.magalu.state;
	const clientId = `store-${++stores}`;
	node.credentials.magaluOAuth2Api!.clientId = clientId;
	clients[0]!.id = clientId;
	for (const grants of [accessTokens, refreshTokens]) {
		for (const grant of grants.values()) grant.clientId = clientId;
	}
	return node;
}

/** Of every client, and every token that was given out. */
export function magaluSecrets({ magalu }: Simulator): string[] {
	const { clients, accessTokens, refreshTokens } = magalu.state;
	return [...clients.map(({ secret }) => secret), ...accessTokens.keys(), ...refreshTokens.keys()];
}
