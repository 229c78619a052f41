/** Entries whose parts are refused while those of others are read: none of them stops the trigger for good. */
import { LoginError, Refusal, Throttled } from '../../../../nodes/shared/outcome.ts';
import { newReading, passOver } from '../../../../nodes/shared/poll/refusedEntries.ts';
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
} from './list.mts';

const warn = jest.fn();
const logging = { logger: { warn, debug: () => undefined } };
beforeEach(() => warn.mockClear());

/** Each entry has one part, named after it; what is in `refused` cannot be read. */
function readable(more: Parameters<typeof listOf>[0] = {}) {
	const refused = new Map<string, Error>();
	const askedFor: string[] = [];
	const list = listOf({
		nameOf: ({ id }) => `box ${id}`,
		async partsOf({ id, at }) {
			askedFor.push(id);
			if (refused.has(id)) throw refused.get(id)!;
			return [{ keys: [`in ${id}`], since: at, at, value: { id: `in ${id}`, at } }];
		},
		...more,
	});
	return { list, refused, askedFor };
}

const add = ({ things }: List, ...ids: string[]) => {
	for (const id of ids) things.push({ id, at: now });
};

it.each([400, 403, 404, 410, 422].map((status) => [`is answered with ${status}`, refusal(status)]))(
	'one that %s is passed over, and all others are handed over',
	async (_, error) => {
		const { list, refused } = readable();
		const poller = await begun(list, logging);
		refused.set('bad', error as Error);
		add(list, 'a', 'bad', 'b');
		expect(await idsOf(poller)).toEqual(['in a', 'in b']);
	},
);

it('one that the node itself refuses is passed over as well', async () => {
	const { list, refused } = readable();
	const poller = await begun(list, logging);
	refused.set('bad', new Refusal('It names strangers', 'Look at it.'));
	add(list, 'bad', 'a');
	expect(await idsOf(poller)).toEqual(['in a']);
});

it.each([
	['401', refusal(401)],
	['409', refusal(409)],
	['500', refusal(500)],
	['503', refusal(503)],
	['a login that fails', refusal(400, LoginError)],
	['a defect', new Error('not ours')],
])('%s at one of them fails the poll: it may be about all', async (_, error) => {
	const { list, refused } = readable();
	const poller = await begun(list, logging);
	refused.set('bad', error);
	add(list, 'a', 'bad');
	await expect(idsOf(poller)).rejects.toThrow(error.message);
	refused.clear();
	expect(await idsOf(poller)).toEqual(['in a', 'in bad']);
});

it('a used-up limit ends the poll quietly, and passes over nothing', async () => {
	const { list, refused } = readable();
	const poller = await begun(list, logging);
	refused.set('b', refusal(400, Throttled));
	add(list, 'a', 'b');
	expect(await idsOf(poller)).toEqual(['in a']);
	refused.clear();
	expect(await idsOf(poller)).toEqual(['in b']);
});

it("the log names it once, and says why and what becomes of it, however often it's asked for", async () => {
	const { list, refused } = readable();
	const poller = await begun(list, logging);
	refused.set('bad', refusal(404));
	add(list, 'a', 'bad');
	for (let polls = 0; polls < 3; polls++) await idsOf(poller);
	expect(warn.mock.calls).toEqual([
		[
			'Acme: The box bad cannot be read and is passed over, all others are read on: No. It is tried again as long as the trigger looks back that far.',
		],
	]);
});

it('the log names it again when something new is in it', async () => {
	const { list, refused } = readable({ nameOf: () => 'box' });
	const poller = await begun(list, logging);
	refused.set('first', refusal(404));
	refused.set('second', refusal(403));
	add(list, 'a', 'first');
	list.feed.nameOf = ({ id }) => (id === 'a' ? 'other' : 'box');
	await idsOf(poller);
	list.things = list.things.filter(({ id }) => id !== 'first');
	add(list, 'second');
	await idsOf(poller);
	await idsOf(poller);
	expect(warn.mock.calls).toEqual([
		[expect.stringContaining('The box cannot be read')],
		[expect.stringContaining('The box cannot be read')],
	]);
});

it('it is handed over once it can be read again, and once', async () => {
	const { list, refused } = readable();
	const poller = await begun(list, logging);
	refused.set('bad', refusal(404));
	add(list, 'a', 'bad');
	expect(await idsOf(poller)).toEqual(['in a']);
	expect(await idsOf(poller)).toEqual([]);
	refused.clear();
	const got: unknown[] = [];
	for (let polls = 0; polls < 5; polls++) got.push(...(await idsOf(poller)));
	expect(got).toEqual(['in bad']);
});

it('it is forgotten with what is older than the trigger looks back', async () => {
	const { list, refused, askedFor } = readable();
	const poller = await begun(list, logging);
	refused.set('bad', refusal(404));
	add(list, 'a', 'bad');
	for (let hours = 0; hours < 24; hours++) {
		await idsOf(poller);
		later(HOUR);
	}
	askedFor.length = 0;
	for (let polls = 0; polls < 5; polls++) await idsOf(poller);
	expect(askedFor).toEqual([]);
});

