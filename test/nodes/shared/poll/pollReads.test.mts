/** What a poll reads beside a list's new entries: their parts, what is late, and one for a test in the editor. */
import { Throttled } from '../../../../nodes/shared/outcome.ts';
import type { Sighting, Stretch } from '../../../../nodes/shared/poll/feed.ts';
import type { Poller } from '../../../engine/poller.mts';
import {
	begun,
	HOUR,
	idsOf,
	later,
	listOf,
	MINUTE,
	now,
	polling,
	refusal,
	type List,
	type Thing,
} from './list.mts';

const SECOND = 1000;

describe('a test in the editor', () => {
	it('hands over the newest one, and counts it as nothing', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now }, { id: 'b', at: now + 1 });
		expect((await poller.poll('manual'))!.map(({ json }) => json.id)).toEqual(['b']);
		expect(await idsOf(poller)).toEqual(['a', 'b']);
	});

	it('says what to do where there is none', async () => {
		await expect(polling(listOf()).poll('manual')).rejects.toMatchObject({
			message: 'Acme has no thing that fits',
			description: expect.stringMatching(
				/^Take filters away, or test again .* starts it\.$/,
			) as string,
		});
	});

	it('says that the limit is used up', async () => {
		const list = listOf({ newest: () => Promise.reject(refusal(429, Throttled)) });
		const failed = polling(list).poll('manual');
		await expect(failed).rejects.toMatchObject({ message: 'No', description: 'Ask again.' });
	});

	it('does not wait for a poll that reads', async () => {
		const list = listOf();
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		const [polled, tested] = await Promise.all([poller.poll(), poller.poll('manual')]);
		expect([polled, tested].map((items) => items?.map(({ json }) => json.id))).toEqual([
			['a'],
			['a'],
		]);
	});
});

it('a poll that fails tells that nothing is lost by it', async () => {
	const list = listOf();
	list.fail = refusal(500);
	await expect(polling(list).poll()).rejects.toMatchObject({
		description: 'Ask again. Nothing is lost: the next poll goes on from the same place.',
	});
});

it('what came first is handed over first, however the list has it', async () => {
	const list = listOf();
	const poller = await begun(list);
	list.things.push({ id: 'b', at: now + 1 }, { id: 'c', at: now + 2 }, { id: 'a', at: now });
	expect(await idsOf(poller)).toEqual(['a', 'b', 'c']);
});

it('what is of the very moment of the switching on was there before', async () => {
	const list = listOf();
	const poller = polling(list);
	list.fail = refusal(429, Throttled);
	expect(await poller.poll()).toBeNull();
	list.fail = undefined;
	list.things.push({ id: 'before', at: now }, { id: 'after', at: now + 1 });
	expect(await idsOf(poller)).toEqual(['after']);
});

describe('a scan that would come too soon', () => {
	it('is not begun', async () => {
		const list = listOf({ tooSoon: (after) => after < 9 * MINUTE });
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		list.asked.length = 0;
		expect(await idsOf(poller)).toEqual([]);
		expect(list.asked).toEqual([]);
		expect(await idsOf(poller)).toEqual(['a']);
	});

	it('is gone on with where it was begun', async () => {
		const list = listOf();
		const poller = await begun(list);
		for (let i = 0; i < 45; i++) list.things.push({ id: `${i}`, at: now + i });
		expect(await idsOf(poller)).toHaveLength(30);
		list.feed.tooSoon = () => true;
		expect(await idsOf(poller)).toHaveLength(15);
		expect(await idsOf(poller)).toEqual([]);
	});
});

describe('a thing with several names', () => {
	const named = (list: List, keys: Record<string, Partial<Sighting<Thing>>>) => {
		const { page } = list.feed;
		list.feed.page = async (stretch) => {
			const answer = await page(stretch);
			const sightings = answer.sightings.map((one) => ({ ...one, ...keys[one.value.id] }));
			return { ...answer, sightings };
		};
	};

	it('is known once all of them were handed over', async () => {
		const list = listOf();
		named(list, { a: { keys: ['1'] }, both: { keys: ['1', '2'] }, again: { keys: ['2', '1'] } });
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		list.things.push({ id: 'both', at: now });
		expect(await idsOf(poller)).toEqual(['both']);
		list.things.push({ id: 'again', at: now });
		expect(await idsOf(poller)).toEqual([]);
	});

	it('is known by the one that may change, too', async () => {
		const list = listOf();
		named(list, { a: { alias: 'x' }, b: { alias: 'x' }, c: { alias: 'y' } });
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		list.things.push({ id: 'b', at: now }, { id: 'c', at: now });
		expect(await idsOf(poller)).toEqual(['c']);
	});

	it('is known by a new name as soon as it was seen under it', async () => {
		const list = listOf();
		const names = { a: { keys: ['1'], alias: 'x' }, b: { keys: ['1'], alias: 'y' } };
		named(list, { ...names, c: { keys: ['2'], alias: 'y' } });
		const poller = await begun(list);
		list.things.push({ id: 'a', at: now });
		expect(await idsOf(poller)).toEqual(['a']);
		list.things.push({ id: 'b', at: now });
		expect(await idsOf(poller)).toEqual([]);
		list.things.push({ id: 'c', at: now });
		expect(await idsOf(poller)).toEqual([]);
	});
});

