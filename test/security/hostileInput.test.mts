import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';

import { forgetLanes } from '../../nodes/shared/http/rateLimit.ts';
import { fileOf, runNode, type RunResult } from '../engine/engine.mts';
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';
import { amazonStreet } from '../reliability/streetAmazon.mts';
import { ebayStreet } from '../reliability/streetEbay.mts';
import { magaluStreet } from '../reliability/streetMagalu.mts';
import type { Street } from '../reliability/streets.mts';
import { skipWaits, type SkippedTime } from '../reliability/time.mts';

let simulator: Simulator;
let time: SkippedTime;

beforeAll(async () => {
	simulator = await startSimulator();
	time = skipWaits();
});
afterAll(async () => {
	time.end();
	await simulator.close();
});
beforeEach(() => {
	simulator.reset();
	forgetLanes();
});
afterEach(() => expect(simulator.defects).toEqual([]));

/** What people who mean harm write, and what chance writes. */
const hostileText = fc.oneof(
	fc.constantFrom(
		'../../orders/v0/orders',
		'..%2f..%2f',
		'%2e%2e/',
		'x/../../tokens',
		'x?marketplaceIds=OTHER',
		'x#fragment',
		'x\r\nX-Injected: yes',
		'x\nX-Injected: yes',
		'x\u2028y',
		'x\u0000y',
		'x" onload="y',
		'</ItemID><ItemID>2',
		']]>&evil;<!--',
		'http://evil.example/',
		'//evil.example',
		'\\\\evil\\share',
		'__proto__',
		'constructor',
		'\ud800',
		'a'.repeat(70_000),
	),
	fc.string({ unit: 'binary', maxLength: 80 }),
	fc.string({ unit: 'grapheme', maxLength: 80 }),
);

const streets: Array<{ street: Street; ids: string[]; kinds: string[] }> = [
	{ street: amazonStreet, ids: ['orderId', 'marketplaceId'], kinds: ['messageType'] },
	{
		street: ebayStreet,
		ids: ['itemId', 'recipientId'],
		kinds: ['questionType', 'subject', 'body'],
	},
	{ street: magaluStreet, ids: ['ticketId'], kinds: ['destination', 'ownerCode', 'text'] },
];

/** As an expression gives it: n8n does not read it for expressions again. */
async function runWith(street: Street, field: string, value: string): Promise<RunResult> {
	const path = street.paths[0]!;
	simulator.reset();
	forgetLanes();
	time.skip(3_600_000);
	const parameters: INodeParameters = { ...path.parameters, [field]: '={{ $json.value }}' };
	const items = [{ ...path.items[0]!, json: { value } }];
	return await runNode(path.connect(simulator), { parameters, items: structuredClone(items) });
}

/** Every request went where requests go when nothing is hostile, with the headers that they have then. */
function strayRequests(usual: Set<string>): string[] {
	return simulator.calls
		.filter(({ operation, headers }) => !usual.has(operation) || 'x-injected' in headers)
		.map(({ method, rawUrl }) => `${method} ${rawUrl}`);
}

describe.each(streets)('$street.title', ({ street, ids, kinds }) => {
	let usual: Set<string>;

	beforeAll(async () => {
		const path = street.paths[0]!;
		simulator.reset();
		await runNode(path.connect(simulator), {
			parameters: path.parameters,
			items: structuredClone(path.items),
		});
		usual = new Set(simulator.calls.map(({ operation }) => operation));
	});

	test.each([...ids, ...kinds])(
		'whatever stands in %s, no request goes astray',
		async (field) => {
			await fc.assert(
				fc.asyncProperty(hostileText, async (value) => {
					const { items, error } = await runWith(street, field, value);
					expect(strayRequests(usual)).toEqual([]);
					const sent = items[0]?.json.status === 'sent';
					expect(simulator.received).toHaveLength(sent ? 1 : 0);
					expect(sent || error?.context.details?.outcome === 'notSent').toBe(true);
				}),
				{ seed: 6, numRuns: 40 },
			);
		},
		60_000,
	);

	test('a file name is refused before anything leaves, or arrives as it is', async () => {
		const path = street.paths[0]!;
		const [bytes, mimeType, extension] = street.many.onlyPictures
			? [Object.values(path.files)[0]!, 'image/png', 'png']
			: [Buffer.from('%PDF-1.4 x'), 'application/pdf', 'pdf'];
		await fc.assert(
			fc.asyncProperty(hostileText, async (name) => {
				simulator.reset();
				forgetLanes();
				time.skip(3_600_000);
				const fileName = `${name}.${extension}`;
				const { items, error } = await runNode(path.connect(simulator), {
					parameters: {
						...path.parameters,
						attachments: { file: [{ binaryPropertyName: 'data', fileName: '={{ $json.name }}' }] },
					},
					items: [{ json: { name: fileName }, binary: { data: fileOf(bytes, 'x', mimeType) } }],
				});
				expect(strayRequests(usual)).toEqual([]);
				if (items[0]?.json.status !== 'sent') {
					expect(error?.context.details?.outcome).toBe('notSent');
					expect(simulator.received).toEqual([]);
					return;
				}
				const arrived = simulator.received.map(({ attachments }) => attachments[0]!.fileName);
				expect(arrived).toEqual([fileName.trim()]);
			}),
			{ seed: 6, numRuns: 60 },
		);
	}, 60_000);
});

test('no object was changed by any of it', () => {
	expect(Object.keys(Object.prototype)).toEqual([]);
});
