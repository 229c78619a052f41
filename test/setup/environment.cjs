/**
 * Node, as jest gives it to a test file, but one for all files of a process, since what is installed is
 * loaded once (runtime.cjs). What a file changed in it is put back when its tests are over, and what its code
 * still waits for is dropped: "Prevent Duplicates" goes on writing for minutes, and jest would wait for it.
 * Tests of which nothing is to be recorded do not know that others are.
 *
 * Node 20 passes every promise through each AsyncLocalStorage that was ever used, and jest has one of its own a
 * file: after a hundred files a promise takes ten times as long. So they end with their file.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');
const { recordedTests } = require('../contracts/recorded.cjs');

const isRecorded = (path) => new RegExp(recordedTests).test(path);

/** Turns of the event loop in which what is being written ends. */
const TURNS = 5;

/** The one environment of this process. */
let shared;

/** What the tests of this file have used. */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
	storages.add(this);
	return run.apply(this, args);
};

class SharedEnvironment extends TestEnvironment {
	waiting = new Set();

	constructor(config, context) {
		if (shared) {
			shared.path = context.testPath;
			return shared;
		}
		super(config, context);
		this.path = context.testPath;
		this.trackTimers();
		this.untouched = [
			this.global,
			this.global.Date,
			this.global.process,
			this.global.process.env,
		].map((object) => [object, Object.getOwnPropertyDescriptors(object)]);
		shared = this;
	}

	async setup() {
		this.isOver = false;
		if (!isRecorded(this.path)) delete this.global.process.env.RECORD_EXCHANGES;
	}

	trackTimers() {
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
			if (this.isOver) stop(timer);
			else waiting.add(timer);
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
		// What was being written at this moment would wait once more when it is done, also in the next file's time.
		this.isOver = true;
		for (const timer of this.waiting) this.stop(timer);
		this.waiting.clear();
		for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
		this.fakeTimers.useRealTimers();
		this.fakeTimersModern.useRealTimers();
		this.moduleMocker.restoreAllMocks();
		for (const [object, before] of this.untouched) putBack(object, before);
		for (const storage of storages) storage.disable();
		storages.clear();
	}
}

function putBack(object, before) {
	for (const key of Reflect.ownKeys(object)) {
		if (!(key in before)) delete object[key];
	}
	for (const [key, descriptor] of Object.entries(before)) {
		const now = Object.getOwnPropertyDescriptor(object, key);
		if (!now || ('value' in descriptor && now.value !== descriptor.value)) {
			Object.defineProperty(object, key, descriptor);
		}
	}
}

module.exports = SharedEnvironment;
