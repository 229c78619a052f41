import { basename, join } from 'node:path';
import { readFileSync } from 'node:fs';

import { startWorld, type World } from './world.mts';

const {
	name,
	version,
	n8n: contents,
} = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
};

/** `dist/nodes/Amazon/AmazonMessaging.node.js` -> `amazonMessaging`, as n8n's lint demands. */
function typeOf(file: string): string {
	const className = basename(file).split('.')[0];
	return className[0].toLowerCase() + className.slice(1);
}

describe('the packed package in a new n8n', () => {
	let world: World;

	beforeAll(async () => {
		world = await startWorld('install');
	});

	afterAll(async () => await world?.stop());

	it('brings every node', async () => {
		const loaded = (await world.n8n.nodeTypes()).map((type) => type.name);

		expect(loaded).toEqual(
			expect.arrayContaining(contents.nodes.map((file) => `${name}.${typeOf(file)}`)),
		);
	});

	it('brings every node a light and a dark icon', async () => {
		const ours = (await world.n8n.nodeTypes()).filter((type) => type.name.startsWith(`${name}.`));
		const icons = ours.flatMap(({ iconUrl }) => Object.values(iconUrl as { light: string }));
		const answers = await Promise.all(icons.map((icon) => fetch(`${world.n8n.origin}/${icon}`)));

		expect(icons).toHaveLength(2 * ours.length);
		expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(
			icons.map(() => expect.stringContaining('image/svg+xml')),
		);
	});

	it('brings every credential', async () => {
		const loaded = (await world.n8n.credentialTypes()).map((type) => type.name);

		expect(loaded).toEqual(expect.arrayContaining(contents.credentials.map(typeOf)));
	});

	it('is listed under Settings > Community nodes, loaded, with its nodes', async () => {
		const packages = await world.n8n.api<
			Array<{
				packageName: string;
				installedVersion: string;
				failedLoading: boolean;
				installedNodes: unknown[];
			}>
		>('GET', '/community-packages');

		expect(packages).toEqual([
			expect.objectContaining({
				packageName: name,
				installedVersion: version,
				failedLoading: false,
			}),
		]);
		expect(packages[0].installedNodes).toHaveLength(contents.nodes.length);
	});

	it('brings nothing else: no dependency is installed beside it', () => {
		const installed = JSON.parse(
			readFileSync(join(world.n8n.home, '.n8n/nodes/node_modules', name, 'package.json'), 'utf8'),
		) as Record<string, unknown>;

		expect(installed.dependencies ?? {}).toEqual({});
	});
});
