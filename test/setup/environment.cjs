/**
 * Node, as jest gives it to a test file. What the file's code still waits for when its tests are over is
 * dropped: "Prevent Duplicates" goes on writing for minutes, and jest would wait for it. Tests of which
 * nothing is to be recorded do not know that others are.
 */
const { TestEnvironment } = require('jest-environment-node');
const { recordedTests } = require('../contracts/recorded.cjs');

const isRecorded = (path) => new RegExp(recordedTests).test(path);

module.exports = class extends TestEnvironment {
	waiting = new Set();

	constructor(config, context) {
		super(config, context);
		this.path = context.testPath;
	}

	async setup() {
		await super.setup();
		if (!isRecorded(this.path)) delete this.global.process.env.RECORD_EXCHANGES;
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
