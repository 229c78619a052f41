import { Throttled } from '../outcome';
import type { Scan } from './cursor';
import type { Feed, Sighting } from './feed';
import { entryOf, unlessRefused, type Reading } from './refusedEntries';
import type { SeenKeys } from './seenKeys';

/** What a poll looks at entries with. */
export interface Looking {
	seen: SeenKeys;
	/** What is older is no longer remembered, so it counts as seen. */
	knownFrom: number;
	/** What became of the entries that were asked for their parts. */
	reading: Reading;
	/** Whether an entry or a part comes too early: it stays unknown, so that a later poll finds it. */
	tooEarly(one: Sighting<unknown>): boolean;
}

/**
 * @param deadline after it no parts are asked for (our own clock)
 * @param again the scan, where the parts of known entries are asked for again
 * @returns what was not seen before, and whether limit and time allowed to look at all of it
 */
export async function newAmong<T>(
	feed: Feed<T>,
	sightings: Array<Sighting<T>>,
	{ seen, knownFrom, reading, tooEarly }: Looking,
	deadline: number,
	again: Scan | null,
): Promise<{ fresh: Array<Sighting<T>>; whole: boolean }> {
	const fresh: Array<Sighting<T>> = [];
	const done = again ? sightings.findIndex(({ keys }) => keys[0] === again.done) : -1;
	for (const one of sightings.slice(done + 1)) {
		if (tooEarly(one)) continue;
		let isRead = true;
		if (!isKnown(one, seen) || again) {
			if (feed.partsOf && Date.now() > deadline) return { fresh, whole: false };
			const parts = await unlessThrottled(async () => await partsOf(feed, one, reading));
			if (parts === 'later') return { fresh, whole: false };
			isRead = parts !== undefined;
			for (const part of parts ?? []) {
				if (tooEarly(part)) continue;
				if (!isKnown(part, seen) && part.since >= knownFrom) fresh.push(part);
				remember(part, seen);
			}
		}
		// What is refused is asked for again.
		if (isRead) remember(one, seen);
		if (again) again.done = one.keys[0];
	}
	return { fresh, whole: true };
}

/** @returns nothing where the marketplace refuses to show them */
async function partsOf<T>(
	{ partsOf: read, nameOf, kindOf }: Feed<T>,
	one: Sighting<T>,
	reading: Reading,
): Promise<Array<Sighting<T>> | undefined> {
	if (!read) return [one];
	const key = one.keys[0]!;
	const name = nameOf ? nameOf(one.value) : key;
	const entry = entryOf(name, { key, kind: kindOf?.(one.value) });
	return await unlessRefused(reading, entry, async () => await read(one.value));
}

function isKnown<T>({ keys, alias }: Sighting<T>, seen: SeenKeys): boolean {
	return keys.every((key) => seen.has(key)) || (alias !== undefined && seen.has(alias));
}

function remember<T>({ keys, alias, since }: Sighting<T>, seen: SeenKeys): void {
	for (const key of keys) seen.add(key, since);
	if (alias !== undefined) seen.add(alias, since);
}

/** @returns `later` where the limit is used up */
export async function unlessThrottled<R>(ask: () => Promise<R>): Promise<R | 'later'> {
	return await ask().catch((error: unknown) => {
		if (error instanceof Throttled) return 'later';
		throw error;
	});
}
