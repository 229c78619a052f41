import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodePropertyOptions, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { root } from './pages.mts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
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

/** The part of the README below a heading, up to the next one of its level or above. */
function sectionOf(heading: string): string {
	const found = new RegExp(`^(#+) ${heading}\\n([\\s\\S]*)`, 'm').exec(readme);
	const [, level = '#', rest = ''] = found ?? [];
	return rest.split(new RegExp(`^#{1,${level.length}} `, 'm'))[0]!;
}

const actions = descriptions.filter(({ group }) => !group.includes('trigger'));
const triggers = descriptions.filter(({ group }) => group.includes('trigger'));

test.each(actions)('the README lists every operation of $displayName, and no other', (node) => {
	const resources = new Map(
		choicesOf(node.properties.find(({ name }) => name === 'resource')?.options).map(
			({ name, value }) => [value, name],
		),
	);
	const operations = node.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) =>
			choicesOf(options).map(
				({ name }) => `${resources.get(displayOptions?.show?.resource?.[0] as string)} | ${name}`,
			),
		);
	const rows = [...sectionOf(node.displayName).matchAll(/^\| ([^|]+ \| [^|]+) \|/gm)]
		.map(([, row]) => row!.trim())
		.filter((row) => !/^Resource \||^-/.test(row));

	expect(rows.sort()).toEqual(operations.sort());
});

test.each(actions)("the README's section on $displayName leads to its page", (node) => {
	const street = node.displayName.split(' ')[0]!.toLowerCase();
	expect(sectionOf(node.displayName)).toContain(`](docs/${street}.md)`);
});

/** The row of a trigger, cell by cell. */
function rowOf(displayName: string): string[] {
	const row = new RegExp(`^\\| ${displayName} \\|(.*)\\|$`, 'm').exec(sectionOf('Triggers'));
	return (row?.[1] ?? '').split('|').map((cell) => cell.trim());
}

test('the README lists every trigger', () => {
	expect(triggers.filter(({ displayName }) => rowOf(displayName)[0] === '')).toEqual([]);
});

test('the README names the events of every trigger', () => {
	const wrong = triggers.flatMap(({ displayName, properties }) => {
		const events = choicesOf(properties.find(({ name }) => name === 'event')?.options);
		const named = events.map(({ name }) => name).join(', ');
		return named === '' || rowOf(displayName)[0] === named ? [] : `${displayName}: ${named}`;
	});
	expect(wrong).toEqual([]);
});

test('the README names every credential', () => {
	const section = sectionOf('Credentials');
	const names = manifest.n8n.credentials.map((path) => {
		const source = join(root, path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
		return /displayName = '([^']+)'/.exec(readFileSync(source, 'utf8'))![1]!;
	});
	expect(names.filter((name) => !section.includes(`| ${name} |`))).toEqual([]);
});
