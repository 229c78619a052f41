/** 'Simplify': of every operation and trigger that has it, what is left of an item. */
import type { IDataObject, INodeParameters, INodeProperties, INodeType } from 'n8n-workflow';

import * as amazonOutput from '../../nodes/Amazon/actions/output.ts';
import * as ebayOutput from '../../nodes/Ebay/actions/output.ts';
import * as magaluOutput from '../../nodes/Magalu/actions/output.ts';
import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import { simplified, type SimpleFields } from '../../nodes/shared/run/simplify.ts';
import { amazonWorld } from '../engine/amazon.mts';
import { tellTime } from '../engine/clock.mts';
import { ebayWorld } from '../engine/ebay.mts';
import { magaluWorld } from '../engine/magalu.mts';
import { pollerOf } from '../engine/poller.mts';
import type { World } from '../engine/world.mts';
import { filledIn, type Operation, operations } from './outputColumns.mts';
import { amazonRows } from './triggers/amazonRows.mts';
import { emptied, MINUTE, type TriggerRow } from './triggers/behaviours.mts';
import { ebayRows } from './triggers/ebayRows.mts';
import { magaluRows } from './triggers/magaluRows.mts';

/** One clock for the nodes and for the marketplaces; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
tellTime(() => mockNow);

const amazon = amazonWorld();
const worlds: Record<keyof typeof operations, World> = {
	amazonMessaging: amazon,
	ebayMemberMessage: ebayWorld(),
	magaluTicketMessage: magaluWorld(),
};
beforeEach(() => forgetLanes());

/** Our own names, which chain to other nodes, in their order. */
const amazonOrder = ['orderId', 'marketplaceId', 'fulfillmentStatus', 'title'];
const ebayOrder = ['orderId', 'itemId', 'transactionId', 'recipientId', 'title'];
const ebayConversation = ['conversationId', 'itemId', 'from', 'text'];
const magaluOrder = ['orderId', 'orderCode', 'status', 'title'];
const magaluTicket = ['ticketId', 'orderId', 'orderCode', 'status'];
const names: Readonly<Record<keyof typeof operations, Readonly<Record<string, string[]>>>> = {
	amazonMessaging: { 'order: get': amazonOrder, 'order: getMany': amazonOrder },
	ebayMemberMessage: {
		'question: getMany': ['parentMessageId', 'recipientId', 'itemId', 'body', 'title'],
		'conversation: getMany': ebayConversation,
		// Of one conversation eBay does not tell which listing it is about.
		'conversation: get': ['conversationId', 'from', 'text'],
		'order: get': ebayOrder,
		'order: getMany': ebayOrder,
	},
	magaluTicketMessage: {
		'ticket: getMany': magaluTicket,
		'ticket: get': magaluTicket,
		'message: getMany': ['ticketId', 'messageId', 'from', 'message'],
		'transaction: get': ['transactionId', 'transactionStatus', 'ticketId', 'messageId'],
		'order: get': magaluOrder,
		'order: getMany': magaluOrder,
	},
};

interface Row {
	title: string;
	names: string[];
	/** The same items, read once with each of these options. */
	read(...options: INodeParameters[]): Promise<IDataObject[][]>;
}

function actionRow(type: keyof typeof operations, row: Operation, ofRow: string[]): Row {
	const world = worlds[type];
	const run = async (parameters: INodeParameters) => {
		const { error, items } = await world.run(parameters, { items: [{ json: {} }] });
		expect(error).toBeUndefined();
		return items.map(({ json }) => json);
	};
	return {
		title: `${type}, ${row.name}`,
		names: ofRow,
		async read(...options) {
			const parameters = await filledIn(row, operations[type], run);
			const read: IDataObject[][] = [];
			for (const one of options) read.push(await run({ ...parameters, options: one }));
			return read;
		},
	};
}

function triggerRow(row: TriggerRow): Row {
	return {
		title: `${row.node().description.name}, ${row.name}`,
		// Media are a list.
		names: row.names.filter((name) => name !== 'media'),
		async read(...options) {
			const { simulator } = amazon;
			emptied(simulator);
			const type = row.credentialType();
			const test = {
				node: row.node(),
				credentialTypes: [type],
				credentials: { [type.name]: row.credential(simulator) as never },
			};
			const own = row.parameters.options as INodeParameters | undefined;
			const pollers = options.map((one) =>
				pollerOf(test, { ...row.parameters, options: { ...own, ...one } }, 'durable'),
			);
			for (const poller of pollers) await poller.poll();
			mockNow += MINUTE;
			row.happen(simulator, 'a');
			mockNow += 10 * MINUTE;
			const read: IDataObject[][] = [];
			for (const poller of pollers) {
				forgetLanes();
				read.push((await poller.poll())!.map(({ json }) => json));
			}
			return read;
		},
	};
}

const actions = (Object.keys(operations) as Array<keyof typeof operations>).flatMap((type) =>
	operations[type].flatMap((row) => {
		const ofRow = names[type][row.name];
		return ofRow ? [actionRow(type, row, ofRow)] : [];
	}),
);
/** One event of each trigger for each kind of item that it hands over. */
const triggers = [
	...new Map(
		[...amazonRows, ...ebayRows, ...magaluRows].map((row) => [
			`${row.node().description.name} ${row.names.join()}`,
			row,
		]),
	).values(),
].map(triggerRow);

