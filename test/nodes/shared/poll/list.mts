/** A list that tests fill, in a trigger that polls it: a marketplace's feed without a marketplace. */
import type { INodeType, IPollFunctions } from 'n8n-workflow';

import { MarketplaceError } from '../../../../nodes/shared/outcome.ts';
import type { Feed, Page, Stretch } from '../../../../nodes/shared/poll/feed.ts';
import { markOf } from '../../../../nodes/shared/poll/identity.ts';
import { pollFeed } from '../../../../nodes/shared/poll/poll.ts';
import { pollerOf, type Poller } from '../../../engine/poller.mts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export let now = Date.parse('2026-11-20T12:00:00Z');
beforeAll(() => {
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterAll(() => jest.restoreAllMocks());

export interface Thing {
	id: string;
	at: number;
	since?: number;
	toldAt?: number;
}

/** A list that tests fill, and what was asked of it. */
export interface List {
	things: Thing[];
	asked: Stretch[];
	fail?: Error;
	feed: Feed<Thing>;
}

/** Ten things are a page. */
export function listOf(more: Partial<Feed<Thing>> = {}): List {
	const list: List = {
		things: [],
		asked: [],
		feed: {
			marketplace: 'amazon',
			title: 'Acme',
			noun: 'thing',
			event: 'new',
			what: 'new',
			lateness: { least: 10 * MINUTE, most: 6 * HOUR },
			lookBack: 10 * MINUTE,
			keep: 0,
			pageSize: 10,
			pagesPerPoll: 3,
			cost: { page: 0 },
			now: async () => now,
			newest: async () => list.things.at(-1),
			itemsOf: ({ id }) => [{ id, of: { list: 'Acme' } }],
			simple: { id: true },
			async page({ from, to = now, next }): Promise<Page<Thing>> {
				list.asked.push({ from, to, next });
				if (list.fail) throw list.fail;
				const offset = Number(next ?? 0);
				const found = list.things.filter(({ at }) => at >= from && at <= to);
				const sightings = found.slice(offset, offset + 10).map((value) => ({
					keys: [value.id],
					since: value.since ?? value.at,
					at: value.at,
					toldAt: value.toldAt,
					value,
				}));
				const rest = found.length > offset + 10;
				return {
					sightings,
					rows: sightings.length,
					mark: markOf(found.slice(offset, offset + 10)),
					next: rest ? `${offset + 10}` : undefined,
					until: now,
				};
			},
			...more,
		},
	};
	return list;
}

/** @param more what the trigger finds in n8n in place of what is there */
export function polling(list: List, more: object = {}): Poller {
	const node = {
		description: { version: 1, defaults: {}, inputs: [], outputs: ['main'], properties: [] },
		async poll(this: IPollFunctions) {
			const own = Object.getOwnPropertyDescriptors(more);
			const context = Object.create(this, own) as IPollFunctions;
			return await pollFeed(context, async () => list.feed, 'amazon');
		},
	} as unknown as INodeType;
	return pollerOf({ node, credentialTypes: [], credentials: {} }, {});
}

/** So many milliseconds pass. */
export const later = (ms: number) => {
	now += ms;
};

export async function idsOf(poller: Poller): Promise<unknown[]> {
	later(5 * MINUTE);
	return ((await poller.poll()) ?? []).map(({ json }) => json.id);
}

export const refusal = (httpStatus: number, Kind = MarketplaceError) =>
	new Kind('No', {
		outcome: 'notSent',
		// As a marketplace that fails says it.
		retryable: httpStatus >= 500,
		httpStatus,
		marketplace: 'amazon',
		description: 'Ask again.',
	});

export async function begun(list: List, more?: object): Promise<Poller> {
	const poller = polling(list, more);
	expect(await poller.poll()).toBeNull();
	later(1);
	return poller;
}
