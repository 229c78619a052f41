import type { Plan } from '../rateplan.mts';

/**
 * Documented usage plans (requests a second, burst) by the simulator's operation names. Every send and
 * every account has a bucket of its own.
 * Source: the models' descriptions and developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
 */
export const documentedPlans: Record<string, Plan> = {
	'amazon.actions': { rate: 1, burst: 5 },
	'amazon.attributes': { rate: 1, burst: 5 },
	'amazon.send': { rate: 1, burst: 5 },
	'amazon.createUpload': { rate: 10, burst: 10 },
	'amazon.solicitationActions': { rate: 1, burst: 5 },
	'amazon.solicit': { rate: 1, burst: 5 },
	'amazon.participations': { rate: 0.016, burst: 15 },
	'amazon.searchOrders': { rate: 0.0056, burst: 20 },
	'amazon.getOrder': { rate: 0.5, burst: 30 },
};
