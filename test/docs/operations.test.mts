import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodePropertyOptions, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { root } from './pages.mts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const operationsPage = read('docs/operations.md');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};

/** The nodes of the package, from their sources. */
const descriptions = manifest.n8n.nodes.map((path): INodeTypeDescription => {
	const source = join(root, path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const exported = Object.values(jest.requireActual<Record<string, new () => INodeType>>(source));
	return new exported[0]!().description as INodeTypeDescription;
});

const choicesOf = (options: unknown) => (options ?? []) as INodePropertyOptions[];

/** The part of a page below a heading, up to the next one of its level or above. */
function sectionOf(page: string, heading: string): string {
	const found = new RegExp(`^(#+) ${heading}\\n([\\s\\S]*)`, 'm').exec(page);
	const [, level = '#', rest = ''] = found ?? [];
	return rest.split(new RegExp(`^#{1,${level.length}} `, 'm'))[0]!;
}

const actions = descriptions.filter(({ group }) => !group.includes('trigger'));
const triggers = descriptions.filter(({ group }) => group.includes('trigger'));

/** `Order: Get Many`, for every operation of a node. */
function operationsOf({ properties }: INodeTypeDescription): string[] {
	const resources = new Map(
		choicesOf(properties.find(({ name }) => name === 'resource')?.options).map(
			({ name, value }) => [value, name],
		),
	);
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) =>
			choicesOf(options).map(
				({ name }) => `${resources.get(displayOptions?.show?.resource?.[0] as string)}: ${name}`,
			),
		)
		.sort();
}

/** The row of a table that begins with this, cell by cell without the first. */
function rowOf(section: string, first: string): string[] {
	const at = section.split('\n').find((line) => line.startsWith(`| ${first} |`)) ?? '';
	return at
		.split('|')
		.slice(2, -1)
		.map((cell) => cell.trim());
}

test.each(actions)(
	'a page tells what every operation of $displayName does, and no other',
	(node) => {
		const rows = [
			...sectionOf(operationsPage, node.displayName).matchAll(/^\| ([^|]+) \| ([^|]+) \| [a-z]/gm),
		].map(([, resource, operation]) => `${resource}: ${operation}`);
		expect(rows.sort()).toEqual(operationsOf(node));
	},
);

test.each(actions)('the README names every operation of $displayName, and no other', (node) => {
	const [cell = ''] = rowOf(sectionOf(readme, 'Operations'), `**${node.displayName}**`);
	const named = cell.split('<br>').flatMap((line) => {
		const [, resource, operations = ''] = /^\*\*(.+)\*\*: (.+)$/.exec(line) ?? [];
		const names = operations.replace(/ \([^)]*\)/g, '').split(', ');
		return names.map((name) => `${resource}: ${name}`);
	});
	expect(named.sort()).toEqual(operationsOf(node));
});

test.each(actions)(
	'the README and the page of operations lead from $displayName to its page',
	(node) => {
		const street = node.displayName.split(' ')[0]!.toLowerCase();
		const row = rowOf(sectionOf(readme, 'Operations'), `**${node.displayName}**`);
		expect(row[1]).toContain(`](docs/${street}.md)`);
		expect(sectionOf(operationsPage, node.displayName)).toContain(`](${street}.md)`);
	},
);

const triggerTables = [
	['the README', sectionOf(readme, 'Triggers')],
	['the page of triggers', read('docs/triggers.md')],
] as const;

describe.each(triggerTables)('%s', (_page, section) => {
	test('lists every trigger', () => {
		const names = triggers.map(({ displayName }) => displayName);
		expect(names.filter((name) => !rowOf(section, name)[0])).toEqual([]);
	});

	test('names the events of every trigger', () => {
		const wrong = triggers.flatMap(({ displayName, properties }) => {
			const events = choicesOf(properties.find(({ name }) => name === 'event')?.options);
			const named = events.map(({ name }) => name).join(', ');
			return named === '' || rowOf(section, displayName)[0] === named
				? []
				: `${displayName}: ${named}`;
		});
		expect(wrong).toEqual([]);
	});
});

test('the README names every credential', () => {
	const section = sectionOf(readme, 'Credentials');
	const names = manifest.n8n.credentials.map((path) => {
		const source = join(root, path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
		return /displayName = '([^']+)'/.exec(readFileSync(source, 'utf8'))![1]!;
	});
	expect(names.filter((name) => !section.includes(`| ${name} |`))).toEqual([]);
});
