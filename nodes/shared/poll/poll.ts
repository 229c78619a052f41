import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import {
	failureOf,
	MarketplaceError,
	nodeErrorOf,
	Refusal,
	Throttled,
	type MarketplaceName,
} from '../outcome';
import { begin, finish, oldestFrom, startOf, type Scan, type PollState } from './cursor';
import { SeenKeys } from './seenKeys';

/**
 * What every trigger does: read a marketplace's list from a little before the place reached last time,
 * and hand over what was not seen before.
 *
 * - The place reached (`cursor`) is in the marketplace's own time, and moves only after the last page.
 * - The overlap catches what the marketplace shows late: up to `overlap.least` at the next poll, up to
 *   `overlap.most` within an hour or two (at once where so much fits on one page).
 * - n8n saves the state on activation and on every emit only, so after a restart a stretch is read
 *   again: what was handed over is remembered, which makes that harmless.
 * - Nothing is changed before a poll succeeded, so a failed one is simply done again.
 */

/** One thing in a list, as a trigger looks at it. */
export interface Sighting<T> {
	/** Handed over once: an order's id, or its id and when it was changed. */
	key: string;
	/** A time of this key that never changes: what is older than all that is remembered is not new. */
	since: number;
	/** When it happened: nothing from before the activation is handed over. */
	at: number;
	value: T;
}

export interface Page<T> {
	sightings: Array<Sighting<T>>;
	/** How many entries the list itself had. */
	rows: number;
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
	overlap: { least: number; most: number };
	/** So long before the activation is read and remembered, and not handed over. */
	lookBack: number;
	/** How long keys are remembered at least, by their `since`; Infinity: as long as there is room. */
	keep: number;
	pageSize: number;
	pagesPerPoll: number;
	/** Entries that change meanwhile shift the pages: a scan of several is read once more. */
	shifts?: boolean;
	/** What a page costs of the marketplace's limit, as time. */
	pageCost: number;
	/** Whether so many pages more would not be missed later. */
	hasSpare?(pages: number): boolean;
	/** Whether a scan would come too soon, so long after the one before (milliseconds). */
	tooSoon?(after: number): boolean;
	/** Where the marketplace's clock stands. */
	now(): Promise<number>;
	/** @param next of the page before; from then on `from` is the same */
	page(from: number, next?: string): Promise<Page<T>>;
	/** Where one thing stands for several, such as a ticket for its messages: these. */
	partsOf?(value: T): Promise<Array<Sighting<T>>>;
	/** The newest real one, for a test in the editor. */
	newest(): Promise<T | undefined>;
	itemsOf(value: T): IDataObject[];
}

/** Polls of a node may overlap: while one is reading, the next has nothing to do. */
const reading = new WeakSet<object>();
/** The states that this process has polled since the workflow was loaded. */
const loaded = new WeakSet<object>();

/** A workflow that was off for longer than this starts from now when it is switched on again. */
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;
/** The share of n8n's time for a poll after which no further page is begun. */
const BUDGET_SHARE = 0.5;
const BUDGET_MS = 5 * 60_000;

/**
 * One poll.
 *
 * @returns the items, or null where nothing is new or the marketplace's limit is used up
 * @throws NodeApiError where the marketplace refuses or does not answer; nothing is lost by it
 */
export async function pollFeed<T>(
	context: IPollFunctions,
	open: () => Promise<Feed<T>>,
	marketplace: MarketplaceName,
): Promise<INodeExecutionData[][] | null> {
	const manual = context.getMode() === 'manual';
	const kept = context.getWorkflowStaticData('node');
	if (!manual && reading.has(kept)) return null;
	if (!manual) reading.add(kept);
	try {
		const feed = await open();
		const values = manual ? await newestOf(feed) : await newOnes(context, feed, kept);
		const items = values.flatMap((value) => feed.itemsOf(value));
		return items.length > 0 ? [items.map((json) => ({ json }))] : null;
	} catch (error) {
		if (error instanceof Throttled && !manual) return null;
		throw visible(context, error, marketplace);
	} finally {
		if (!manual) reading.delete(kept);
	}
}

async function newestOf<T>(feed: Feed<T>): Promise<T[]> {
	const newest = await feed.newest();
	if (newest === undefined) {
		throw new Refusal(
			`${feed.title} has no ${feed.noun} that fits`,
			`Take filters away, or test again once there is one. When the workflow is active, every new one starts it.`,
		);
	}
	return [newest];
}

