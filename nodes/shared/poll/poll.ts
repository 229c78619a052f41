import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import {
	failureOf,
	LoginError,
	MarketplaceError,
	nodeErrorOf,
	Refusal,
	Throttled,
	type MarketplaceName,
} from '../outcome';
import { simplified } from '../run/simplify';
import { isRecord } from '../values';
import {
	beginPast,
	beginScan,
	finishPast,
	finishScan,
	oldestAsked,
	restarted,
	startOf,
	switchedOn,
	withTime,
	type Scan,
	type PollState,
} from './cursor';
import type { Feed, Page, Sighting } from './feed';
import { newAmong, unlessThrottled } from './newAmong';
import { newReading, passOver } from './refusedEntries';
import { SeenKeys } from './seenKeys';

/**
 * What every trigger does: read a marketplace's list from a little before the place reached last time,
 * and hand over what was not seen before.
 *
 * - The place reached (the cursor) is in the marketplace's own time, and moves only after the last page.
 * - What was handed over is remembered, so that reading a stretch again is harmless. How often that
 *   happens is left to n8n: it may save the state after each poll or only after those that found
 *   something, and may hand over the same object each time or a copy of what it saved.
 * - The scan for what is new goes first. Then, as far as the marketplace's limit leaves room, a look
 *   back meets what was shown late.
 * - When the trigger is switched on, that moment is noted in the static data of the workflow, which is
 *   saved by every scheduler of n8n. The poll that succeeds first after it takes it into account: it
 *   sets the beginning of a new trigger, and has the last day of a known one read again.
 * - Nothing is changed before a poll succeeded, so a failed one is simply done again.
 * - An entry whose parts are refused while those of others are read is passed over (`refusedEntries.ts`).
 */

/** The share of n8n's time for a poll after which no further page is begun. */
const BUDGET_SHARE = 0.5;
const BUDGET_MS = 5 * 60_000;
/** So long the parts of entries hold up whoever switches a trigger on, and a poll that only looks back with them. */
const ASIDE_MS = 10_000;
/** So much the clocks of a marketplace may differ. */
const CLOCKS_MS = 60_000;
/** Where in the workflow's static data the switching on of a trigger is noted; what its node is called follows. */
const NOTE = 'marketplaceMessagesSwitchedOn';

/*
 * n8n keeps the object with a node's static data while the workflow stays on, or hands over a new one at
 * each poll. What is not JSON lives as long as the object, and is never saved.
 */
/** On this object the switching on was noted. */
const noted = Symbol('noted');
/** A poll is reading: n8n may begin the next one before it ends. */
const reading = Symbol('reading');

