import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileOf, type NodeUnderTest } from './engine.mts';
import { worldOf, type World } from './world.mts';
import { AmazonSellingPartnerApi } from '../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonMessaging } from '../../nodes/Amazon/AmazonMessaging.node.ts';
import type { Simulator } from '../marketplaces/simulator.mts';

export { attached } from './world.mts';

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

export const pdf = fileOf('%PDF-1.4 two years of warranty', 'warranty.pdf', 'application/pdf');

/** An item with one PDF in the field `data`. */
export const itemWithPdf: INodeExecutionData = { json: {}, binary: { data: pdf } };

export interface AmazonWorld extends World {
	/** No limit is in the way. */
	withoutLimits(): void;
	/** `howMany` orders for which every message is allowed. */
	addOrders(howMany: number): string[];
}

let sellers = 0;

/** Each test has a seller of its own, so that neither limits nor tokens of one test are remembered in the next. */
export function amazonWorld(): AmazonWorld {
	const world = worldOf({
		items: [itemWithPdf],
		tokenOperations: ['lwa.token'],
		secrets: amazonSecrets,
		connect({ simulator }) {
			simulator.amazon.state.sellers[0].refreshToken = `Atzr|secret-of-seller-${++sellers}`;
			return amazonMessaging(simulator);
		},
	});
	return Object.assign(world, {
		withoutLimits: () => world.simulator.amazon.state.plans.set('*', { rate: 1000, burst: 1000 }),
		addOrders(howMany: number) {
			const { state } = world.simulator.amazon;
			const model = state.orders.find(({ orderId }) => orderId === ORDER)!;
			const ids = Array.from(
				{ length: howMany },
				(_, i) => `112-0000000-${String(i).padStart(7, '0')}`,
			);
			state.addOrders(ids.map((orderId) => ({ ...model, orderId })));
			return ids;
		},
	});
}

/** Of every client and seller, and every token that was given out. */
export function amazonSecrets({ amazon }: Simulator): string[] {
	const { clients, sellers: all, tokens } = amazon.state;
	return [
		...clients.map(({ clientSecret }) => clientSecret),
		...all.map(({ refreshToken }) => refreshToken),
		...tokens.keys(),
	];
}
