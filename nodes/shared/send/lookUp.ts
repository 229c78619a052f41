import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { MarketplaceError } from '../outcome';
import { wait } from '../sleep';
import { twinsOf, type Twins } from './twins';

/** A message that got no answer, or none that can be read, is looked for at the marketplace. */

/** How the marketplace can be asked for a message. Reads, and never sends. */
export interface LookUp<Prepared = unknown> {
	/** Where is looked, as a sentence ends: `eBay's folder of sent messages`. */
	where: string;
	/**
	 * What a message has to have in common with it to be taken for it; left out where the marketplace tells
	 * every message from every other.
	 */
	likeness?: readonly string[];
	/**
	 * Whether it can find out that a message which an earlier execution began surely never left. Then this one
	 * leaves soon after its beginning, or not at all.
	 */
	tellsAbsence?: true;
	/** Looks once. @throws what keeps it from being seen */
	look(about: LookAt<Prepared>): Promise<Seen>;
}

export interface LookAt<Prepared = unknown> {
	/** When it began to leave, in milliseconds since 1970 by this machine's clock. */
	since: number;
	/** The look should not take longer (milliseconds). */
	leftMs: number;
	/** What was prepared for it; nothing where an earlier execution did so. */
	prepared?: Prepared;
	/** There where an earlier execution began it, and it may never have left. */
	earlier?: Earlier;
}

export interface Earlier {
	/** It left before, or never, in milliseconds since 1970 by this machine's clock. */
	until: number;
	/** A fingerprint of what makes it this message. */
	key: string;
}

export type Seen =
	/** It is there: where, and what the output says of it. */
	| { end: 'sent'; foundBy: string; facts?: IDataObject }
	/** The marketplace's own last word is that the buyer will not get it. */
	| { end: 'notSent'; error: MarketplaceError }
	/**
	 * It is not to be seen. `evidence`: what speaks for or against it, in whole sentences. `isAbsent`: all that
	 * left between the two times was seen, and nothing of it can be this one.
	 */
	| { end: 'open'; evidence?: string; isLast?: boolean; isAbsent?: boolean };

/** From the lost answer on (milliseconds): what was sent may show late. */
export const looking = { waitsMs: [1_000, 3_000, 7_000, 12_000], withinMs: 30_000 };

/** A message on its way, as far as others can be taken for it. */
export interface Leaving {
	/** @returns what is known of a message whose answer was lost. @throws the error, with what was looked at */
	lookFor<Prepared>(
		context: IExecuteFunctions,
		lookUp: LookUp<Prepared>,
		lost: MarketplaceError,
		prepared: Prepared,
	): Promise<IDataObject>;
	/** It is over. @param nothingSent the buyer surely got nothing */
	over(nothingSent: boolean): void;
}

/** Has to be called before the message leaves. */
export function leavingWith(lookUp: LookUp<never> | undefined): Leaving {
	const since = Date.now();
	const twins = twinsOf(lookUp?.likeness);
	return {
		async lookFor(context, how, lost, prepared) {
			const until = Date.now() + looking.withinMs;
			const signal = context.getExecutionCancelSignal?.();
			const looks = new Looks(how.where, twins);
			try {
				for (const pause of looking.waitsMs) {
					if (!twins.areNone() || Date.now() + pause > until) break;
					await wait(pause, signal);
					const leftMs = until - Date.now();
					const seen = await looks.look(async () => await how.look({ since, leftMs, prepared }));
					if (signal?.aborted || seen?.end === 'notSent') break;
					if (seen?.end === 'sent') {
						// Another one like it may have left while this one was looked for.
						if (twins.areNone()) return { ...seen.facts, foundBy: seen.foundBy };
						break;
					}
					if (seen?.isLast || looks.isVain()) break;
				}
			} catch {
				// The execution was stopped.
			}
			throw looks.errorOf(lost);
		},
		over: (nothingSent) => twins.over(nothingSent),
	};
}

/** What the looks for one message saw. */
class Looks {
	private last: Seen | undefined;

	private failure: unknown;

	private at = 0;

	constructor(
		private readonly where: string,
		private readonly twins: Twins,
	) {}

	/** @returns nothing where it could not be seen */
	async look(once: () => Promise<Seen>): Promise<Seen | undefined> {
		try {
			this.last = await once();
			this.at = Date.now();
			return this.last;
		} catch (error) {
			this.failure = error;
			return undefined;
		}
	}

	/** Looking again would fail again. */
	isVain(): boolean {
		return this.failure instanceof MarketplaceError && !this.failure.details.retryable;
	}

	/** The error of the lost answer, or the marketplace's last word. */
	errorOf(lost: MarketplaceError): MarketplaceError {
		if (this.last?.end === 'notSent') return this.last.error;
		const { details, message, waitMs } = lost;
		const description = [details.description, this.words()].filter(Boolean).join(' ');
		return new MarketplaceError(message, { ...details, description }, waitMs);
	}

	private words(): string {
		if (!this.twins.areNone()) {
			return 'It was not looked for any further: another message like it left within the same minute, and nobody could tell which of the two is there.';
		}
		if (this.last?.end === 'open') {
			const at = new Date(this.at).toISOString().replace(/\.\d+Z$/, 'Z');
			return this.last.evidence ?? `It was not in ${this.where} at ${at}; it may show there later.`;
		}
		if (this.failure === undefined) return '';
		return notSeen(this.where, this.failure);
	}
}

/** @param error why it could not be seen; the marketplace's own words may end with a full stop */
export function notSeen(where: string, error: unknown): string {
	const reason = error instanceof Error ? `: ${error.message.replace(/\.$/, '')}` : '';
	return `Nobody could see whether it is in ${where}${reason}.`;
}
