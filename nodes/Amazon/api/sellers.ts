import { refusedError } from '../../shared/http/errors';
import { jsonOf } from '../../shared/http/response';
import { recordOf, recordsOf, textOf } from '../../shared/values';
import type { Connection } from './connection';
import { amazonApi } from './errors';
import { participationsPlan } from './limits';

/** A marketplace, and whether the seller sells there. */
export interface Participation {
	marketplaceId: string;
	participates: boolean;
	/** Some of the listings there are suspended. */
	suspended: boolean;
}

/**
 * The marketplaces that the refresh token is good for (Sellers API, getMarketplaceParticipations).
 *
 * @throws MarketplaceError, also where the app has no role for it: in North America and Europe Buyer
 * Communication is not one
 * @see https://developer-docs.amazon.com/sp-api/docs/sellers-api
 */
export async function participations(connection: Connection): Promise<Participation[]> {
	const path = '/sellers/v1/marketplaceParticipations';
	const answer = await connection.call('poll', 'GET', path, {}, participationsPlan);
	const { payload } = recordOf(jsonOf(answer));
	if (!Array.isArray(payload)) throw refusedError(amazonApi, 'poll', answer, 'unreadable', 0);
	return recordsOf(payload).flatMap(({ marketplace, participation }) => {
		const marketplaceId = textOf(recordOf(marketplace).id);
		const { isParticipating, hasSuspendedListings } = recordOf(participation);
		return marketplaceId === undefined
			? []
			: {
					marketplaceId,
					participates: isParticipating !== false,
					suspended: hasSuspendedListings === true,
				};
	});
}
