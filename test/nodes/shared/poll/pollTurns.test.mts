/** When a poll begins, how far it goes in its time, and what it takes for new. */
import { Throttled } from '../../../../nodes/shared/outcome.ts';
import type { PollState } from '../../../../nodes/shared/poll/cursor.ts';
import { MOST_KEYS } from '../../../../nodes/shared/poll/seenKeys.ts';
import type { Poller } from '../../../engine/poller.mts';
import {
	begun,
	DAY,
	HOUR,
	idsOf,
	later,
	listOf,
	MINUTE,
	now,
	polling,
	refusal,
	type List,
} from './list.mts';

const SECOND = 1000;

const keptOf = (poller: Poller) =>
	(poller.state()['node:Node'] as { polling: unknown }).polling as PollState;

/** Each page takes so long. */
function slow(list: List, ms: number): void {
	const { page } = list.feed;
	list.feed.page = async (stretch) => {
		later(ms);
		return await page(stretch);
	};
}

describe('a trigger that is switched on', () => {
	it('counts from then on, also where its first poll found the limit used up', async () => {
		const list = listOf();
		const { now: clock } = list.feed;
		list.feed.now = () => Promise.reject(refusal(429, Throttled));
		const poller = polling(list);
		expect(await poller.poll()).toBeNull();
		list.things.push({ id: 'before', at: now }, { id: 'a', at: now + 1 });
		list.feed.now = clock;
		expect(await idsOf(poller)).toEqual(['a']);
	});

	it('takes all that is there for old, whatever its date says', async () => {
		const list = listOf();
		list.things.push({ id: 'dated ahead', at: now + HOUR });
		const { page } = list.feed;
		list.feed.page = async ({ from, next }) => await page({ from, to: now + DAY, next });
		const poller = polling(list);
		expect(await poller.poll()).toBeNull();
		list.things.push({ id: 'a', at: now + 1 });
		expect(await idsOf(poller)).toEqual(['a']);
	});

	describe('and meets what comes meanwhile', () => {
		/** A page takes ten seconds, and tells what happened in these. */
		const busy = (list: List) => {
			slow(list, 10 * SECOND);
			const { page } = list.feed;
			list.feed.page = async (stretch) => {
				if (list.things.length === 0) {
					list.things.push({ id: 'before', at: now + SECOND });
					list.things.push({ id: 'meanwhile', at: now + 2 * SECOND });
				}
				return await page(stretch);
			};
		};

		it('starts no workflow yet, and hands it over with the next poll, once', async () => {
			const list = listOf();
			busy(list);
			const poller = polling(list);
			expect(await poller.poll()).toBeNull();
			expect(await idsOf(poller)).toEqual(['meanwhile']);
			expect(await idsOf(poller)).toEqual([]);
		});

		it('hands over the parts of such an entry that are new, and no older ones', async () => {
			const list = listOf();
			busy(list);
			const began = now;
			list.feed.partsOf = async ({ id }) =>
				[began - DAY, began + 2 * SECOND].map((at) => ({
					...{
						keys: [`${id} ${at - began}`],
						since: at,
						at,
						value: { id: `${id} ${at - began}`, at },
					},
				}));
			const poller = polling(list);
			expect(await poller.poll()).toBeNull();
			expect(await idsOf(poller)).toEqual([`meanwhile ${2 * SECOND}`]);
			expect(await idsOf(poller)).toEqual([]);
		});

		it('asks again for what has a new part, whatever its own time', async () => {
			const list = listOf({ lookBackReads: 'parts' });
			list.things.push({ id: 'old', at: now });
			const part = { id: 'part', at: now + 2 * SECOND };
			list.feed.partsOf = async () => {
				if (now < part.at) later(3 * SECOND);
				return [{ keys: ['part'], since: part.at, at: part.at, value: part }];
			};
			const poller = polling(list);
			expect(await poller.poll()).toBeNull();
			const got: unknown[] = [];
			for (let polls = 0; polls < 5; polls++) got.push(...(await idsOf(poller)));
			expect(got).toEqual(['part']);
		});
	});

	it('again hands over what came in the last day while it was off', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		poller.switchOff();
		list.things.push({ id: 'too old', at: now + 1 });
		later(DAY + HOUR);
		list.things.push({ id: 'b', at: now - HOUR });
		expect(await idsOf(poller)).toEqual(['b']);
	});

	it('is not switched on by a start of n8n', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		poller.restart();
		list.things.push({ id: 'while n8n was off', at: now + 1 });
		later(3 * DAY);
		expect(await idsOf(poller)).toEqual(['while n8n was off']);
	});

	it('is noted under a name that other versions know', async () => {
		const poller = await begun(listOf());
		expect(Object.keys(poller.state().global as object)).toEqual([
			expect.stringMatching(/^marketplaceMessagesSwitchedOn \S+ Node$/),
		]);
	});
});

