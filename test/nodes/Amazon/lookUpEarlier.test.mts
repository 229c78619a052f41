/** "Look It Up": Amazon is asked for a review request that an earlier execution began. */
import type { IDataObject } from 'n8n-workflow';

import { amazonWorld } from '../../engine/amazon.mts';
import { keepNotes } from '../../engine/engine.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';

const amazon = amazonWorld();
const MINUTE = 60_000;
const REVIEWABLE = '111-4444444-4444444';
const LIST = 'amazon.solicitationActions';
/** As long as it takes until a request that was not taken surely never comes, and the slot of its beginning. */
const SETTLED = 31 * MINUTE;

let asUsual: QuickTime;
beforeEach(async () => {
	asUsual = quickTime();
	await keepNotes();
	amazon.withoutLimits();
});
afterEach(() => asUsual());

async function later(ms: number): Promise<void> {
	for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
	asUsual.skip(ms);
}
const asked = () => amazon.simulator.received.length;
const run = async (whenInDoubt: string) => {
	const options = { preventDuplicates: true, lookUpAfterLoss: false, whenInDoubt };
	const form = { resource: 'reviewRequest', operation: 'send', orderId: REVIEWABLE, options };
	const { items, error } = await amazon.run(form);
	return { ...items[0]?.json, ...error?.context.details } as IDataObject;
};
/** A run whose answer is lost: it leaves a doubt. */
async function begin(when: 'before' | 'after') {
	amazon.simulator.faults.push({ operation: 'amazon.solicit', kind: 'lost', when });
	expect(await run('stop')).toMatchObject({ outcome: 'unknown' });
}
async function stopped(): Promise<string> {
	const before = asked();
	const said = await run('lookUp');
	expect(said).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
	expect(asked()).toBe(before);
	return String(said.description);
}
const listed = (status: number, body: object) =>
	void amazon.simulator.faults.push({ operation: LIST, kind: 'status', status, body, times: 9 });

describe('a review request that an earlier execution began', () => {
	it('is sent where Amazon still offers it, half an hour later', async () => {
		await begin('before');
		await later(SETTLED);
		expect(await run('lookUp')).toMatchObject({ status: 'sent' });
	});

	it('is known to a later run once it was sent', async () => {
		await begin('before');
		await later(SETTLED);
		await run('lookUp');
		expect(await run('lookUp')).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	});

	it('stops where Amazon still offers it and it may still come', async () => {
		await begin('before');
		expect(await stopped()).toMatch(
			/It is not in the requests that Amazon has taken, but was begun so short.* In (2\d|30) minutes/,
		);
	});

	it('stops where Amazon does not offer it any more: that has many reasons', async () => {
		await begin('after');
		await later(SETTLED);
		expect(await stopped()).toContain(
			'Amazon does not offer to ask for a review of this order now: it was asked for, or it is too early or too late',
		);
	});

	it('stops where Amazon does not say', async () => {
		await begin('before');
		await later(SETTLED);
		listed(200, {});
		expect(await stopped()).toContain(
			'Amazon does not say whether a review of this order can be asked for.',
		);
	});

	it('stops where Amazon refuses to say, in its own words', async () => {
		await begin('before');
		await later(SETTLED);
		listed(403, { errors: [{ code: 'Unauthorized', message: 'Outside the 5-30 day range.' }] });
		expect(await stopped()).toContain(
			'Amazon does not allow a review request for this order now: Outside the 5-30 day range. Look',
		);
	});

	it('stops where Amazon does not answer', async () => {
		await begin('before');
		await later(SETTLED);
		listed(503, {});
		expect(await stopped()).toContain(
			'Nobody could see whether it is in the requests that Amazon has taken',
		);
	});
});

it('a review request that has to wait too long does not leave', async () => {
	const operation = 'amazon.solicit';
	amazon.simulator.faults.push({ operation, kind: 'status', status: 429 });
	const running = run('stop');
	while (!amazon.calls().includes(operation)) await new Promise(setImmediate);
	asUsual.skip(9 * MINUTE);
	expect(await running).toMatchObject({ outcome: 'notSent', code: 'TooLateToSend' });
});
