/** `npm start`: the demo, from a bare clone. Everything it makes is under `.n8n-home/` and `.cache/`. */
import { prepare } from './prepare.mjs';
import { SetUpError } from './steps.mjs';

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

try {
	const tarball = await prepare();
	const { register } = await import('tsx/esm/api');
	register();
	const { demo } = await import('../n8n/demo.mts');
	await demo(tarball);
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exit(1);
}
