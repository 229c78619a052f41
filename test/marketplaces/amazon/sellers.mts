import { amazonMarketplaces } from './marketplaces.mts';
import type { Route } from './spApi.mts';

/** Sellers API v1: where the seller may sell. Source: models/sellers-api-model */
export const sellerRoutes: Route[] = [
	{
		operation: 'amazon.participations',
		method: 'GET',
		path: /^\/sellers\/v1\/marketplaceParticipations$/,
		answer: ({ seller }) => ({
			status: 200,
			body: {
				payload: amazonMarketplaces
					.filter(({ id }) => seller.marketplaceIds.includes(id))
					.map((marketplace) => ({
						marketplace,
						participation: { isParticipating: true, hasSuspendedListings: false },
						storeName: 'Demo store',
					})),
			},
		}),
	},
];
