/** Amazon in the simulator: Login with Amazon, the Selling Partner API, and the S3 bucket for uploads. */
import type { Context, Marketplace } from '../service.mts';
import { lwaService } from './lwa.mts';
import { messagingRoutes } from './messaging.mts';
import { orderRoutes } from './orders.mts';
import { s3Service } from './s3.mts';
import { sellerRoutes } from './sellers.mts';
import { solicitationRoutes } from './solicitations.mts';
import { spApiService } from './spApi.mts';
import { amazonState, type AmazonOrder, type AmazonState } from './state.mts';
import { uploadRoutes } from './uploads.mts';

export interface AmazonServices extends Marketplace {
	/** What Amazon knows; tests read and change it. */
	state: AmazonState;
}

export function amazonServices(context: Context): AmazonServices {
	const state = amazonState(context.clock);
	const routes = [
		...messagingRoutes(state, context),
		...uploadRoutes(state, context),
		...solicitationRoutes(state, context),
		...sellerRoutes,
		...orderRoutes(state, context),
	];
	return {
		services: [
			lwaService(state, context.clock),
			spApiService(routes, state, context.clock),
			s3Service(state, context),
		],
		state,
		reset: () => state.reset(),
		addOrders: (orders) => state.addOrders(orders as AmazonOrder[]),
	};
}