type Kept = IDataObject & Partial<Record<symbol, true>>;

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
	const kept = context.getWorkflowStaticData('node') as Kept;
	if (!manual && kept[reading]) return null;
	if (!manual) kept[reading] = true;
	try {
		const feed = await open();
		const values = manual ? await newestOf(feed) : await newOnes(context, feed, kept);
		const { simplify } = context.getNodeParameter('options', {}) as IDataObject;
		const items = values
			.flatMap((value) => feed.itemsOf(value))
			.map((item) => (simplify === true ? simplified(item, feed.simple) : item));
		return items.length > 0 ? [items.map((json) => ({ json }))] : null;
	} catch (error) {
		if (error instanceof Throttled && !manual) return null;
		throw visibleError(context, error, marketplace);
	} finally {
		if (!manual) delete kept[reading];
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

async function newOnes<T>(context: IPollFunctions, feed: Feed<T>, kept: Kept): Promise<T[]> {
	const { state, switching } = await stateOf(context, feed, kept);
	if (!state.scan && feed.tooSoon?.(Date.now() - state.readAt)) return [];
	// A switching on starts no workflow: what is there is from before, and what comes meanwhile waits.
	const onlyLook = switching && state.readAt === 0;
	state.readAt = Date.now();
	const seen = new SeenKeys(state.seen);
	const reading = newReading();
	const tooEarly = (one: Sighting<unknown>) => onlyLook && cameMeanwhile(one, state);
	const looking = { seen, knownFrom: state.knownFrom, reading, tooEarly };
	const fresh: Array<Sighting<T>> = [];
	const budget = context.getPollBudgetMs?.() ?? BUDGET_MS;
	const deadline = Date.now() + budget * BUDGET_SHARE;
	let aside = switching ? Date.now() + ASIDE_MS : Infinity;
	const inherited = [state.scan?.next, state.past?.next];
	let kind: 'scan' | 'past' = 'scan';
	const warn = (words: string) => context.logger.warn(`${feed.title}: ${words}`);

	for (let pages = 0; pages < feed.pagesPerPoll && Date.now() <= deadline; pages++) {
		if (kind === 'past' && feed.maySpare?.() === false) break;
		const scan =
			kind === 'scan'
				? (state.scan ??= beginScan(state, feed))
				: (state.past ??= beginPast(state, feed));
		if (!scan) break;
		const others = kind === 'past' && feed.lookBackReads === 'others';
		const page = await pageOf(feed, scan, inherited, others, warn);
		if (page === 'later') break;
		if (page === 'anew') {
			state[kind] = restarted(scan);
			continue;
		}
		const again = kind === 'past' && feed.lookBackReads === 'parts' ? scan : null;
		const until = Math.min(deadline, aside);
		const sightings = page.sightings.map((one) => withTime(one, state, scan));
		const found = await newAmong(feed, sightings, looking, until, again);
		if (!onlyLook) fresh.push(...found.fresh.filter((one) => isAfter(one, state, scan)));
		if (!found.whole) break;
		const isPast = kind === 'past';
		if ((isPast ? finishPast : finishScan)(state, feed, scan, page)) {
			context.logger.warn(`${feed.title}'s list brings the same pages again and again`);
			break;
		}
		if (isPast || state.scan || page.more) continue;
		kind = 'past';
		aside = Math.min(aside, Date.now() + ASIDE_MS);
	}
	const refused = passOver(reading, state.refused, warn);
	state.refused = Object.keys(refused).length > 0 ? refused : undefined;
	if (!state.scan) {
		state.knownFrom = seen.forget(Math.max(state.knownFrom, oldestAsked(state, feed)));
	}
	kept.polling = { ...state, seen: seen.kept() } as unknown as IDataObject;
	return fresh.sort((one, other) => one.at - other.at).map(({ value }) => value);
}

/**
 * Since the trigger was switched on, which marketplaces tell to the second. What is dated further ahead than clocks
 * differ was there before.
 */
function cameMeanwhile({ at }: Sighting<unknown>, { startedAt, switchedOnAt }: PollState): boolean {
	const passed = Date.now() - switchedOnAt;
	return at > startedAt + 1000 && at <= startedAt + passed + CLOCKS_MS;
}

/**
 * What the first scan finds was there when the trigger was switched on, so a tie goes to the past; later
 * it goes to the future, and within the same second where a marketplace tells no smaller part.
 */
function isAfter<T>(
	{ at, toldAt = at }: Sighting<T>,
	{ startedAt }: PollState,
	scan: Scan,
): boolean {
	if (scan.first) return at > startedAt;
	return toldAt >= (toldAt % 1000 === 0 ? startedAt - (startedAt % 1000) : startedAt);
}

/**
 * @param warn told of a place that is given up
 * @returns a page; `later` where the limit is used up; `anew` where the marketplace refuses the place that an
 * earlier poll left: it forgot it, or the list has become shorter. What is refused for another reason is so
 * without a place, too.
 */
async function pageOf<T>(
	feed: Feed<T>,
	{ from, to, next }: Scan,
	inherited: Array<string | undefined>,
	others: boolean,
	warn: (words: string) => void,
): Promise<Page<T> | 'later' | 'anew'> {
	const asked = unlessThrottled(async () => await feed.page({ from, to, next, others }));
	return await asked.catch((error: unknown) => {
		const resumed = next !== undefined && inherited.includes(next);
		if (!resumed || !isRefusal(error)) throw error;
		warn(`the list is begun anew, where it was left it is refused: ${error.message}`);
		return 'anew';
	});
}

/** The marketplace would say no again. */
function isRefusal(error: unknown): error is MarketplaceError {
	if (!(error instanceof MarketplaceError) || error instanceof LoginError) return false;
	return !error.details.retryable;
}

/**
 * @returns a copy of the state of the last poll, or one that begins now; and whether the trigger was
 * switched on by this very poll
 */
async function stateOf<T>(
	context: IPollFunctions,
	feed: Feed<T>,
	kept: Kept,
): Promise<{ state: PollState; switching: boolean }> {
	const { at, switching } = noteSwitchingOn(context, kept);
	const known = copyOf(kept.polling);
	const mine = known?.what === feed.what ? known : undefined;
	const since = known?.switchedOnAt ?? 0;
	if (mine && since >= at) return { state: mine, switching };

	// A poll that the limit or an error stops does not shift the beginning: the time since then counts.
	const passed = at > since ? Math.max(0, Date.now() - at) : 0;
	const now = (await feed.now()) - passed;
	const on = Math.max(at, since);
	return {
		state: mine ? switchedOn(mine, feed, now, on) : startOf(feed, now, on, known),
		switching,
	};
}

/** What an earlier version kept tells neither when it was switched on nor the steps back. */
function copyOf(polling: unknown): PollState | null {
	if (!isRecord(polling)) return null;
	const copy = JSON.parse(JSON.stringify(polling)) as PollState;
	return { ...copy, switchedOnAt: copy.switchedOnAt ?? 0, reached: copy.reached ?? [] };
}

/** @returns when the trigger was switched on last, by our own clock; 0 where nobody noted it */
function noteSwitchingOn(context: IPollFunctions, kept: Kept): { at: number; switching: boolean } {
	const ofWorkflow = context.getWorkflowStaticData('global');
	// n8n keeps the state by the node's name: where that is another, the note of the old one counts no more.
	const { id, name: nodeName } = context.getNode();
	const name = `${NOTE} ${id} ${nodeName}`;
	const switching = context.getActivationMode() === 'activate' && !kept[noted];
	if (switching) {
		kept[noted] = true;
		ofWorkflow[name] = Date.now();
	}
	return { at: Number(ofWorkflow[name] ?? 0), switching };
}

function visibleError(
	context: IPollFunctions,
	error: unknown,
	marketplace: MarketplaceName,
): Error {
	const failure = failureOf(error, marketplace);
	const ours = error instanceof MarketplaceError || error instanceof Refusal;
	const description = ours
		? failure.details.description
		: "Check the node's settings and its credential.";
	const nothingLost = 'Nothing is lost: the next poll goes on from the same place.';
	const isRun = context.getMode() !== 'manual';
	return nodeErrorOf(
		context.getNode(),
		{ ...failure, details: { ...failure.details, description } },
		undefined,
		isRun ? nothingLost : '',
	);
}
