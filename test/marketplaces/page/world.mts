import type { AmazonServices } from '../amazon/index.mts';
import type { Ebay } from '../ebay/index.mts';
import type { Magalu } from '../magalu/index.mts';
import type { Call, Clock, Fault, Received } from '../service.mts';

/** What the page shows and its buttons change. */
export interface World {
	received: Received[];
	/** In the order of arrival. */
	calls: Call[];
	faults: Fault[];
	clock: Clock;
	amazon: AmazonServices;
	ebay: Ebay;
	magalu: Magalu;
	/** The request that a message came with, where it was delivered while that was answered. */
	requestOf(message: Received): Call | undefined;
	/** The address of n8n's editor, where one runs beside the simulator. */
	n8n?: string;
}

export type MarketplaceName = Received['marketplace'];

export const titles: Record<MarketplaceName, string> = {
	amazon: 'Amazon',
	ebay: 'eBay',
	magalu: 'Magalu',
};
