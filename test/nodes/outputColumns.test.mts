/** Each operation's output as a table: what a seller looks for first stands first. */
import { amazonWorld } from '../engine/amazon.mts';
import { ebayWorld } from '../engine/ebay.mts';
import { magaluWorld } from '../engine/magalu.mts';
import { quickTime } from '../engine/quickTime.mts';
import type { World } from '../engine/world.mts';
import { filledIn, type Operation, operations } from './outputColumns.mts';

const worlds: Record<keyof typeof operations, World> = {
	amazonMessaging: amazonWorld(),
	ebayMemberMessage: ebayWorld(),
	magaluTicketMessage: magaluWorld(),
};

let slowAgain: () => void;
beforeEach(() => void (slowAgain = quickTime()));
afterEach(() => slowAgain());

describe.each(Object.entries(operations) as Array<[keyof typeof operations, Operation[]]>)(
	'%s',
	(type, rows) => {
		const world = worlds[type];
		const run = async (parameters: Operation['parameters']) => {
			const { error, items } = await world.run(parameters, { items: [{ json: {} }] });
			expect(error).toBeUndefined();
			return items.map(({ json }) => json);
		};

		it.each(rows)('$name begins with $columns', async (row) => {
			const { columns } = row;
			const items = await run(await filledIn(row, rows, run));

			expect(items.length).toBeGreaterThan(0);
			for (const json of items) {
				expect(Object.keys(json).slice(0, columns.length)).toEqual(columns);
				// n8n draws what is empty in red, as if it were wrong. That a check cannot tell is told by null.
				const empty = columns.filter((name) => name !== 'ok' && (json[name] ?? '') === '');
				expect(empty).toEqual([]);
			}
		});

		it('has no operation without a row', () => {
			const [resource] = world.node.node.description.properties;
			const offered = resource!.options!.flatMap((one) => {
				const { value } = one as { value: string };
				return operationsOf(value).map((name) => `${value}: ${name}`);
			});
			expect(rows.map(({ name }) => name).sort()).toEqual(offered.sort());
		});

		function operationsOf(resource: string): string[] {
			const field = world.node.node.description.properties.find(
				({ name, displayOptions }) =>
					name === 'operation' && displayOptions?.show?.resource?.includes(resource),
			);
			return field!.options!.map((one) => (one as { value: string }).value);
		}
	},
);
