/** How soon a workflow starts after a buyer wrote: eBay calls n8n, or n8n asks eBay every minute. */
import { setTimeout as wait } from 'node:timers/promises';

import { writeTable } from '../../bench/tables.mts';
import { startedBy, startsOf, until } from '../triggers.mts';
import { startWorld, type World } from '../world.mts';
import { medianOf } from './duplicates.mts';

const MESSAGES = 5;
/** Between two messages: they come at different moments of the minute. */
const BETWEEN_MS = 17_000;

const push = startedBy('ebayNotificationTrigger', 'ebayApi', {
	topic: 'newMessage',
	alertEmail: 'shop@example.com',
});
const poll = startedBy('ebayMessageTrigger', 'ebayApi', {
	pollTimes: { item: [{ mode: 'everyMinute' }] },
});

describe(`${MESSAGES} messages of buyers`, () => {
	const waits: Record<'push' | 'poll', number[]> = { push: [], poll: [] };
	let world: World;

	beforeAll(async () => {
		world = await startWorld('notifications');
		const ids = { push: '', poll: '' };
		for (const [name, workflow] of Object.entries({ push, poll })) {
			ids[name as keyof typeof ids] = await world.n8n.importWorkflow(workflow);
			await world.n8n.activate(ids[name as keyof typeof ids]);
		}
		const writtenAt = new Map<string, number>();
		for (let i = 0; i < MESSAGES; i++) {
			const text = `Message ${i}`;
			writtenAt.set(text, Date.now());
			await world.simulator.ebay.writeAsBuyer!({ from: `buyer_${i}`, text });
			await wait(BETWEEN_MS);
		}
		for (const name of ['push', 'poll'] as const) {
			const starts = async () => await startsOf(world.n8n, ids[name]);
			await until(`${MESSAGES} starts by ${name}`, async () => (await starts()).length >= MESSAGES);
			for (const { json, startedAt } of await starts()) {
				waits[name].push(startedAt - writtenAt.get(String(json.text))!);
			}
		}
		keepTable();
	});

	afterAll(async () => await world?.stop());

	it('start both workflows once each', () => {
		expect([waits.push.length, waits.poll.length]).toEqual([MESSAGES, MESSAGES]);
	});

	it('start the one that eBay calls first', () => {
		expect(medianOf(waits.push)).toBeLessThan(medianOf(waits.poll));
	});

	function keepTable(): void {
		const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
		const row = (name: string, times: number[]) =>
			`| ${name} | ${seconds(medianOf(times))} | ${seconds(Math.max(...times))} |`;
		writeTable(
			'docs/benchmarks.md',
			'notifications',
			[
				'|  | median | longest |',
				'| --- | ---: | ---: |',
				row('eBay Notification Trigger', waits.push),
				row('eBay Message Trigger, every minute', waits.poll),
			].join('\n'),
		);
	}
});
