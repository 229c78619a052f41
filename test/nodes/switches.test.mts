/** What a seller adds to a node's options is wanted: a switch that comes switched off would do nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodeType } from 'n8n-workflow';

import { root } from '../docs/pages.mts';

const { n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[] };
};

/** The switches among what can be added to a node, by the names of both. */
const switches = n8n.nodes.flatMap((path) => {
	const source = join(root, path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const exported = Object.values(jest.requireActual<Record<string, new () => INodeType>>(source));
	const { displayName, properties } = new exported[0]!().description;
	return properties
		.filter(({ type }) => type === 'collection')
		.flatMap(({ options }) => (options ?? []) as INodeProperties[])
		.filter(({ type }) => type === 'boolean')
		.map((option) => ({ node: displayName, name: option.displayName, on: option.default }));
});

test('the switches of the options are found', () => {
	expect(switches.map(({ name }) => name)).toEqual(
		expect.arrayContaining(['Include Personal Data', 'Prevent Duplicates', 'Wait for Moderation']),
	);
});

test.each(switches)('$node: "$name" is on as soon as it is added', ({ on }) => {
	expect(on).toBe(true);
});
