import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PackageDirectoryLoader } from 'n8n-core';

import { packed } from './packed.mts';

interface Manifest {
	dependencies?: Record<string, string>;
	peerDependencies: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

let folder: string;
let tarball: string;
let manifest: Manifest;

beforeAll(async () => {
	({ folder, tarball } = await packed());
	manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}, 120_000);

async function listing(): Promise<string[]> {
	const { stdout } = await promisify(execFile)('tar', ['-tzf', tarball]);
	return stdout
		.trim()
		.split('\n')
		.map((path) => path.replace(/^package\//, ''));
}

test('the package holds dist, index.js and its papers, and nothing else', async () => {
	const top = new Set((await listing()).map((path) => path.split('/')[0]!));
	const expected = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'dist', 'index.js', 'package.json'];
	expect([...top].sort()).toEqual(expected);
});

test('the package has no runtime dependencies, and any n8n-workflow as its only peer', () => {
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

test('every node and credential that the package names is in it', () => {
	const missing = [...manifest.n8n.nodes, ...manifest.n8n.credentials].filter(
		(path) => !existsSync(join(folder, path)),
	);
	expect(missing).toEqual([]);
});

test('the nodes take from n8n-workflow only what its version 2.0.0 has', () => {
	const bundle = readFileSync(join(folder, 'dist/marketplaceMessages.js'), 'utf8');
	const taken = [...bundle.matchAll(/\bimport_n8n_workflow\d*\.(\w+)/g)].map(([, name]) => name);
	// Looked up in n8n-workflow@2.0.0: look there before adding to them.
	expect([...new Set(taken)].sort()).toEqual([
		'CREDENTIAL_EMPTY_VALUE',
		'NodeApiError',
		'NodeConnectionTypes',
		'NodeOperationError',
		'sleep',
		'tryToParseDateTime',
	]);
});

test("n8n's own loader loads every node and credential, with both icons", async () => {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	expect(loader.types.nodes).toHaveLength(manifest.n8n.nodes.length);
	expect(loader.types.credentials).toHaveLength(manifest.n8n.credentials.length);
	for (const { name, iconUrl } of [...loader.types.nodes, ...loader.types.credentials]) {
		expect([name, iconUrl]).toEqual([
			name,
			{ light: expect.stringContaining('.svg'), dark: expect.stringContaining('.dark.svg') },
		]);
	}
});

test('every icon that is shown lies in the package', async () => {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	const shown = [...loader.types.nodes, ...loader.types.credentials].flatMap(({ iconUrl }) =>
		Object.values(iconUrl as { light: string; dark: string }),
	);
	const missing = shown.filter(
		(url) => !existsSync(join(folder, url.split('/').slice(2).join('/'))),
	);
	expect(missing).toEqual([]);
});

test('the packed package is smaller than 230 kB', () => {
	expect(statSync(tarball).size).toBeLessThan(230_000);
});

test('the bundled packages are listed in the bill of materials', () => {
	const bill = JSON.parse(readFileSync(join(folder, 'dist/sbom.json'), 'utf8')) as {
		components: Array<{ name: string }>;
	};
	const bundle = readFileSync(join(folder, 'dist/marketplaceMessages.js'), 'utf8');
	const bundled = new Set(
		[...bundle.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/\n]+)\//gm)].map((m) => m[1]!),
	);
	expect(bill.components.map(({ name }) => name).sort()).toEqual([...bundled].sort());
});
