/** "Look It Up": Magalu is asked for a message that an earlier execution began. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetAttempts } from '../../../nodes/Magalu/api/attempts.ts';
import { pass, type Waits } from '../../engine/clockOfWaits.mts';
import { keepNotes } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm } from '../../engine/magalu.mts';

jest.mock('n8n-workflow', () =>
	jest.requireActual<Waits>('../../engine/clockOfWaits.mts').n8nWorkflow(),
);

const world = magaluWorld();
const MINUTE = 60_000;
const SEND = 'magalu.send';
/** As long as it takes until a message that is not there surely never comes, and the slot of its beginning. */
const SETTLED = 31 * MINUTE;
const received = () => world.simulator.received.length;

beforeEach(async () => {
	await keepNotes();
	forgetAttempts();
});

const withOptions = (form: INodeParameters, whenInDoubt: string) =>
	messageForm({
		...form,
		options: { preventDuplicates: true, lookUpAfterLoss: false, whenInDoubt },
	});
const run = async (form: INodeParameters, whenInDoubt: string) => {
	const { items, error } = await world.run(withOptions(form, whenInDoubt));
	return { ...items[0]?.json, ...error?.context.details, message: error?.message } as IDataObject;
};
async function begin(form: INodeParameters, when: 'before' | 'after') {
	world.simulator.faults.push({ operation: SEND, kind: 'lost', when });
	expect(await run(form, 'stop')).toMatchObject({ outcome: 'unknown' });
}
const lookUp = async (form: INodeParameters) => await run(form, 'lookUp');
async function stopped(form: INodeParameters): Promise<string> {
	const before = received();
	const said = await lookUp(form);
	expect(said).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
	expect(received()).toBe(before);
	return String(said.description);
}
/** Another message, so that the lists are not empty. */
const sendOther = async (more: INodeParameters = {}) =>
	expect(await run({ text: 'Outra', ...more }, 'stop')).toMatchObject({ status: 'sent' });
const later = async (ms: number) => {
	for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
	pass(ms);
};

describe('a message that an earlier execution began', () => {
	it('counts as sent where Magalu created it', async () => {
		await begin({}, 'after');
		expect(await lookUp({})).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(received()).toBe(1);
	});

	it('is sent where Magalu never took it, half an hour later, once', async () => {
		await sendOther();
		await begin({}, 'before');
		expect(await stopped({})).toMatch(/In (2\d|30) minutes that is known/);
		await later(SETTLED);
		expect(await lookUp({})).toMatchObject({ status: 'sent' });
		expect(await lookUp({})).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(received()).toBe(2);
	});

	it('with files is sent where Magalu never took it', async () => {
		await sendOther();
		await begin(attached('data'), 'before');
		await later(SETTLED);
		expect(await lookUp(attached('data'))).toMatchObject({ status: 'sent' });
	});

	it('with files that never came stops as long as Magalu waits for them, and is sent afterwards', async () => {
		await begin(attached('data'), 'after');
		await later(5 * MINUTE);
		expect(await stopped(attached('data'))).toContain('Magalu took it');
		await later(SETTLED);
		world.simulator.magalu.settle();
		expect(await lookUp(attached('data'))).toMatchObject({ status: 'sent' });
		expect(received()).toBe(1);
	});

	it('stops where Magalu shows no transactions at all', async () => {
		await begin({}, 'before');
		await later(SETTLED);
		expect(await stopped({})).toContain('Magalu shows no transactions of these days at all');
	});

	it('stops where the transactions cannot be read', async () => {
		await sendOther();
		await begin({}, 'before');
		await later(SETTLED);
		const fault = {
			operation: 'magalu.transactions',
			kind: 'status',
			status: 403,
			times: 9,
		} as const;
		world.simulator.faults.push(fault);
		expect(await stopped({})).toContain(
			"Nobody could see whether it is in Magalu's transactions and the ticket",
		);
	});

	it("stops where another program's code was sent at that time", async () => {
		await begin({}, 'before');
		await sendOther({ code: 'erp-1' });
		await later(SETTLED);
		expect(await stopped({})).toContain("another program's 'Code'");
	});

	it('with a code of its own counts as sent where it is there, and stops where it is not', async () => {
		const form = { code: 'erp-1001' };
		await begin(form, 'after');
		expect(await lookUp(form)).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		const next = { code: 'erp-1002', text: 'Depois' };
		await begin(next, 'before');
		await later(SETTLED);
		expect(await stopped(next)).toContain("With a 'Code' of your own");
	});

	it('stops where Magalu shows more transactions of that time than can be read', async () => {
		await begin({}, 'before');
		await sendOther();
		const { transactions } = world.simulator.magalu.state;
		const [one] = transactions;
		for (let i = 0; i < 300; i++) transactions.push({ ...one!, id: `${i}` });
		await later(SETTLED);
		expect(await stopped({})).toContain('so many transactions from that time');
	});

	it('stops where a transaction of that time is null: it may be the one', async () => {
		await begin({}, 'before');
		await later(SETTLED);
		const body = {
			meta: null,
			results: [{ id: '1', code: 'n8n-other', status: 'completed' }, null],
		};
		const fault = { operation: 'magalu.transactions', kind: 'status', status: 200 } as const;
		world.simulator.faults.push({ ...fault, body, times: 9 });
		expect(await stopped({})).toContain('not all could be seen');
	});
});

test('a message that has to wait too long does not leave, and can be sent by another run', async () => {
	world.simulator.faults.push({ operation: SEND, kind: 'status', status: 429 });
	const running = run({}, 'stop');
	while (!world.calls().includes(SEND)) await new Promise(setImmediate);
	pass(9 * MINUTE);
	expect(await running).toMatchObject({
		...{ outcome: 'notSent', retryable: true, code: 'TooLateToSend' },
		message: expect.stringContaining('The message could not leave within 8 minutes'),
	});
	expect(received()).toBe(0);
	expect(await run({}, 'stop')).toMatchObject({ status: 'sent' });
});
