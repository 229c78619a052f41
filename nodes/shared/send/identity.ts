import type { MarketplaceName } from '../outcome';

/** What a message is, for telling the same one from another. */
export interface MessageIdentity {
	marketplace: MarketplaceName;
	/** The order, item and buyer, or ticket that it belongs to: a 'Duplicate Key' counts within them. */
	within: readonly string[];
	/** What could be taken for it, in a seller's words; left out where `within` names one order, question or ticket. */
	anotherOrder?: string;
	/** Everything that makes it this message; a function where that costs something to find out. */
	same: unknown[] | (() => Promise<unknown[]>);
	/** Where a person sees whether it arrived. */
	whereToLook: string;
	/**
	 * Asks the marketplace what became of a message in doubt; left out where none can tell.
	 * @param key a fingerprint of what makes it this message
	 */
	settled?(key: string): Promise<Settled>;
}

/**
 * What became of a message in doubt, as far as the marketplace tells. `attempt` names the one that surely
 * failed, so that everybody who is told the same sends the next one under the same note: only one does.
 */
export type Settled = { end: 'sent' } | { end: 'notSent'; attempt: string } | { end: 'open' };
