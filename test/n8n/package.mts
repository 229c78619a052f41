/**
 * Puts a packed package where n8n's own settings page would (n8n 2.40 community-packages.service: downloadPackage,
 * installed-packages.repository). n8n loads whatever stands in `.n8n/nodes/node_modules`; the rows in its database are
 * what Settings > Community nodes shows.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { node24, type NodeType } from './instance.mts';

export interface InstalledPackage {
	name: string;
	version: string;
	author?: { name?: string; email?: string };
}

/** Unpacks the tarball under `home`, without dev and peer dependencies, and enters it into n8n's list. Skipped for the same tarball. */
export function installPackage(home: string, tarball: string): InstalledPackage {
	const nodes = join(home, '.n8n/nodes');
	const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex');
	const note = join(nodes, 'tarball.sha256');
	const { name } = JSON.parse(
		execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }),
	) as InstalledPackage;
	const target = join(nodes, 'node_modules', name);
	if (!existsSync(target) || !existsSync(note) || readFileSync(note, 'utf8') !== hash) {
		rmSync(target, { recursive: true, force: true });
		mkdirSync(target, { recursive: true });
		execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
		const { devDependencies, peerDependencies, optionalDependencies, ...kept } = readJson(
			join(target, 'package.json'),
		);
		writeJson(join(target, 'package.json'), kept);
		installDependencies(target);
		writeFileSync(note, hash);
	}
	const installed = readJson(join(target, 'package.json')) as unknown as InstalledPackage;
	writeJson(join(nodes, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: installed.version },
	});
	return installed;
}

/** With n8n's own flags. */
function installDependencies(folder: string): void {
	const args = [
		'install',
		'--audit=false',
		'--fund=false',
		'--bin-links=false',
		'--install-strategy=shallow',
		'--ignore-scripts=true',
		'--package-lock=false',
	];
	execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
		cwd: folder,
		stdio: 'ignore',
	});
}

/** Writes to the SQLite file the rows that n8n writes after it installed a package; `types` are all that it loaded (a node's twin for agents is not listed). */
export async function registerPackage(
	database: string,
	installed: InstalledPackage,
	types: NodeType[],
): Promise<void> {
	const ours = types.filter(({ name }) => name.startsWith(`${installed.name}.`));
	const nodes = ours
		.filter(({ name }) => !ours.some((other) => name === `${other.name}Tool`))
		.map(({ name, displayName, version }) => ({
			type: name,
			name: displayName,
			version: [version].flat().at(-1),
		}));
	const input = JSON.stringify({ ...installed, nodes });
	const script = join(process.cwd(), 'test/n8n/register.mjs');
	// Not in one go: a connection to n8n that it closes meanwhile would be taken for open afterwards.
	const registered = promisify(execFile)(node24, ['--no-warnings', script, database]);
	registered.child.stdin!.end(input);
	await registered;
}

function readJson(file: string): Record<string, unknown> {
	return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

function writeJson(file: string, content: object): void {
	writeFileSync(file, JSON.stringify(content, null, 2));
}
