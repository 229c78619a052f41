/** The workflow's own command to publish, without publishing: `npm publish --dry-run`. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { parse } from 'yaml';

interface Workflow {
	on: { push: { tags: string[] } };
	jobs: { publish: { permissions: Record<string, string>; steps: Array<{ run?: string }> } };
}
interface Published {
	name: string;
	version: string;
	files: Array<{ path: string }>;
}

const root = process.cwd();
const workflow = parse(
	readFileSync(join(root, '.github/workflows/publish.yml'), 'utf8'),
) as Workflow;
const runs = workflow.jobs.publish.steps.flatMap(({ run }) => run ?? []);
const command = runs.find((run) => run.startsWith('npm publish'))!;
let registry: Server;

beforeAll(async () => {
	// A registry that knows no package: nothing here asks the real one.
	registry = createServer((request, response) => {
		request.resume();
		response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
	});
	await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening));
});
afterAll(() => registry.close());

async function dryRun(): Promise<Published> {
	const { port } = registry.address() as AddressInfo;
	const [npm, ...args] = command.split(' ') as [string, ...string[]];
	const { stdout } = await promisify(execFile)(npm, [...args, '--dry-run', '--json'], {
		cwd: root,
		env: { ...process.env, npm_config_registry: `http://127.0.0.1:${port}` },
	});
	// npm 11 puts it under the package's name.
	const said = JSON.parse(stdout) as Published | Record<string, Published>;
	return 'files' in said ? (said as Published) : Object.values(said)[0]!;
}

test('publishes the package of this repository, in its version', async () => {
	const { name, version } = JSON.parse(
		readFileSync(join(root, 'package.json'), 'utf8'),
	) as Published;
	expect(await dryRun()).toMatchObject({ name, version });
}, 60_000);

test('publishes what was built, and no test', async () => {
	const paths = (await dryRun()).files.map(({ path }) => path);
	expect(paths).toContain('dist/nodes/Ebay/EbayMemberMessage.node.js');
	expect(paths.filter((path) => path.startsWith('test') || path.endsWith('.mts'))).toEqual([]);
}, 60_000);

test('publishes with provenance, which the workflow may sign, after the tests, for a tag alone', () => {
	const at = (start: string) => runs.findIndex((run) => run.startsWith(start));
	expect(command).toContain('--provenance');
	expect(workflow.jobs.publish.permissions).toMatchObject({ 'id-token': 'write' });
	expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
	expect(
		[at('npm test'), at('npm run test:n8n'), at('npm run build')].every((one) => one >= 0),
	).toBe(true);
	expect(Math.max(at('npm test'), at('npm run test:n8n'), at('npm run build'))).toBeLessThan(
		at('npm publish'),
	);
});