async function newOnes<T>(caller: IPollFunctions, feed: Feed<T>, kept: IDataObject): Promise<T[]> {
	// A copy: what n8n keeps is changed only once all went well.
	const state = JSON.parse(JSON.stringify(await stateOf(caller, feed, kept))) as PollState;
	if (!state.scan && feed.tooSoon?.(Date.now() - state.readAt)) return [];
	const activating = state.readAt === 0;
	state.readAt = Date.now();
	const seen = new SeenKeys(state.seen);
	const fresh: Array<Sighting<T>> = [];
	const budget = caller.getPollBudgetMs?.() ?? BUDGET_MS;
	const deadline = Date.now() + budget * BUDGET_SHARE;

	for (let pages = 0; pages < feed.pagesPerPoll && Date.now() <= deadline; pages++) {
		const resumed = pages === 0 && state.scan !== undefined;
		const scan = (state.scan ??= begin(state, feed));
		const page = await pageOf(feed, scan, resumed);
		if (page === 'anew') {
			delete state.scan;
			continue;
		}
		if (page === 'later') break;
		const found = await newAmong(feed, page.sightings, seen, state);
		// What is there when the trigger is switched on is from before, whatever its date says.
		if (!activating) fresh.push(...found.fresh.filter(({ at }) => isAfter(at, state, scan)));
		if (!found.whole) break;
		finish(state, feed, scan, page);
		if (!state.scan) {
			const old = Math.min(oldestFrom(state, feed), state.cursor - feed.keep);
			state.knownFrom = seen.forget(Math.max(state.knownFrom, old));
			if (!page.more) break;
		}
	}
	kept.polling = { ...state, seen: seen.kept() } as unknown as IDataObject;
	return fresh.sort((one, other) => one.at - other.at).map(({ value }) => value);
}

/** @returns what was not seen before, and whether the limit allowed to look at all of it */
async function newAmong<T>(
	feed: Feed<T>,
	sightings: Array<Sighting<T>>,
	seen: SeenKeys,
	{ knownFrom }: PollState,
): Promise<{ fresh: Array<Sighting<T>>; whole: boolean }> {
	const fresh: Array<Sighting<T>> = [];
	for (const one of sightings) {
		if (seen.has(one.key, one.since)) continue;
		const parts = await unlessThrottled(async () => (await feed.partsOf?.(one.value)) ?? [one]);
		if (parts === 'later') return { fresh, whole: false };
		fresh.push(
			...parts.filter((part) => seen.add(part.key, part.since) && part.since >= knownFrom),
		);
		seen.add(one.key, one.since);
	}
	return { fresh, whole: true };
}

async function unlessThrottled<R>(ask: () => Promise<R>): Promise<R | 'later'> {
	return await ask().catch((error: unknown) => {
		if (error instanceof Throttled) return 'later';
		throw error;
	});
}

/**
 * What the first scan finds was there when the trigger was switched on, so a tie goes to the past; later
 * it goes to the future, and within the same second where a marketplace tells no smaller part.
 */
function isAfter(at: number, { startedAt }: PollState, { first }: Scan): boolean {
	if (first) return at > startedAt;
	return at >= (at % 1000 === 0 ? startedAt - (startedAt % 1000) : startedAt);
}

/** @returns a page; `later` where the limit is used up; `anew` where the marketplace forgot our place */
async function pageOf<T>(
	feed: Feed<T>,
	scan: Scan,
	resumed: boolean,
): Promise<Page<T> | 'later' | 'anew'> {
	const asked = unlessThrottled(async () => await feed.page(scan.from, scan.next));
	return await asked.catch((error: unknown) => {
		const status = error instanceof MarketplaceError ? (error.details.httpStatus ?? 0) : 0;
		if (resumed && scan.next !== undefined && (status === 400 || status === 422)) return 'anew';
		throw error;
	});
}

/** The state of the last poll, or a new one that begins now. */
async function stateOf<T>(
	caller: IPollFunctions,
	feed: Feed<T>,
	kept: IDataObject,
): Promise<PollState> {
	const known = kept.polling as unknown as PollState | undefined;
	const mine = known?.what === feed.what ? known : undefined;
	const switchedOn = !loaded.has(kept) && caller.getActivationMode() === 'activate';
	if (mine && !switchedOn) return mine;

	// A first poll that the limit stops does not shift the beginning: the time until the next one counts.
	const askedAt = Number((kept.askedAt ??= Date.now()));
	const now = (await feed.now()) - Math.max(0, Date.now() - askedAt);
	delete kept.askedAt;
	loaded.add(kept);
	return mine && now - mine.cursor <= LONGEST_PAUSE_MS ? mine : startOf(feed, now, known);
}

function visible(caller: IPollFunctions, error: unknown, marketplace: MarketplaceName): Error {
	const failure = failureOf(error, marketplace);
	const ours = error instanceof MarketplaceError || error instanceof Refusal;
	const description = ours
		? failure.details.description
		: "Check the node's settings and its credential.";
	const nothingLost = 'Nothing is lost: the next poll goes on from the same place.';
	const isRun = caller.getMode() !== 'manual';
	return nodeErrorOf(
		caller.getNode(),
		{ ...failure, details: { ...failure.details, description } },
		undefined,
		isRun ? nothingLost : '',
	);
}