it('the place moves on behind it', async () => {
	const { list, refused } = readable();
	const poller = await begun(list, logging);
	refused.set('bad', refusal(404));
	add(list, 'a', 'bad');
	await idsOf(poller);
	later(12 * HOUR);
	await idsOf(poller);
	list.asked.length = 0;
	await idsOf(poller);
	expect(list.asked[0]!.from).toBeGreaterThan(now - 7 * HOUR);
});

describe('where nothing can be read', () => {
	it('the poll fails in its words, and all of it comes with the next', async () => {
		const { list, refused } = readable();
		const poller = await begun(list, logging);
		add(list, 'a', 'b');
		for (const { id } of list.things) refused.set(id, refusal(403));
		await expect(idsOf(poller)).rejects.toMatchObject({
			message: 'No',
			description: 'Ask again. Nothing is lost: the next poll goes on from the same place.',
		});
		expect(warn).not.toHaveBeenCalled();
		refused.clear();
		expect(await idsOf(poller)).toEqual(['in a', 'in b']);
	});

	it('it fails though something else was looked at, of which nothing had to be asked', async () => {
		const { list, refused } = readable({ nameOf: ({ id }) => (id === 'a' ? undefined : id) });
		const poller = await begun(list, logging);
		add(list, 'a', 'bad');
		refused.set('bad', refusal(403));
		await expect(idsOf(poller)).rejects.toThrow('No');
	});

	it('it fails though one of another kind could be read, which tells nothing of it', async () => {
		const { list, refused } = readable({ kindOf: ({ id }) => (id === 'a' ? 'one' : 'other') });
		const poller = await begun(list, logging);
		add(list, 'a', 'bad');
		refused.set('bad', refusal(403));
		await expect(idsOf(poller)).rejects.toThrow('No');
	});

	it('it fails again and again, as long as it is so', async () => {
		const { list, refused } = readable();
		const poller = await begun(list, logging);
		add(list, 'a');
		refused.set('a', refusal(403));
		for (let polls = 0; polls < 3; polls++) await expect(idsOf(poller)).rejects.toThrow('No');
	});

	it('but what was passed over before, it does not fail: it is known to be about that alone', async () => {
		const { list, refused } = readable();
		const poller = await begun(list, logging);
		refused.set('bad', refusal(404));
		add(list, 'a', 'bad');
		await idsOf(poller);
		for (let polls = 0; polls < 5; polls++) expect(await idsOf(poller)).toEqual([]);
	});

	it('it fails where others than those are refused', async () => {
		const { list, refused } = readable();
		const poller = await begun(list, logging);
		refused.set('bad', refusal(404));
		add(list, 'a', 'bad');
		await idsOf(poller);
		add(list, 'b');
		refused.set('b', refusal(403));
		await expect(idsOf(poller)).rejects.toThrow('No');
	});

	it('it fails where one is refused that could be read since it was passed over', async () => {
		const { list, refused } = readable();
		const poller = await begun(list, logging);
		refused.set('bad', refusal(404));
		add(list, 'a', 'bad');
		await idsOf(poller);
		refused.clear();
		expect(await idsOf(poller)).toEqual(['in bad']);
		refused.set('bad', refusal(404));
		list.things = [{ id: 'bad', at: now, since: now }];
		const { page } = list.feed;
		list.feed.page = async (stretch) => {
			const answer = await page(stretch);
			return { ...answer, sightings: answer.sightings.map((one) => ({ ...one, keys: ['again'] })) };
		};
		await expect(idsOf(poller)).rejects.toThrow('No');
	});
});

it('a look back that reads the parts of known ones goes on behind one that is refused by now', async () => {
	const { list, refused, askedFor } = readable({ lookBackReads: 'parts' });
	const poller = await begun(list, logging);
	add(list, 'a', 'b', 'c');
	expect(await idsOf(poller)).toHaveLength(3);
	refused.set('b', refusal(404));
	askedFor.length = 0;
	later(30 * MINUTE);
	expect(await idsOf(poller)).toEqual([]);
	expect(askedFor).toEqual(['a', 'b', 'c']);
});

it('without a name of its own it is told by its key', async () => {
	const { list, refused } = readable({ nameOf: undefined });
	const poller = await begun(list, logging);
	refused.set('bad', refusal(404));
	add(list, 'a', 'bad');
	await idsOf(poller);
	expect(warn.mock.calls[0]).toEqual([expect.stringContaining('The bad cannot be read')]);
});

it('no more than a hundred are remembered, the latest', () => {
	const reading = newReading();
	for (let i = 0; i < 60; i++) {
		reading.refused.push({ name: `new ${i}`, key: '', error: refusal(404) });
	}
	reading.read.push({ name: 'a', key: '' });
	const known = Array.from({ length: 60 }, (_, i) => [`old ${i}`, '']);
	const kept = Object.keys(passOver(reading, Object.fromEntries(known), warn));
	expect(kept).toHaveLength(100);
	expect([kept[0], kept.at(-1)]).toEqual(['old 20', 'new 59']);
});

it('a list without parts asks for none, and remembers none', async () => {
	const list = listOf();
	const poller = polling(list, logging);
	await poller.poll();
	later(1);
	add(list, 'a');
	expect(await idsOf(poller)).toEqual(['a']);
	expect(JSON.stringify(poller.state())).not.toContain('refused');
});
