import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = process.cwd();

const places: string[] = [];

afterAll(() => {
	for (const place of places) rmSync(place, { recursive: true, force: true });
});

/**
 * Packs the package and unpacks it; both are removed after the tests of the file.
 * @returns the folder it is in
 * @throws where `dist/` was not built yet
 */
export async function packed(): Promise<{ folder: string; tarball: string }> {
	if (!existsSync(join(root, 'dist/sbom.json'))) {
		throw new Error('There is no dist/ yet: `npm run build`');
	}
	// Below node_modules, so that what is unpacked finds n8n-workflow as it does in n8n.
	mkdirSync(join(root, 'node_modules/.packed'), { recursive: true });
	const place = mkdtempSync(join(root, 'node_modules/.packed/'));
	places.push(place);
	await run('npm', ['pack', '--ignore-scripts', '--pack-destination', place], { cwd: root });
	const tarball = join(
		place,
		readdirSync(place).find((name) => name.endsWith('.tgz'))!,
	);
	await run('tar', ['-xzf', tarball, '-C', place]);
	return { folder: join(place, 'package'), tarball };
}

/** Runs a small ES module with n8n's scanner at hand; jest loads CommonJS only. @returns what it printed as JSON */
export async function inModule(script: string): Promise<unknown> {
	const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
		cwd: root,
		maxBuffer: 64 * 1024 * 1024,
		// Under `test` the rules take every file for a node.
		env: { ...process.env, NODE_ENV: 'production' },
	});
	return JSON.parse(stdout.slice(stdout.indexOf('\u0001') + 1));
}
