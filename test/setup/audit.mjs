/** `npm audit` for what is bundled into `dist/`, by the bill of materials that the build writes. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './prepare.mjs';
import { root, SetUpError } from './steps.mjs';

/**
 * @returns a word on what was found
 * @throws SetUpError where something that is bundled has a known weakness, or the registry did not answer
 */
export function auditBundled() {
	const { components } = JSON.parse(readFileSync(join(root, 'dist/sbom.json'), 'utf8'));
	const bundled = new Set(components.map(({ name }) => name));
	const { stdout, stderr } = spawnSync(npm, ['audit', '--json'], {
		cwd: root,
		encoding: 'utf8',
		shell: process.platform === 'win32',
		maxBuffer: 1e8,
	});
	const vulnerabilities = vulnerabilitiesIn(stdout);
	if (!vulnerabilities) {
		throw new SetUpError(`npm audit gave no answer (is the registry reachable?): ${stderr.trim()}`);
	}
	const found = Object.values(vulnerabilities).filter(({ name }) => bundled.has(name));
	if (found.length > 0) {
		const words = found.map(({ name, severity }) => `${name} (${severity})`);
		throw new SetUpError(`Known weaknesses in what is bundled: ${words.join(', ')}`);
	}
	return `nothing known against ${[...bundled].join(', ')}`;
}

function vulnerabilitiesIn(text) {
	try {
		return JSON.parse(text).vulnerabilities;
	} catch {
		return undefined;
	}
}
