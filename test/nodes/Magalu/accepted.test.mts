import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetAttempts } from '../../../nodes/Magalu/api/attempts.ts';
import { pass, type Waits } from '../../engine/clockOfWaits.mts';
import { keepNotes } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm, TICKET } from '../../engine/magalu.mts';

jest.mock('n8n-workflow', () =>
	jest.requireActual<Waits>('../../engine/clockOfWaits.mts').n8nWorkflow(),
);

const world = magaluWorld();
const MINUTE = 60_000;
const settings = () => world.simulator.magalu.state.settings;
const posts = () => world.calls().filter((operation) => operation === 'magalu.send');

const form = (options: IDataObject = {}, more: INodeParameters = {}) =>
	messageForm({
		...more,
		options: { preventDuplicates: true, waitForCompletion: false, ...options } as INodeParameters,
	});
const run = async (parameters: INodeParameters) => {
	const { items, error } = await world.run(parameters);
	return { ...items[0]?.json, ...error?.context.details } as IDataObject;
};
/** Time for every transaction to come to its end. */
const later = () => {
	pass(20 * MINUTE);
	world.simulator.magalu.settle();
};

beforeEach(async () => {
	await keepNotes();
	forgetAttempts();
	settings().completeAfterMs = MINUTE;
});

const processes: Array<[string, () => void]> = [
	['of the same process', () => {}],
	// The store of n8n's notes is all that two processes have in common.
	['of another process', forgetAttempts],
];

describe.each(processes)('a message that was accepted, in a later run %s', (_, between) => {
	it('was sent before where its transaction has completed', async () => {
		expect(await run(form())).toMatchObject({ status: 'accepted' });
		between();
		later();
		expect(await run(form())).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(posts()).toHaveLength(1);
		expect(world.simulator.received).toHaveLength(1);

		const asked = world.calls().length;
		expect(await run(form())).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(world.calls()).toHaveLength(asked);
	});

	it.each(['failed', 'cancelled'] as const)(
		'is sent again where its transaction has %s',
		async (end) => {
			settings().outcomeOf = () => end;
			expect(await run(form())).toMatchObject({ status: 'accepted' });
			between();
			later();
			settings().outcomeOf = () => 'completed';
			settings().completeAfterMs = 0;
			const options = { waitForCompletion: true };
			expect(await run(form(options))).toMatchObject({ status: 'sent' });
			expect(posts()).toHaveLength(2);
			between();
			expect(await run(form(options))).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
			expect(world.simulator.received).toHaveLength(1);
		},
	);

	it('is sent as often as its transactions fail, and then no more', async () => {
		settings().outcomeOf = () => 'failed';
		for (let time = 1; time <= 3; time++) {
			expect(await run(form())).toMatchObject({ status: 'accepted' });
			between();
			later();
			expect(posts()).toHaveLength(time);
		}
		settings().outcomeOf = () => 'completed';
		expect(await run(form())).toMatchObject({ status: 'accepted' });
		between();
		later();
		expect(await run(form())).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(posts()).toHaveLength(4);
		expect(world.simulator.received).toHaveLength(1);
	});

	it('is in doubt as long as its transaction has not ended', async () => {
		settings().outcomeOf = () => 'never';
		await run(form());
		between();
		later();
		expect(await run(form())).toMatchObject({
			outcome: 'unknown',
			retryable: false,
			code: 'InDoubt',
		});
		expect(posts()).toHaveLength(1);
	});

	it('is waited for where the form says so', async () => {
		await run(form());
		between();
		expect(await run(form({ waitForCompletion: true }))).toMatchObject({
			status: 'skipped',
			reason: 'alreadySent',
		});
		expect(posts()).toHaveLength(1);
	});

	it('is in doubt where nothing can be read', async () => {
		await run(form());
		between();
		later();
		world.connect({ scopes: ['open:ticket-messages-seller:write'] });
		expect(await run(form())).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
		expect(await run(form({ whenInDoubt: 'treatAsSent' }))).toMatchObject({
			status: 'skipped',
			reason: 'treatedAsSent',
		});
		expect(posts()).toHaveLength(1);
	});

	it('is sent again once, by two runs at the same time', async () => {
		settings().outcomeOf = () => 'failed';
		await run(form());
		between();
		later();
		settings().outcomeOf = () => 'completed';
		settings().completeAfterMs = 0;
		const options = { waitForCompletion: true };
		const ends = await Promise.all([run(form(options)), run(form(options))]);
		expect(ends.map(({ status }) => status).sort()).toEqual(['sent', 'skipped']);
		expect(world.simulator.received).toHaveLength(1);
	});

	it('with a file that never surely arrived is in doubt, and then what its transaction says', async () => {
		world.connect({ scopes: ['open:ticket-messages-seller:write'] });
		world.simulator.faults.push({ operation: 'gcs.put', kind: 'status', status: 503, times: 999 });
		expect(await run(form({}, attached('data')))).toMatchObject({ status: 'accepted' });
		between();
		world.connect();
		world.simulator.faults.length = 0;
		later();
		expect(await run(form({}, attached('data')))).toMatchObject({ status: 'accepted' });
		expect(posts()).toHaveLength(2);
	});
});

