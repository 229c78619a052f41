/** What each event of each trigger hands over, and what its options are. */
import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { forgetLanes } from '../../../nodes/shared/http/rateLimit.ts';
import { tellTime } from '../../engine/clock.mts';
import { pollerOf, type Poller } from '../../engine/poller.mts';
import { startSimulator, type Simulator } from '../../marketplaces/simulator.mts';
import { amazonRows } from './amazonRows.mts';
import { emptied, HOUR, MINUTE, type TriggerRow } from './behaviours.mts';
import { ebayRows } from './ebayRows.mts';
import { magaluRows } from './magaluRows.mts';

let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
	},
}));

let simulator: Simulator;
beforeAll(async () => {
	tellTime(() => mockNow);
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	emptied(simulator);
	forgetLanes();
});
afterAll(async () => {
	await simulator.close();
});

const rows = [...amazonRows, ...ebayRows, ...magaluRows];
const titled = rows.map((row) => ({
	row,
	title: `${row.node().description.displayName}, ${row.name}`,
}));

function pollerWith(row: TriggerRow, options: INodeParameters = {}): Poller {
	const type = row.credentialType();
	const test = {
		node: row.node(),
		credentialTypes: [type],
		credentials: { [type.name]: row.credential(simulator) as never },
	};
	const all = { ...(row.parameters.options as INodeParameters | undefined), ...options };
	return pollerOf(test, { ...row.parameters, options: all }, 'durable');
}

async function itemsOf(row: TriggerRow, options: INodeParameters) {
	const poller = pollerWith(row, options);
	await poller.poll();
	mockNow += MINUTE;
	row.happen(simulator, 'a');
	mockNow += 10 * MINUTE;
	return (await poller.poll())!.map(({ json }) => json);
}

/** Names, addresses, e-mail addresses, phone and document numbers, gift messages and links of the simulator. */
const personal =
	/Robin|Maria|Harbour|Flores|555 0100|991234567|@(members|alias|example)|123\.?456|ring twice|EIAS|birthday|\.zip/i;

describe.each(titled)('$title', ({ row }) => {
	it('carries the names that the actions take, first and in their order, and nothing personal', async () => {
		const asked = row.hasPersonalData ? { includedData: ['FULFILLMENT'] } : {};
		const [json] = await itemsOf(row, asked);
		expect(Object.keys(json!).slice(0, row.names.length)).toEqual(row.names);
		expect(Object.keys(json!).slice(row.names.length)).toContain(row.theirs);
		expect(JSON.stringify(json)).not.toMatch(personal);
	});

	it('looks back as far as it is told', async () => {
		const poller = pollerWith(row, { lookBackHours: 60 });
		await poller.poll();
		mockNow += MINUTE;
		row.happen(simulator, 'late', mockNow + 59 * HOUR);
		const got: unknown[] = [];
		for (let polls = 0; polls < 6; polls++) {
			mockNow += 10 * HOUR;
			got.push(...((await poller.poll()) ?? []).map(({ json }) => row.idIn(json)));
		}
		expect(got).toEqual(['late']);
	});
});

it.each(titled.filter(({ row }) => row.hasPersonalData))(
	'$title, tells names, addresses and the like where they are asked for',
	async ({ row }) => {
		const asked = { includedData: ['FULFILLMENT'], includePersonalData: true };
		expect(JSON.stringify(await itemsOf(row, asked))).toMatch(personal);
	},
);

describe.each([
	{ node: amazonRows[0]!.node(), filters: { fulfillmentStatuses: ['SHIPPED'] } },
	{ node: ebayRows[0]!.node(), filters: { orderStatus: 'Active' } },
	{ node: magaluRows[0]!.node(), filters: { status: 'new' } },
])('the filter on the status of the $node.description.displayName', ({ node, filters }) => {
	const { properties } = node.description;
	const field = properties.find(({ name }) => name === 'event');
	const events = (field!.options as INodePropertyOptions[]).map(({ value }) => value as string);
	const filtered = ['orderCreated', 'orderUpdated'];
	const keptWith = (event: string) => {
		const given = { event, filters };
		const place = { typeVersion: 1 };
		return NodeHelpers.getNodeParameters(properties, given, true, false, place, node.description);
	};

	it.each(filtered)('counts with %s', (event) => {
		expect(keptWith(event)).toMatchObject({ filters });
	});

	it.each(events.filter((event) => !filtered.includes(event)))(
		'is not there with %s, which says the status itself',
		(event) => {
			expect(keptWith(event)!.filters ?? {}).toEqual({});
		},
	);
});

/** Names and defaults that workflows store. */
const forms: Array<[TriggerRow, hours: number, events: string[]]> = [
	[
		amazonRows[0]!,
		24,
		[
			...['orderCreated', 'orderUpdated', 'orderShipped', 'orderDelivered'],
			...['orderCancelled', 'cancellationRequested'],
		],
	],
	[
		ebayRows[0]!,
		6,
		[
			...['orderCreated', 'orderUpdated', 'orderPaid', 'orderShipped'],
			...['orderDelivered', 'orderCancelled'],
		],
	],
	[ebayRows.find(({ name }) => name === 'questions')!, 6, []],
	[ebayRows.find(({ name }) => name === 'messages of members')!, 6, []],
	[
		magaluRows[0]!,
		6,
		[
			...['orderCreated', 'orderUpdated', 'orderApproved', 'orderShipped'],
			...['orderDelivered', 'orderCancelled'],
		],
	],
	[
		magaluRows.find(({ name }) => name === 'ticketCreated')!,
		6,
		['ticketCreated', 'ticketUpdated', 'customerMessage', 'mediationMessage', 'dueSoon'],
	],
];

describe.each(forms.map(([row, hours, events]) => ({ node: row.node(), row, hours, events })))(
	'the form of the $node.description.displayName',
	({ node, row, hours, events }) => {
		const field = (name: string) =>
			node.description.properties.find((one) => one.name === name) as INodeProperties;
		const values = ({ options }: INodeProperties) =>
			(options as INodePropertyOptions[]).map(({ value }) => value as string);
		const named = rows.map(({ parameters }) => parameters.event);

		it('offers the events that are promised, each with a row in the table', () => {
			if (events.length === 0) return expect(field('event')).toBeUndefined();
			expect(values(field('event')).sort()).toEqual([...events].sort());
			expect(field('event').default).toBe(events[0]);
			expect(named).toEqual(expect.arrayContaining(events));
		});

		it(`looks back ${hours} hours where nothing is said, and at most 72`, () => {
			const options = field('options').options as INodeProperties[];
			expect(options.find(({ name }) => name === 'lookBackHours')).toMatchObject({
				default: hours,
				typeOptions: { minValue: 1, maxValue: 72 },
			});
		});

		it.each(['0', '73', 'some'])('refuses to look back %s hours', async (lookBackHours) => {
			await expect(pollerWith(row, { lookBackHours }).poll()).rejects.toMatchObject({
				message: "'Look Back (Hours)' is not a number from 1 to 72",
			});
			expect(simulator.calls).toEqual([]);
		});
	},
);
