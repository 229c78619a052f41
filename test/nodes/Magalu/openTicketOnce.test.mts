import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetAttempts } from '../../../nodes/Magalu/api/attempts.ts';
import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { pass, type Waits } from '../../engine/clockOfWaits.mts';
import { keepNotes } from '../../engine/engine.mts';
import { magaluWorld } from '../../engine/magalu.mts';
import type { Order } from '../../marketplaces/magalu/state.mts';

jest.mock('n8n-workflow', () =>
	jest.requireActual<Waits>('../../engine/clockOfWaits.mts').n8nWorkflow(),
);

const world = magaluWorld();
const settings = () => world.simulator.magalu.state.settings;
const posts = () => world.calls().filter((one) => one === 'magalu.openTicket').length;

let order: Order;
beforeEach(async () => {
	await keepNotes();
	forgetAttempts();
	forgetLanes();
	order = world.simulator.magalu.addOrder({ status: 'approved' });
});

/** Without the look for an open ticket: what follows is the work of the notes. */
const run = async (options: IDataObject = {}, more: INodeParameters = {}) => {
	const given = { preventDuplicates: true, useOpenTicket: false, ...options } as INodeParameters;
	const form = { resource: 'ticket', operation: 'create', orderId: order.id, ...more };
	const { items, error } = await world.run({ ...form, options: given });
	return { ...items[0]?.json, ...error?.context.details } as IDataObject;
};
/** Time for every transaction to come to its end. */
const later = () => {
	pass(20 * 60_000);
	world.simulator.magalu.settle();
};

describe('a ticket that is not to be opened twice', () => {
	it('is passed over in a later run, and named', async () => {
		const { ticketId } = await run();
		expect(await run()).toMatchObject({ status: 'skipped', reason: 'alreadySent', ticketId });
		expect(posts()).toBe(1);
	});

	it.each<[string, INodeParameters]>([
		['type', { type: 'payment' }],
		['reason', { reason: 'unavailability' }],
	])('is another one with another %s', async (_name, more) => {
		await run();
		expect(await run({}, more)).toMatchObject({ status: 'sent' });
	});

	it('is another one with another key', async () => {
		await run({ duplicateKey: 'first' });
		expect(await run({ duplicateKey: 'second' })).toMatchObject({ status: 'sent' });
	});

	it('is opened where the first try surely failed', async () => {
		settings().ticketOutcomeOf = () => 'failed';
		expect(await run()).toMatchObject({ outcome: 'notSent' });
		settings().ticketOutcomeOf = () => 'completed';
		expect(await run()).toMatchObject({ status: 'sent' });
		expect(posts()).toBe(2);
	});
});

const processes: Array<[string, () => void]> = [
	['of the same process', () => {}],
	// The store of n8n's notes is all that two processes have in common.
	['of another process', forgetAttempts],
];

describe.each(processes)('a ticket that was accepted, in a later run %s', (_name, between) => {
	beforeEach(() => {
		settings().completeAfterMs = 60_000;
	});

	it('was opened before where it is there by now', async () => {
		expect(await run({ waitForCompletion: false })).toMatchObject({ status: 'accepted' });
		between();
		later();
		const { id } = world.simulator.magalu.state.tickets.at(-1)!;
		expect(await run()).toMatchObject({ status: 'skipped', reason: 'alreadySent', ticketId: id });
		expect(posts()).toBe(1);
	});

	it('stays in doubt as long as nobody can tell', async () => {
		settings().ticketOutcomeOf = () => 'never';
		await run({ waitForCompletion: false });
		between();
		later();
		expect(await run({ timeout: 5 })).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
		expect(posts()).toBe(1);
	});
});

it('a ticket that was accepted and then failed is opened anew', async () => {
	settings().completeAfterMs = 60_000;
	settings().ticketOutcomeOf = () => 'failed';
	expect(await run({ waitForCompletion: false })).toMatchObject({ status: 'accepted' });
	later();
	Object.assign(settings(), { ticketOutcomeOf: () => 'completed', completeAfterMs: 0 });
	expect(await run()).toMatchObject({ status: 'sent' });
	expect(posts()).toBe(2);
});

it('a ticket whose answer was lost is in doubt until it is to be seen', async () => {
	world.simulator.faults.push({ operation: 'magalu.openTicket', kind: 'lost' });
	await run();
	expect(await run()).toMatchObject({ outcome: 'unknown', code: 'InDoubt' });
	expect(posts()).toBe(1);
});

it('a ticket with a key of the seller’s own is not taken for one that is alike', async () => {
	await run({ preventDuplicates: false });
	world.simulator.faults.push({ operation: 'magalu.openTicket', kind: 'lost' });
	await run({ duplicateKey: 'second' });
	expect(await run({ duplicateKey: 'second' })).toMatchObject({ code: 'InDoubt' });
});
