import type { INodeParameters } from 'n8n-workflow';

import { EbayApi } from '../../../credentials/EbayApi.credentials.ts';
import { EbayQuestionTrigger } from '../../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import { tellTime } from '../../engine/clock.mts';
import { ebayCredential, ITEM } from '../../engine/ebay.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';

/** One clock for the node and for eBay; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OTHER_ITEM = '110000000009';

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.ebay.state.questions = [];
});
afterEach(() => expect(simulator.defects).toEqual([]));
afterAll(async () => {
	await simulator.close();
});

function trigger(filters: INodeParameters = {}): Poller {
	const test = {
		node: new EbayQuestionTrigger(),
		credentialTypes: [new EbayApi()],
		credentials: { ebayApi: ebayCredential(simulator) },
	};
	return pollerOf(test, { filters });
}

const pass = (ms: number) => {
	mockNow += ms;
};

async function bodiesFor(poller: Poller, ms: number): Promise<unknown[]> {
	const bodies: unknown[] = [];
	for (const end = mockNow + ms; mockNow < end;) {
		pass(5 * MINUTE);
		bodies.push(...((await poller.poll()) ?? []).map(({ json }) => json.body));
	}
	return bodies;
}

it('gives a new question with the ids that an answer wants, and without the e-mail address', async () => {
	const poller = trigger();
	await poller.poll();
	pass(1);
	const asked = simulator.ebay.addQuestion({
		itemId: ITEM,
		sender: 'shopper',
		body: 'Is it <new>?',
	});
	pass(5 * MINUTE);
	const items = (await poller.poll())!;
	expect(items).toHaveLength(1);
	expect(items[0]!.json).toMatchObject({
		parentMessageId: asked.messageId,
		recipientId: 'shopper',
		itemId: ITEM,
		body: 'Is it <new>?',
		Question: { MessageID: asked.messageId, SenderID: 'shopper' },
		MessageStatus: 'Unanswered',
	});
	expect(JSON.stringify(items)).not.toContain('example.com');
});

it('gives each question once, answered or not, and none from before', async () => {
	simulator.ebay.addQuestion({ itemId: ITEM, body: 'old', createdAt: mockNow - MINUTE });
	const poller = trigger();
	expect(await poller.poll()).toBeNull();
	pass(1);
	const asked = simulator.ebay.addQuestion({ itemId: ITEM, body: 'new' });
	simulator.ebay.addQuestion({ itemId: ITEM, body: 'late', indexedAt: mockNow + 3 * HOUR });
	expect(await bodiesFor(poller, HOUR)).toEqual(['new']);
	Object.assign(asked, { replies: ['Yes'], modifiedAt: mockNow });
	expect(await bodiesFor(poller, 6 * HOUR)).toEqual(['late']);
});

it('gives 250 questions of one moment, each once, over a restart', async () => {
	const poller = trigger();
	await poller.poll();
	pass(1);
	for (let i = 0; i < 250; i++) simulator.ebay.addQuestion({ itemId: ITEM, body: `${i}` });
	const bodies = await bodiesFor(poller, 10 * MINUTE);
	poller.restart();
	bodies.push(...(await bodiesFor(poller, HOUR)));
	expect(bodies).toHaveLength(250);
	expect(new Set(bodies).size).toBe(250);
});

it('takes the questions of one listing, named by its address', async () => {
	const poller = trigger({ itemId: `https://www.ebay.com/itm/${OTHER_ITEM}` });
	await poller.poll();
	pass(1);
	simulator.ebay.addQuestion({ itemId: ITEM, body: 'no' });
	simulator.ebay.addQuestion({ itemId: OTHER_ITEM, body: 'yes' });
	expect(await bodiesFor(poller, 10 * MINUTE)).toEqual(['yes']);
});

describe('a test in the editor', () => {
	it('shows the newest question', async () => {
		simulator.ebay.addQuestion({
			itemId: ITEM,
			body: 'older',
			createdAt: mockNow - 40 * 24 * HOUR,
		});
		simulator.ebay.addQuestion({
			itemId: ITEM,
			body: 'newer',
			createdAt: mockNow - 20 * 24 * HOUR,
		});
		const items = await trigger().poll('manual');
		expect(items!.map(({ json }) => json.body)).toEqual(['newer']);
	});

	it('says that there is none', async () => {
		await expect(trigger().poll('manual')).rejects.toMatchObject({
			message: 'eBay has no question that fits',
		});
	});

	it('refuses what is no listing', async () => {
		await expect(trigger({ itemId: 'mug' }).poll('manual')).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: "'Item ID' is not the number of an eBay listing",
		});
	});
});
