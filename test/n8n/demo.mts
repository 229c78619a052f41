/** The demo behind `npm start`: the simulator and n8n side by side, until Ctrl-C. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { startSimulator } from '../marketplaces/simulator.mts';
import { endWith } from '../setup/ending.mjs';
import { step } from '../setup/steps.mjs';
import { demoCopy, demoCredentials, examples, publishedInDemo } from './examples.mts';
import { freePort, type N8n, startN8n } from './instance.mts';
import { welcome } from './welcome.mts';

const home = resolve(process.env.DEMO_HOME ?? '.n8n-home');

/** Starts both, prints where they are, and returns when they run. `tarball` is the packed package. */
export async function demo(tarball: string): Promise<void> {
	const wanted = Number(process.env.N8N_PORT ?? 5678);
	const port = await freePort(wanted);
	const simulator = await startSimulator({
		port: await freePort(Number(process.env.SIMULATOR_PORT ?? 8099)),
		n8n: `http://127.0.0.1:${port}`,
	});
	if (port !== wanted) console.log(`Port ${wanted} is taken: n8n gets ${port}`);

	let n8n: N8n | undefined;
	await step('n8n with the package and demo credentials', async () => {
		const credentials = demoCredentials(simulator.origin);
		n8n = await startN8n({ home, port, tarball, credentials });
		return 'started';
	});
	const running = n8n as N8n;
	await step(
		'Example workflows',
		async () => await importExamples(running, `${simulator.origin}/`),
	);

	console.log(welcome(running.origin, simulator.origin, home));

	endWith(async () => {
		await running.stop();
		await simulator.close();
		process.exit(0);
	});
	const reason = await running.ended;
	if (reason) throw new Error(reason);
}

/**
 * New and changed files only: what was changed in the editor stays, unless its file changed too. The first comes
 * last, so that n8n's list, the newest first, begins with it.
 */
async function importExamples(n8n: N8n, page: string): Promise<string> {
	const note = join(home, 'examples.json');
	const known: Record<string, { id: string; hash: string }> = existsSync(note)
		? JSON.parse(readFileSync(note, 'utf8'))
		: {};
	const present = await n8n.api<Array<{ id: string }>>('GET', '/workflows');
	let imported = 0;
	for (const { file, workflow } of examples().reverse()) {
		// The same on another port.
		const content = JSON.stringify(demoCopy(workflow, ''));
		const hash = createHash('sha256').update(content).digest('hex');
		const id = present.find((other) => other.id === known[file]?.id)?.id;
		if (id && known[file].hash === hash) continue;
		known[file] = { id: await n8n.importWorkflow(demoCopy(workflow, page), id), hash };
		if (file === publishedInDemo) await n8n.activate(known[file].id);
		imported++;
	}
	writeFileSync(note, JSON.stringify(known, null, '\t'));
	return imported ? `${imported} imported` : 'already there';
}