/** The stretches that a poll asks for, as it asks: a scan has no end. */
function asked(list: List): Stretch[] {
	const stretches: Stretch[] = [];
	const { page } = list.feed;
	list.feed.page = async (stretch) => {
		stretches.push(stretch);
		return await page(stretch);
	};
	return stretches;
}

describe('a look back', () => {
	/** In an hour in which so much comes that the scan itself does not reach back. */
	async function busyHour(list: List, poller: Poller): Promise<void> {
		for (let polls = 0; polls < 12; polls++) {
			for (let i = 0; i < 5; i++) list.things.push({ id: `${now}-${i}`, at: now });
			await idsOf(poller);
		}
	}

	it('is left out where the limit has no room to spare', async () => {
		const list = listOf({ maySpare: () => false });
		const poller = await begun(list);
		const stretches = asked(list);
		const looks = async () => {
			stretches.length = 0;
			await busyHour(list, poller);
			return stretches.filter(({ to }) => to !== undefined).length;
		};
		expect(await looks()).toBe(0);
		list.feed.maySpare = () => true;
		expect(await looks()).toBeGreaterThan(0);
	});

	it.each([
		['by the other time where the feed says so', 'others', [false, true]],
		['as the scan does where it does not', undefined, [false, false]],
	] as const)('reads the list %s', async (_, lookBackReads, expected) => {
		const list = listOf({ lookBackReads });
		const poller = await begun(list);
		const stretches = asked(list);
		await busyHour(list, poller);
		const [scan, past] = [stretches.find(({ to }) => !to)!, stretches.find(({ to }) => to)!];
		expect([scan.others, past.others]).toEqual(expected);
	});
});