const isPlain = (value: unknown) => value === null || typeof value !== 'object';
const everything = { includePersonalData: true, includedData: ['BUYER', 'RECIPIENT'] };

describe.each([...actions, ...triggers])('$title', (row) => {
	it('has at most ten fields, our names first, and nothing nested', async () => {
		const [simple] = await row.read({ simplify: true });
		expect(simple!.length).toBeGreaterThan(0);
		for (const json of simple!) {
			expect(Object.keys(json).length).toBeLessThanOrEqual(10);
			expect(Object.values(json).filter((value) => !isPlain(value))).toEqual([]);
		}
		expect(Object.keys(simple![0]!).slice(0, row.names.length)).toEqual(row.names);
	});

	it('has what stands in the whole item under the same name', async () => {
		const [simple, whole] = await row.read({ simplify: true }, {});
		const same = simple!.map((json, i) =>
			Object.fromEntries(Object.keys(json).map((name) => [name, whole![i]![name] ?? json[name]])),
		);
		expect(simple).toEqual(same);
	});

	it('has no more where personal data is asked for', async () => {
		const [simple, asked] = await row.read({ simplify: true }, { simplify: true, ...everything });
		expect(asked).toEqual(simple);
	});

	it('is whole where nobody chose it', async () => {
		const [without, off] = await row.read({}, { simplify: false });
		expect(without).toEqual(off);
		expect(without!.some((json) => Object.values(json).some((one) => !isPlain(one)))).toBe(true);
	});
});

describe('what stands deeper in an object is told as a plain value', () => {
	it.each<[string, SimpleFields, IDataObject, IDataObject]>([
		[
			'the last moments of an Amazon order',
			amazonOutput.simpleOrder,
			{
				fulfillment: {
					shipByWindow: { earliestDateTime: 'a', latestDateTime: 'b' },
					deliverByWindow: { earliestDateTime: 'c', latestDateTime: 'd' },
				},
			},
			{ shipBy: 'b', deliverBy: 'd' },
		],
		[
			'that the buyer wants to cancel one item of an Amazon order',
			amazonOutput.simpleOrder,
			{ orderItems: [{}, { cancellation: { cancellationRequest: { requester: 'BUYER' } } }] },
			{ cancellationRequested: true },
		],
		[
			'the messages of an eBay conversation, HTML without its tags',
			ebayOutput.simpleConversation,
			{
				messages: [
					{ createdDate: 'b', senderUsername: 'we', messageBody: '<p>Yes &amp; soon</p>' },
					{ createdDate: 'a', senderUsername: 'buyer_one', messageBody: 'When?' },
				],
			},
			{ latestAt: 'b', transcript: 'b we: Yes & soon\na buyer_one: When?' },
		],
		[
			'the states of the deliveries of a Magalu order, each once',
			magaluOutput.simpleOrder,
			{ deliveries: ['shipped', 'delivered', 'shipped', null].map((status) => ({ status })) },
			{ deliveryStatus: 'shipped, delivered' },
		],
		[
			'the total of a Magalu order in the unit of its currency',
			magaluOutput.simpleOrder,
			{ amounts: { total: 7990, normalizer: 100, currency: 'BRL' } },
			{ total: 79.9, currency: 'BRL' },
		],
		[
			'no total of a Magalu order where its unit is not told',
			magaluOutput.simpleOrder,
			{ amounts: { total: 7990, normalizer: 0 } },
			{},
		],
		[
			'the files of a Magalu message',
			magaluOutput.simpleMessage,
			{ attachments: [{ file_name: 'a.pdf' }, { id: '2' }, { file_name: 'b.png' }] },
			{ fileNames: 'a.pdf, b.png' },
		],
	])('%s', (_what, fields, item, told) => {
		expect(simplified(item, fields)).toEqual(told);
	});

	it('what is a list or an object is left out, null is not', () => {
		const fields: SimpleFields = { a: true, b: true, c: true, d: true };
		expect(simplified({ a: [1], b: { c: 1 }, c: null, d: 0 }, fields)).toEqual({ c: null, d: 0 });
	});
});

describe('the option', () => {
	const isOffered = ({ name, options }: INodeProperties) =>
		name === 'options' &&
		(options as INodeProperties[]).some(({ name: option }) => option === 'simplify');

	it('is offered by all operations of this table, and by no other', () => {
		const offered = Object.entries(worlds).flatMap(([type, { node }]) =>
			node.node.description.properties
				.filter(isOffered)
				.map(({ displayOptions }) => displayOptions!.show!)
				.map(({ resource, operation }) => `${type}, ${resource![0]}: ${operation![0]}`),
		);
		expect(offered.sort()).toEqual(actions.map(({ title }) => title).sort());
	});

	const nodes = new Map<string, INodeType>(
		[...amazonRows, ...ebayRows, ...magaluRows].map((row) => {
			const node = row.node();
			return [node.description.displayName, node];
		}),
	);
	it.each([...nodes])('is offered by the %s', (_name, node) => {
		expect(node.description.properties.filter(isOffered)).toHaveLength(1);
	});
});
