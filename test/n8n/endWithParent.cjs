/** Loaded into n8n before anything else: n8n stops when whoever started it is gone, even if that was killed. */
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
	process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).on('error', () => {});
	process.stdin.resume();
}