describe('a message whose answer was lost', () => {
	it('was sent before, in a later run, where it is in its ticket by then', async () => {
		settings().completeAfterMs = 10 * MINUTE;
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'after' });
		expect(await run(form())).toMatchObject({ outcome: 'unknown' });
		later();
		expect(await run(form())).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(posts()).toHaveLength(1);
	});

	it('stays in doubt where Magalu has no list of transactions', async () => {
		const operation = 'magalu.transactions';
		world.simulator.faults.push({ operation, kind: 'status', status: 404, times: 9 });
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'before' });
		expect(await run(form())).toMatchObject({ outcome: 'unknown' });
		expect(await run(form())).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
		expect(world.calls()).toContain(operation);
		expect(posts()).toHaveLength(1);
	});

	it('stays in doubt where Magalu knows nothing of it', async () => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'before' });
		expect(await run(form())).toMatchObject({ outcome: 'unknown' });
		later();
		expect(await run(form())).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
		expect(posts()).toHaveLength(1);
	});
});

describe('the code of a message that is not sent twice', () => {
	const codes = () => world.simulator.magalu.state.transactions.map(({ message }) => message.code);

	it('is the same in each attempt, and that of no other message', async () => {
		settings().outcomeOf = () => 'failed';
		await run(form());
		later();
		await run(form());
		await run(form({}, { text: 'Outra mensagem' }));
		await run(form({ duplicateKey: 'once more' }));
		expect(codes()).toHaveLength(4);
		expect(codes()[0]).toMatch(/^n8n-[0-9a-f]{24}$/);
		expect(codes()[1]).toBe(codes()[0]);
		expect(new Set(codes()).size).toBe(3);
	});

	it('of the seller’s own tells the message where text and destination are the same', async () => {
		await run(form({}, { code: 'erp-1' }));
		forgetAttempts();
		later();
		expect(await run(form({}, { code: 'erp-1' }))).toMatchObject({ reason: 'alreadySent' });
	});

	it('of the seller’s own does not take another message for this one', async () => {
		world.simulator.magalu.addMessage(TICKET, {
			code: 'erp-1',
			text: 'Outra mensagem',
			destination: 'customer',
			sender: { id: 's', name: 'Loja', type: 'seller' },
		});
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'before' });
		expect(await run(form({}, { code: 'erp-1' }))).toMatchObject({ outcome: 'unknown' });
		expect(await run(form({}, { code: 'erp-1' }))).toMatchObject({ code: 'InDoubt' });
	});

	it('of the seller’s own tells nothing where a key says that the same words are another message', async () => {
		settings().completeAfterMs = 0;
		await run(form({ waitForCompletion: true, duplicateKey: 'first' }, { code: 'erp-1' }));
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'lost', when: 'before' });
		const second = form({ duplicateKey: 'second' }, { code: 'erp-1' });
		pass(10 * MINUTE);
		expect(await run(second)).toMatchObject({ outcome: 'unknown' });
		expect(await run(second)).toMatchObject({ code: 'InDoubt' });
	});
});
