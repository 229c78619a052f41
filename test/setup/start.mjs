/** `npm start`: the demo, from a bare clone. Everything it makes is under `.n8n-home/` and `.cache/`. */
import { endWith } from './ending.mjs';
import { planned, prepare } from './prepare.mjs';
import { SetUpError } from './steps.mjs';

endWith(() => process.exit(0));

try {
	console.log(planned());
	const tarball = await prepare();
	const { register } = await import('tsx/esm/api');
	register();
	const { demo } = await import('../n8n/demo.mts');
	await demo(tarball);
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exit(1);
}