describe('entries with parts', () => {
	/** Each has as many parts as it was given; and what was asked for. */
	function withParts(list: List) {
		const parts = new Map<string, Thing[]>();
		const askedFor: string[] = [];
		list.feed.partsOf = async ({ id }) => {
			askedFor.push(id);
			return (parts.get(id) ?? []).map((value) => ({
				...{ keys: [value.id], since: value.at, at: value.at, value },
			}));
		};
		return { parts, askedFor };
	}
	const add = (list: List, parts: Map<string, Thing[]>, id: string, ...names: string[]) => {
		list.things.push({ id, at: now });
		parts.set(
			id,
			names.map((name) => ({ id: name, at: now })),
		);
	};

	it('are handed over by their parts, each asked for once', async () => {
		const list = listOf();
		const { parts, askedFor } = withParts(list);
		const poller = await begun(list);
		add(list, parts, 'a', 'a1', 'a2');
		add(list, parts, 'b');
		expect(await idsOf(poller)).toEqual(['a1', 'a2']);
		expect(await idsOf(poller)).toEqual([]);
		expect(askedFor).toEqual(['a', 'b']);
	});

	it('are asked for again by the look back where that reads the parts, and tell what came late', async () => {
		const list = listOf({ lookBackReads: 'parts' });
		const { parts } = withParts(list);
		const poller = await begun(list);
		add(list, parts, 'a', 'a1');
		expect(await idsOf(poller)).toEqual(['a1']);
		parts.get('a')!.push({ id: 'late', at: now });
		later(30 * MINUTE);
		const got = [...(await idsOf(poller)), ...(await idsOf(poller))];
		expect(got).toEqual(['late']);
	});

	it.each(['parts', 'others'] as const)(
		'that are known are asked for again by no scan (a look back reads %s)',
		async (lookBackReads) => {
			const list = listOf({ lookBackReads });
			const { parts, askedFor } = withParts(list);
			const poller = await begun(list);
			add(list, parts, 'a', 'a1');
			for (let polls = 0; polls < 2; polls++) await idsOf(poller);
			expect(askedFor).toEqual(['a']);
		},
	);

	it('that are known are asked for again by no look back that reads something else', async () => {
		const list = listOf({ lookBackReads: 'others' });
		const { parts, askedFor } = withParts(list);
		const poller = await begun(list);
		add(list, parts, 'a', 'a1');
		await idsOf(poller);
		const stretches = asked(list);
		later(30 * MINUTE);
		await idsOf(poller);
		expect(stretches.map(({ others }) => others)).toContain(true);
		expect(askedFor).toEqual(['a']);
	});

	it('keep the poll from reading on where the limit is used up', async () => {
		const list = listOf();
		const { parts } = withParts(list);
		const poller = await begun(list);
		for (let i = 0; i < 15; i++) add(list, parts, `${i}`, `${i}-1`);
		list.feed.partsOf = () => Promise.reject(refusal(429, Throttled));
		list.asked.length = 0;
		expect(await idsOf(poller)).toEqual([]);
		expect(list.asked).toHaveLength(1);
	});

	it('hand over no part from before what is remembered', async () => {
		const list = listOf();
		const { parts } = withParts(list);
		const poller = await begun(list);
		add(list, parts, 'a', 'a1');
		parts.get('a')!.push({ id: 'old', at: now - 24 * HOUR });
		expect(await idsOf(poller)).toEqual(['a1']);
	});

	it('wait for the next poll where the limit is used up', async () => {
		const list = listOf();
		const { parts, askedFor } = withParts(list);
		const poller = await begun(list);
		for (const id of ['a', 'b', 'c']) add(list, parts, id, `${id}1`);
		const { partsOf } = list.feed;
		list.feed.partsOf = async (value) => {
			if (value.id === 'b') throw refusal(429, Throttled);
			return await partsOf!(value);
		};
		expect(await idsOf(poller)).toEqual(['a1']);
		list.feed.partsOf = partsOf;
		expect(await idsOf(poller)).toEqual(['b1', 'c1']);
		expect(askedFor).toEqual(['a', 'b', 'c']);
	});

	it("wait for the next poll once half of n8n's time is over", async () => {
		const list = listOf();
		const { parts } = withParts(list);
		const poller = await begun(list);
		for (const id of ['a', 'b', 'c']) add(list, parts, id, `${id}1`);
		const { partsOf } = list.feed;
		list.feed.partsOf = async (value) => {
			later(2 * MINUTE);
			return await partsOf!(value);
		};
		expect(await idsOf(poller)).toEqual(['a1', 'b1']);
		expect(await idsOf(poller)).toEqual(['c1']);
	});

	it('fail a poll that cannot read them, and come with the next', async () => {
		const list = listOf();
		const { parts } = withParts(list);
		const poller = await begun(list);
		add(list, parts, 'a', 'a1');
		const { partsOf } = list.feed;
		list.feed.partsOf = () => Promise.reject(refusal(500));
		await expect(idsOf(poller)).rejects.toMatchObject({ message: 'No' });
		list.feed.partsOf = partsOf;
		expect(await idsOf(poller)).toEqual(['a1']);
	});

	it('hold up whoever switches the trigger on for ten seconds and no longer', async () => {
		const list = listOf();
		const { parts, askedFor } = withParts(list);
		for (const id of ['a', 'b', 'c', 'd', 'e']) add(list, parts, id, `${id}1`);
		const { partsOf } = list.feed;
		list.feed.partsOf = async (value) => {
			later(4 * SECOND);
			return await partsOf!(value);
		};
		const poller = polling(list);
		expect(await poller.poll()).toBeNull();
		expect(askedFor).toEqual(['a', 'b', 'c']);
		expect(await idsOf(poller)).toEqual([]);
		expect(askedFor).toEqual(['a', 'b', 'c', 'd', 'e']);
	});

	it('are looked back at from where the last look stopped', async () => {
		const list = listOf({ lookBackReads: 'parts' });
		const { parts, askedFor } = withParts(list);
		const poller = await begun(list);
		for (const id of ['a', 'b', 'c', 'd', 'e']) add(list, parts, id, `${id}1`);
		expect(await idsOf(poller)).toHaveLength(5);
		const { partsOf } = list.feed;
		list.feed.partsOf = async (value) => {
			later(6 * SECOND);
			return await partsOf!(value);
		};
		later(30 * MINUTE);
		askedFor.length = 0;
		await idsOf(poller);
		expect(askedFor).toEqual(['a', 'b']);
		for (let polls = 0; polls < 2; polls++) await idsOf(poller);
		expect(askedFor.slice(0, 5)).toEqual(['a', 'b', 'c', 'd', 'e']);
	});
});
