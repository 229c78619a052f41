import type { IDataObject } from 'n8n-workflow';

import type { Waits } from '../../engine/clockOfWaits.mts';
import { keepNotes } from '../../engine/engine.mts';
import { magaluWorld, messageForm } from '../../engine/magalu.mts';
import { allScopes } from '../../marketplaces/magalu/state.mts';

jest.mock('n8n-workflow', () =>
	jest.requireActual<Waits>('../../engine/clockOfWaits.mts').n8nWorkflow(),
);

const world = magaluWorld();
const settings = () => world.simulator.magalu.state.settings;
const reads = () => world.calls().filter((one) => one === 'magalu.messages').length;
const WHERE_STOPPED =
	'A message was stopped by moderation, or is not readable: Magalu created it and does not list it';

const send = async (options: IDataObject = {}) => {
	const given = { waitForModeration: true, ...options } as never;
	const { items, error, hints } = await world.run(messageForm({ options: given }));
	expect(error).toBeUndefined();
	return { json: items[0]!.json, hints: hints.map(({ message }) => message) };
};

describe('a message whose moderation is waited for', () => {
	it('is approved', async () => {
		const { json, hints } = await send();
		expect(json).toMatchObject({ status: 'sent', moderation: 'approved' });
		expect(json).not.toHaveProperty('moderationStatus');
		expect(hints).toEqual([]);
		expect(reads()).toBe(1);
	});

	it('is approved in its time', async () => {
		settings().moderatedAfterMs = 50_000;
		expect((await send()).json).toMatchObject({ status: 'sent', moderation: 'approved' });
		expect(reads()).toBeGreaterThan(2);
		expect(reads()).toBeLessThan(15);
	});

	it('is rejected, with the rules that it broke', async () => {
		Object.assign(settings(), { rejectedListed: true, moderationOf: () => 'rejected' });
		settings().blockRulesOf = () => ['Dados sensíveis', 'Termos proibidos'];
		const { json, hints } = await send();
		expect(json).toMatchObject({
			status: 'sent',
			moderation: 'rejected',
			moderationRules: ['Dados sensíveis', 'Termos proibidos'],
		});
		expect(hints).toEqual([
			'Magalu created a message, and its moderation rejected it: its reader never sees it: Dados sensíveis, Termos proibidos',
		]);
		expect(world.simulator.received).toEqual([]);
	});

	it.each([
		['was never listed', 0],
		['vanished after it was listed', 20_000],
	])('that %s is told as stopped, or not readable', async (_case, moderatedAfterMs) => {
		Object.assign(settings(), { moderatedAfterMs, moderationOf: () => 'rejected' });
		const began = Date.now();
		const { json, hints } = await send();
		expect(json).toMatchObject({
			status: 'sent',
			moderation: 'notReadable',
			moderationNote: WHERE_STOPPED,
		});
		expect(hints).toEqual([WHERE_STOPPED]);
		expect(Date.now() - began).toBeLessThan(90_000);
	});

	it('still waits when the time is over', async () => {
		settings().moderatedAfterMs = 600_000;
		const began = Date.now();
		const { json } = await send({ moderationTimeout: 30, reportModeration: true });
		expect(json).toMatchObject({ moderation: 'waiting', moderationStatus: 'new' });
		expect(Date.now() - began).toBeGreaterThanOrEqual(30_000);
		expect(Date.now() - began).toBeLessThan(45_000);
	});

	it('still waits where Magalu has only taken it', async () => {
		const { json } = await send({ waitForCompletion: false });
		expect(json).toMatchObject({ status: 'accepted', moderation: 'waiting' });
		expect(reads()).toBe(0);
	});

	it('is sent, and not readable to somebody who may not read messages', async () => {
		const scope = 'open:ticket-messages-seller:read';
		world.connect({ scopes: allScopes.filter((one) => one !== scope) });
		const { json, hints } = await send();
		expect(json).toMatchObject({ status: 'sent', moderation: 'notReadable' });
		expect(hints.join()).toMatch(/moderation .* could not be read.*messages-seller:read/);
	});

	it('is not looked at where it was sent before', async () => {
		await keepNotes();
		await send({ preventDuplicates: true });
		const asked = reads();
		const { json } = await send({ preventDuplicates: true });
		expect(json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
		expect(json).not.toHaveProperty('moderation');
		expect(reads()).toBe(asked);
	});

	it('is not looked at where it is only checked', async () => {
		expect((await send({ validateOnly: true })).json).not.toHaveProperty('moderation');
	});
});

it('a message says nothing of moderation where nobody asks', async () => {
	const { json } = await send({ waitForModeration: false });
	expect(Object.keys(json).filter((name) => name.startsWith('moderation'))).toEqual([]);
	expect(reads()).toBe(0);
});

it('a message that is looked at once is told as stopped, or not readable, too', async () => {
	settings().moderationOf = () => 'rejected';
	const { json, hints } = await send({ waitForModeration: false, reportModeration: true });
	expect(json).toMatchObject({ moderation: 'notReadable', moderationStatus: null });
	expect(hints).toEqual([WHERE_STOPPED]);
	expect(reads()).toBe(1);
});
