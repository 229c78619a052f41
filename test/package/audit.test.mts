/** The audit of what is bundled, against a registry of our own. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');
const script = join(root, 'test/setup/audit.mjs').replace(/\\/g, '/');
let registry: Server;
/** Advisories by package, as the registry's bulk endpoint gives them; none: it has no such endpoint. */
let advisories: object | undefined;

beforeAll(async () => {
	registry = createServer((request, response) => {
		const name = decodeURIComponent((request.url ?? '').slice(1));
		const known = request.method === 'GET' ? { name, versions: {} } : advisories;
		request.resume();
		response.writeHead(known ? 200 : 405, { 'content-type': 'application/json' });
		response.end(JSON.stringify(known ?? {}));
	});
	await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening));
});
afterAll(() => registry.close());

/** @returns what the audit says, or why it failed */
async function audit(): Promise<string> {
	const { port } = registry.address() as AddressInfo;
	const code = `import('file://${script}').then(({ auditBundled }) => console.log(auditBundled())).catch(({ message }) => console.log(message))`;
	const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${port}`, NODE_OPTIONS: '' };
	const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { cwd: root, env });
	return stdout.trim();
}

const weakness = (name: string) => ({
	[name]: [
		{
			id: 1,
			url: 'https://example.com/1',
			title: 'Bad',
			severity: 'high',
			vulnerable_versions: '*',
			cwe: [],
			cvss: { score: 7, vectorString: null },
		},
	],
});

test('says that nothing is known against what is bundled', async () => {
	advisories = {};
	expect(await audit()).toMatch(/^nothing known against .*fast-xml-parser/);
});

test('fails for a weakness in what is bundled', async () => {
	advisories = weakness('fast-xml-parser');
	expect(await audit()).toMatch(/^Known weaknesses in what is bundled: .*fast-xml-parser \(high\)/);
});

test('passes over a weakness in what is not bundled', async () => {
	advisories = weakness('gulp');
	expect(await audit()).toMatch(/^nothing known against/);
});

test('fails where the registry does not answer', async () => {
	advisories = undefined;
	expect(await audit()).toMatch(/^npm audit gave no answer/);
});
