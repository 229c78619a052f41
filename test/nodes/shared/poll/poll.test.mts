import type { IDataObject } from 'n8n-workflow';

import { LoginError, Throttled } from '../../../../nodes/shared/outcome.ts';
import { markOf } from '../../../../nodes/shared/poll/identity.ts';
import { MOST_KEYS, SeenKeys } from '../../../../nodes/shared/poll/seenKeys.ts';
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

describe('a poll', () => {
	it('hands over what is there when the trigger is switched on to nobody', async () => {
		const list = listOf();
		list.things.push({ id: 'old', at: now });
		expect(await polling(list).poll()).toBeNull();
	});

	it('hands over what happened within the second of the activation where times have no smaller part', async () => {
		later(1000 - (now % 1000) + 400);
		const list = listOf();
		const poller = await begun(list);
		const second = now - (now % 1000);
		list.things.push(
			{ id: 'a', at: second },
			{ id: 'changed now, and of before', at: now, toldAt: second - 1000 },
		);
		expect(await idsOf(poller)).toEqual(['a']);
	});

	it.each<[string, IDataObject, IDataObject]>([
		['whole', {}, { id: 'a', of: { list: 'Acme' } }],
		['whole where "Simplify" is off', { simplify: false }, { id: 'a', of: { list: 'Acme' } }],
		['simplified where "Simplify" is on', { simplify: true }, { id: 'a' }],
	])('hands over items %s', async (_what, options, item) => {
		const list = listOf();
		const getNodeParameter = () => options;
		const poller = await begun(list, { getNodeParameter });
		list.things.push({ id: 'a', at: now });
		expect((await poller.poll())!.map(({ json }) => json)).toEqual([item]);
	});

	it('reads so many pages and goes on with the rest next time', async () => {
		const list = listOf();
		const poller = await begun(list);
		for (let i = 0; i < 45; i++) list.things.push({ id: `${i}`, at: now + i });
		list.asked.length = 0;
		expect(await idsOf(poller)).toHaveLength(30);
		expect(list.asked).toHaveLength(3);
		expect(await idsOf(poller)).toHaveLength(15);
		expect(list.asked[3]!.next).toBe('30');
	});

	it("begins no further page once half of n8n's time is over", async () => {
		const list = listOf();
		const poller = await begun(list);
		for (let i = 0; i < 25; i++) list.things.push({ id: `${i}`, at: now + i });
		const { page } = list.feed;
		list.feed.page = async (stretch) => {
			later(2 * MINUTE);
			return await page(stretch);
		};
		expect(await idsOf(poller)).toHaveLength(20);
	});

	it('hands over the pages before the limit was reached, and the rest next time', async () => {
		const list = listOf();
		const poller = await begun(list);
		for (let i = 0; i < 15; i++) list.things.push({ id: `${i}`, at: now + i });
		const { page } = list.feed;
		list.feed.page = async (stretch) => {
			if (stretch.next) throw refusal(429, Throttled);
			return await page(stretch);
		};
		expect(await idsOf(poller)).toHaveLength(10);
		list.feed.page = page;
		expect(await idsOf(poller)).toHaveLength(5);
	});

	// eBay refuses a page behind the last one with 200, and a place in a list of conversations with 404.
	it.each([200, 400, 404, 422])(
		'begins the scan again where its place was forgotten (%s)',
		async (status) => {
			const list = listOf();
			const poller = await begun(list);
			for (let i = 0; i < 45; i++) list.things.push({ id: `${i}`, at: now + i });
			expect(await idsOf(poller)).toHaveLength(30);
			const { page } = list.feed;
			list.feed.page = async () => {
				list.feed.page = page;
				throw refusal(status);
			};
			expect(await idsOf(poller)).toEqual([]);
			expect(await idsOf(poller)).toHaveLength(15);
		},
	);

	describe('leaves a list without an end', () => {
		/** Behind its first page the list leads from one page to the next in a circle. */
		function circling(list: List, pages: number): () => number {
			const { page } = list.feed;
			let begun = 0;
			list.feed.page = async (stretch) => {
				if (!stretch.next) begun += 1;
				const at = Number(stretch.next ?? -1);
				const before = [{ keys: [`circle ${at}`], since: now, at: 1, value: { id: '', at: 1 } }];
				const answer =
					at < 0
						? await page(stretch)
						: { sightings: before, rows: 1, mark: markOf(at), until: now };
				return { ...answer, next: `${(at + 1) % pages}` };
			};
			return () => begun;
		}

		it.each([1, 2, 7])('that circles over %s pages, and begins it again', async (pages) => {
			const list = listOf();
			const poller = await begun(list);
			circling(list, pages);
			for (let i = 0; i < 8; i++) expect(await idsOf(poller)).toEqual([]);
			list.things.push({ id: 'new', at: now });
			const got: unknown[] = [];
			for (let i = 0; i < 12; i++) got.push(...(await idsOf(poller)));
			expect(got).toEqual(['new']);
		});

		it('and goes on from the same place once it ends', async () => {
			const list = listOf();
			const poller = await begun(list);
			const { page } = list.feed;
			circling(list, 1);
			for (let i = 0; i < 8; i++) await idsOf(poller);
			list.feed.page = page;
			list.things.push({ id: 'late', at: now - 40 * MINUTE }, { id: 'new', at: now });
			expect(await idsOf(poller)).toEqual(['late', 'new']);
		});

		it('where it looks back for what was late, and reads what is new all the same', async () => {
			const list = listOf();
			const poller = await begun(list);
			const { page } = list.feed;
			let looks = 0;
			list.feed.page = async (stretch) => {
				const answer = await page(stretch);
				if (stretch.to === undefined) return answer;
				looks += 1;
				return { ...answer, next: `${Number(stretch.next ?? 0)}` };
			};
			// So much comes that the scan itself does not reach back.
			const got: unknown[] = [];
			for (let polls = 0; polls < 24; polls++) {
				for (let i = 0; i < 5; i++) list.things.push({ id: `${polls}-${i}`, at: now });
				got.push(...(await idsOf(poller)));
			}
			expect(got).toHaveLength(120);
			expect(looks).toBeGreaterThan(9);
			expect(looks).toBeLessThan(24);
		});

		it.each([400, 422])('also after its place was forgotten (%s)', async (status) => {
			const list = listOf();
			const poller = await begun(list);
			circling(list, 1);
			await idsOf(poller);
			const { page } = list.feed;
			list.feed.page = async () => {
				list.feed.page = page;
				throw refusal(status);
			};
			for (let i = 0; i < 6; i++) await idsOf(poller);
			list.things.push({ id: 'new', at: now });
			const got: unknown[] = [];
			for (let i = 0; i < 12; i++) got.push(...(await idsOf(poller)));
			expect(got).toEqual(['new']);
		});
	});

	it('reads on where pages are alike now and then', async () => {
		const list = listOf({ pagesPerPoll: 40 });
		const poller = await begun(list);
		for (let i = 0; i < 300; i++) list.things.push({ id: `${i}`, at: now + i });
		const { page } = list.feed;
		list.feed.page = async (stretch) => {
			const at = Number(stretch.next ?? 0);
			const answer = await page(stretch);
			return at % 50 === 0 ? answer : { ...answer, mark: 'alike' };
		};
		expect(await idsOf(poller)).toHaveLength(300);
	});

	it.each([200, 400, 403, 404, 422])(
		'fails where a page that was just begun is refused (%s)',
		async (status) => {
			const list = listOf();
			const poller = await begun(list);
			list.fail = refusal(status);
			await expect(idsOf(poller)).rejects.toMatchObject({ name: 'NodeApiError' });
		},
	);

	it.each([
		['what is refused for good', refusal(403), 2],
		['a login that fails', refusal(400, LoginError), 1],
	])('fails by %s also where it goes on with a scan', async (_what, error, pages) => {
		const list = listOf();
		const poller = await begun(list);
		for (let i = 0; i < 45; i++) list.things.push({ id: `${i}`, at: now + i });
		expect(await idsOf(poller)).toHaveLength(30);
		[list.fail, list.asked.length] = [error, 0];
		await expect(idsOf(poller)).rejects.toMatchObject({ message: 'No' });
		expect(list.asked).toHaveLength(pages);
		list.fail = undefined;
		expect(await idsOf(poller)).toHaveLength(15);
	});

	it('lets only one of two polls read that n8n begins at once', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		const both = await Promise.all([idsOf(poller), idsOf(poller)]);
		expect(both.flat()).toEqual(['a']);
	});

	it('looks back in steps, the longest ones seldom, and misses nothing that is late by no more', async () => {
		const list = listOf({
			lateness: { least: 10 * MINUTE, most: 24 * HOUR },
			cost: { page: 2 * MINUTE },
		});
		const poller = await begun(list);
		const shown = new Map<string, number>();
		const { page } = list.feed;
		list.feed.page = async (stretch) => {
			const all = list.things;
			list.things = all.filter(({ id }) => (shown.get(id) ?? 0) <= now);
			try {
				return await page(stretch);
			} finally {
				list.things = all;
			}
		};
		const got: unknown[] = [];
		for (let i = 0; i < 5 * 288; i++) {
			list.things.push({ id: `${i}`, at: now + MINUTE });
			if (i % 7 === 0) shown.set(`${i}`, now + (i % 23) * HOUR);
			got.push(...(await idsOf(poller)));
		}
		const due = 3 * 288;
		expect(new Set(got).size).toBe(got.length);
		expect(Array.from({ length: due }, (_, i) => got.includes(`${i}`))).not.toContain(false);
		const reads = list.asked.filter(({ from }) => now - from > -1).length;
		expect(reads).toBeLessThan(5 * 288 * 3);
	});

	it('goes on from what an earlier version of the package kept', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		const kept = (poller.state()['node:Node'] as IDataObject).polling as IDataObject;
		for (const name of ['reached', 'switchedOnAt', 'past']) delete kept[name];
		list.things.push({ id: 'b', at: now });
		expect(await idsOf(poller)).toEqual(['b']);
		later(HOUR);
		expect(await idsOf(poller)).toEqual([]);
	});

	it('does not take the note of a node that has another name now for its own', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		later(HOUR);
		poller.rename('Another name');
		expect(await idsOf(poller)).toEqual([]);
		list.things.push({ id: 'b', at: now });
		expect(await idsOf(poller)).toEqual(['b']);
	});

	it('reads a scan of several pages once more where pages shift', async () => {
		const list = listOf({ shifts: true });
		const poller = await begun(list);
		const before = now;
		for (let i = 0; i < 25; i++) list.things.push({ id: `${i}`, at: now + i });
		later(HOUR);
		expect(await idsOf(poller)).toHaveLength(25);
		list.things.splice(3, 0, { id: 'skipped', at: before + 2 });
		expect(await idsOf(poller)).toEqual(['skipped']);
	});

	it('starts from now where a filter is changed, and still knows what it handed over', async () => {
		const list = listOf({ keep: Infinity });
		const poller = await begun(list);
		const thing = { id: 'a', at: now, since: now };
		list.things.push(thing);
		expect(await idsOf(poller)).toEqual(['a']);
		list.things.push({ id: 'unseen', at: now + 1 });
		later(5 * MINUTE);
		list.feed.what = 'new, but red';
		expect(await idsOf(poller)).toEqual([]);
		thing.at = now;
		list.things.push({ id: 'b', at: now });
		expect(await idsOf(poller)).toEqual(['b']);
	});

	it('forgets what was handed over where the event is changed', async () => {
		const list = listOf({ keep: Infinity });
		const poller = await begun(list);
		const thing = { id: 'a', at: now, since: now };
		list.things.push(thing);
		expect(await idsOf(poller)).toEqual(['a']);
		later(HOUR);
		Object.assign(list.feed, { event: 'shipped', what: 'shipped' });
		expect(await idsOf(poller)).toEqual([]);
		later(HOUR);
		thing.at = now;
		expect(await idsOf(poller)).toEqual(['a']);
	});

	it('takes what is older than all that is remembered for seen', async () => {
		const list = listOf({ keep: 2 * DAY });
		const poller = await begun(list);
		for (let day = 0; day < 6; day++) {
			later(DAY);
			expect(await idsOf(poller)).toEqual([]);
		}
		list.things.push(
			{ id: 'ancient', at: now, since: now - 5 * DAY },
			{ id: 'a', at: now, since: now - DAY },
		);
		expect(await idsOf(poller)).toEqual(['a']);
	});

	it('keeps the state small', async () => {
		const list = listOf({ pagesPerPoll: 100 });
		const poller = await begun(list);
		let largest = 0;
		for (let polls = 0; polls < 400; polls++) {
			for (let i = 0; i < 5; i++) list.things.push({ id: `${polls}-${i}`, at: now + i });
			expect(await idsOf(poller)).toHaveLength(5);
			largest = Math.max(largest, JSON.stringify(poller.state()).length);
			list.things = list.things.slice(-200);
		}
		expect(largest).toBeLessThan(20_000);
	});

	it('says in plain words what is wrong in a node or its credential', async () => {
		const list = listOf();
		list.fail = new Error('Node has no credentials set');
		await expect(polling(list).poll()).rejects.toMatchObject({
			message: 'Node has no credentials set',
			description: expect.stringContaining("Check the node's settings") as string,
		});
	});
});

