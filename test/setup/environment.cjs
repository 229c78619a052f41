/**
 * Node, as jest gives it to a test file. What the file's code still waits for when its tests are over is
 * dropped: "Prevent Duplicates" goes on writing for minutes, and jest would wait for it.
 */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
	waiting = new Set();

	async setup() {
		await super.setup();
		const { setTimeout: start, clearTimeout: stop } = this.global;
		const { waiting } = this;
		this.stop = stop;
		const tracked = (run, ms, ...args) => {
			const timer = start(
				(...given) => {
					waiting.delete(timer);
					run(...given);
				},
				ms,
				...args,
			);
			waiting.add(timer);
			return timer;
		};
		this.global.setTimeout = Object.defineProperties(
			tracked,
			Object.getOwnPropertyDescriptors(start),
		);
		this.global.clearTimeout = (timer) => {
			waiting.delete(timer);
			stop(timer);
		};
	}

	async teardown() {
		for (const timer of this.waiting) this.stop(timer);
		await super.teardown();
	}
};
