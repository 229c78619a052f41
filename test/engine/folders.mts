import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const place = join(process.cwd(), '.cache/engine');

/** @returns a folder for this process; those of processes that have ended are removed */
export function newFolder(): string {
	mkdirSync(place, { recursive: true });
	for (const folder of readdirSync(place)) {
		if (!isAlive(parseInt(folder, 10)))
			rmSync(join(place, folder), { recursive: true, force: true });
	}
	return mkdtempSync(join(place, `${process.pid}-`));
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
