/** What the page's buttons do: what hurts a sender, and what comes to a seller. Each says where to look in n8n. */
import { amazonTrials } from './amazonTrials.mts';
import { ebayTrials } from './ebayTrials.mts';
import { magaluTrials } from './magaluTrials.mts';
import type { MarketplaceName, World } from './world.mts';

export interface Told {
	/** What is the case now. */
	happened: string;
	/** Where n8n shows it. */
	look: string;
}

export interface Field {
	name: string;
	label: string;
	value: string;
	/** A list to choose from: value and what one reads. */
	options?: Array<[string, string]>;
	long?: true;
}

export interface Trial {
	id: string;
	label: string;
	/** Some take what a person fills in. */
	fields?(world: World): Field[];
	/** @throws Error where what was filled in is no good */
	run(world: World, given: Record<string, string>): Told | Promise<Told>;
}

export interface Trials {
	hurts: Trial[];
	comes: Trial[];
	/** What cannot come, and why. */
	note?: string;
}

export const trials: Record<MarketplaceName, Trials> = {
	amazon: amazonTrials,
	ebay: ebayTrials,
	magalu: magaluTrials,
};

/** Texts of `POST /control/try`: `{ marketplace, trial }` and the fields. @throws Error with words for the page */
export async function tryOut(body: Record<string, unknown>, world: World): Promise<Told> {
	const ofMarketplace = Object.entries(trials).find(([name]) => name === body.marketplace)?.[1];
	const { hurts, comes } = ofMarketplace ?? { hurts: [], comes: [] };
	const trial = [...hurts, ...comes].find(({ id }) => id === body.trial);
	if (!trial) throw new Error('There is no such button.');
	const texts = Object.entries(body).filter(([, value]) => typeof value === 'string');
	return await trial.run(world, Object.fromEntries(texts) as Record<string, string>);
}
