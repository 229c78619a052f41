import type { Context } from '../service.mts';
import type { TradingError } from './errors.mts';
import type { EbayState } from './state.mts';
import type { Element } from './xml.mts';

/** What a call works with once the gateway let it through. */
export interface Job {
	state: EbayState;
	context: Context;
	request: Element;
	seller: string;
	now: number;
}

/** What a call came to: elements of its answer, or why it failed. */
export type Outcome = { payload: string[] } | { errors: TradingError[] };
