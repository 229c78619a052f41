import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const place = join(process.cwd(), '.cache/engine');

/** @returns a folder for this process; those of processes that have ended are removed */
export function newFolder(): string {
	mkdirSync(place, { recursive: true });
	for (const folder of readdirSync(place)) {
		if (!isAlive(parseInt(folder, 10))) remove(join(place, folder));
	}
	return mkdtempSync(join(place, `${process.pid}-`));
}

/** Another process may tidy up at the same time: what it leaves over is removed by the next one. */
function remove(folder: string): void {
	try {
		rmSync(folder, { recursive: true, force: true });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