describe('one poll at a time', () => {
	it('reads, also where a test in the editor goes on beside it', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		const { page } = list.feed;
		let goOn = () => {};
		list.feed.page = async (stretch) => {
			await new Promise<void>((resolve) => (goOn = resolve));
			return await page(stretch);
		};
		const first = poller.poll();
		await poller.poll('manual');
		expect(await poller.poll()).toBeNull();
		list.feed.page = page;
		goOn();
		expect((await first)!.map(({ json }) => json.id)).toEqual(['a']);
	});

	it('finds nothing where it comes too soon', async () => {
		const poller = await begun(listOf({ tooSoon: () => true }));
		expect(await poller.poll()).toBeNull();
	});
});

describe('the time of a poll', () => {
	it.each([
		['five minutes where n8n does not say', undefined, 2 * MINUTE, 20],
		['to its half, inclusive', 300_000, 75_000, 25],
		['as n8n says', 60_000, 31_000, 10],
	])('is %s', async (_what, budget, ms, expected) => {
		const list = listOf();
		const getPollBudgetMs = budget === undefined ? undefined : () => budget;
		const poller = await begun(list, { getPollBudgetMs });
		for (let i = 0; i < 25; i++) list.things.push({ id: `${i}`, at: now + i });
		slow(list, ms);
		expect(await idsOf(poller)).toHaveLength(expected);
	});
});

describe('a scan', () => {
	it('goes on where the limit has room for no look back', async () => {
		const list = listOf({ maySpare: () => false });
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
	});

	it('that is refused for another reason goes on from the same place later', async () => {
		const list = listOf();
		const poller = await begun(list);
		for (let i = 0; i < 45; i++) list.things.push({ id: `${i}`, at: now + i });
		expect(await idsOf(poller)).toHaveLength(30);
		const { page } = list.feed;
		list.feed.page = async () => {
			list.feed.page = page;
			throw refusal(500);
		};
		await expect(idsOf(poller)).rejects.toMatchObject({ message: 'No' });
		list.asked.length = 0;
		expect(await idsOf(poller)).toHaveLength(15);
		expect(list.asked[0]!.next).toBe('30');
	});

	it('of a list without an end is told in the log, once a poll', async () => {
		const list = listOf({ pagesPerPoll: 40 });
		const warn = jest.fn();
		const poller = await begun(list, { logger: { warn } });
		const { page } = list.feed;
		list.feed.page = async (stretch) => ({ ...(await page(stretch)), next: '0' });
		await idsOf(poller);
		expect(warn.mock.calls).toEqual([["Acme's list brings the same pages again and again"]]);
	});

	it('that goes on forgets nothing yet: what it has not read would count as seen', async () => {
		const list = listOf({ keep: Infinity });
		const poller = await begun(list);
		const kept = keptOf(poller);
		const day = Math.floor(now / DAY);
		const letters = (first: number, count: number) =>
			Array.from({ length: count }, (_, i) => String(first + i).padStart(8, '0')).join('');
		kept.seen = { [day - 2]: letters(0, 10), [day - 1]: letters(10, MOST_KEYS) };
		const { knownFrom } = kept;
		for (let i = 0; i < 45; i++) list.things.push({ id: `${i}`, at: now + i });
		expect(await idsOf(poller)).toHaveLength(30);
		expect(keptOf(poller).knownFrom).toBe(knownFrom);
		expect(await idsOf(poller)).toHaveLength(15);
		expect(keptOf(poller).knownFrom).toBeGreaterThan(knownFrom);
	});
});

describe('what is new', () => {
	it('is no part of the second of the switching on where times are finer', async () => {
		later(1000 - (now % 1000) + 400);
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'before', at: now - 200 }, { id: 'after', at: now + 1 });
		expect(await idsOf(poller)).toEqual(['after']);
	});

	it('is as old as what is remembered, and no older', async () => {
		const list = listOf({ keep: DAY });
		const poller = await begun(list);
		later(2 * DAY);
		expect(await idsOf(poller)).toEqual([]);
		const { knownFrom } = keptOf(poller);
		list.things.push(
			{ id: 'older', at: now, since: knownFrom - 1 },
			{ id: 'as old', at: now, since: knownFrom },
		);
		expect(await idsOf(poller)).toEqual(['as old']);
	});
});
