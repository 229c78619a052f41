import type { IDataObject } from 'n8n-workflow';

import type { MarketplaceName } from '../outcome';
import type { SimpleFields } from '../run/simplify';

/** One thing in a list, as a trigger looks at it. */
export interface Sighting<T> {
	/** What it is known by: handed over once all of these were, in whatever company. */
	keys: string[];
	/** Another name, which may change: where this one is known it is not new either. */
	alias?: string;
	/** The moment that it is remembered by: what is older than all that is remembered is not new; 0: not told. */
	since: number;
	/** When it happened: nothing from before the trigger was switched on is handed over; 0: not told. */
	at: number;
	/** When it was told at the latest, where `at` may have been dated back. */
	toldAt?: number;
	value: T;
}

/** A stretch of a list. Times are milliseconds since 1970, by the marketplace's own clock. */
export interface Stretch {
	from: number;
	/** Left out: as far as the list goes. */
	to?: number;
	/** Of the page before; from then on `from` and `to` are the same. */
	next?: string;
	/** A look back of a feed whose `lookBackReads` is `others`: by the other time. */
	others?: boolean;
}

export interface Page<T> {
	sightings: Array<Sighting<T>>;
	/** How many entries the list itself had. */
	rows: number;
	/** Tells it from every page of the same stretch that holds anything else; see `markOf`. */
	mark: string;
	/** How to get the next page; nothing after the last one. */
	next?: string;
	/** With the last page: everything up to here has been read (the marketplace's clock). */
	until?: number;
	/** The marketplace's clock is well past `until`: there is more to read now. */
	more?: boolean;
}

/** A marketplace's list, ready to be polled. Times are milliseconds since 1970, by its own clock. */
export interface Feed<T> {
	marketplace: MarketplaceName;
	/** As a seller says it: `Amazon`. */
	title: string;
	/** What it lists: `order`. */
	noun: string;
	/** Where it is changed, everything is forgotten. */
	event: string;
	/** Event and filters: where they are changed, the trigger starts from now. */
	what: string;
	/** How late the marketplace may show something, at the next poll (`least`) and at all (`most`). */
	lateness: { least: number; most: number };
	/** So long before the first activation is read and remembered, and not handed over. */
	lookBack: number;
	/** How long keys are remembered at least, by their `since`; Infinity: as long as there is room. */
	keep: number;
	pageSize: number;
	pagesPerPoll: number;
	/** Entries that change meanwhile shift the pages: a scan of several is read once more. */
	shifts?: boolean;
	/** What looking back costs of the marketplace's limit, as time: a page, and with `partsOf` an entry. */
	cost: { page: number; entry?: number };
	/** Whether the limit has room for a page that only looks back. */
	maySpare?(): boolean;
	/** Whether a scan would come too soon, so long after the one before (milliseconds). */
	tooSoon?(after: number): boolean;
	/** Where the marketplace's clock stands. */
	now(): Promise<number>;
	page(stretch: Stretch): Promise<Page<T>>;
	/** Where one thing stands for several, such as a ticket for its messages: these. */
	partsOf?(value: T): Promise<Array<Sighting<T>>>;
	/** What a person finds such a thing by: `conversation 123`; nothing where its parts are there without asking. */
	nameOf?(value: T): string | undefined;
	/** Where the parts of some kinds can be read and those of others not: its kind. */
	kindOf?(value: T): string;
	/**
	 * What looking back reads that the scan does not: the `parts` of known entries again, or the list by
	 * another time, so that entries come which the scan never lists (`others`).
	 */
	lookBackReads?: 'parts' | 'others';
	/** The newest real one, for a test in the editor. */
	newest(): Promise<T | undefined>;
	itemsOf(value: T): IDataObject[];
	/** What the option 'Simplify' leaves of an item. */
	simple: SimpleFields;
}
