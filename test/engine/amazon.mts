import type { INodeParameters } from 'n8n-workflow';

import { AmazonSellingPartnerApi } from '../../credentials/AmazonSellingPartnerApi.credentials.ts';
import { AmazonMessaging } from '../../nodes/Amazon/AmazonMessaging.node.ts';
import type { Simulator } from '../marketplaces/simulator.mts';
import type { NodeUnderTest } from './engine.mts';

/** The Amazon node, connected to the simulator. */
export function amazonMessaging(simulator: Simulator): NodeUnderTest {
	return {
		node: new AmazonMessaging(),
		credentialTypes: [new AmazonSellingPartnerApi()],
		credentials: { amazonSellingPartnerApi: amazonCredential(simulator) },
	};
}

export function amazonCredential({ origin }: Simulator) {
	return {
		environment: 'custom',
		region: 'na',
		clientId: 'amzn1.application-oa2-client.demo',
		clientSecret: 'amzn1.oa2-cs.v1.demo',
		refreshToken: 'Atzr|demo',
		apiUrl: `${origin}/amazon`,
		tokenUrl: `${origin}/lwa/auth/o2/token`,
	};
}

export const US = 'ATVPDKIKX0DER';

/** A form filled in for one order. */
export function messageForm(orderId: string, messageType: string, more: INodeParameters = {}): INodeParameters {
	return { resource: 'message', operation: 'send', marketplaceId: US, orderId, messageType, ...more };
}