describe('the memory of what was seen', () => {
	it('knows a key whatever moment it is told with', () => {
		const seen = new SeenKeys({});
		expect(seen.add('a', 0)).toBe(true);
		expect(seen.add('a', 1)).toBe(false);
		expect(seen.add('a', 3 * DAY)).toBe(false);
		expect(seen.add('a', DAY)).toBe(false);
		expect(Object.keys(seen.kept())).toEqual(['3']);
	});

	it('survives being kept as JSON', () => {
		const seen = new SeenKeys({});
		for (let i = 0; i < 100; i++) seen.add(`${i}`, i * HOUR);
		const again = new SeenKeys(JSON.parse(JSON.stringify(seen.kept())) as Record<string, string>);
		expect(Array.from({ length: 100 }, (_, i) => again.has(`${i}`))).not.toContain(false);
		expect(again.has('100')).toBe(false);
	});

	it('forgets whole days, the oldest first, and tells from when on it knows', () => {
		const seen = new SeenKeys({});
		for (let day = 0; day < 5; day++) seen.add(`${day}`, day * DAY);
		expect(seen.forget(2.5 * DAY)).toBe(2.5 * DAY);
		expect(Object.keys(seen.kept())).toEqual(['2', '3', '4']);
	});

	it('keeps no more keys than there is room for', () => {
		const seen = new SeenKeys({});
		const aDay = MOST_KEYS / 4;
		for (let day = 0; day < 6; day++) {
			for (let i = 0; i < aDay; i++) seen.add(`${day} ${i}`, day * DAY);
		}
		expect(seen.forget(0)).toBe(2 * DAY);
		expect(JSON.stringify(seen.kept()).length).toBeLessThan(420_000);
	});
});
