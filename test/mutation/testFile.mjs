/** One file of tests, run in this process as jest runs it in one of its own: with what jest is made of. */
import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { resolve, sep } from 'node:path';
import { performance } from 'node:perf_hooks';
import { transformSync } from '@swc/core';

const require = createRequire(import.meta.url);
const { setInterval, setTimeout, clearInterval } = globalThis;

/** What ends a test that takes too long, as circus waits for it. */
let timeUp;
globalThis.setTimeout = (work, ms) => setTimeout(ms > 1000 ? (timeUp = work) : work, ms);
const circus = require('jest-circus');
globalThis.setTimeout = setTimeout;
const { jestExpect } = require('@jest/expect');
const { ModuleMocker } = require('jest-mock');
const { ModernFakeTimers } = require('@jest/fake-timers');
const [[, swcOptions]] = Object.values(require('../../jest.config.js').transform);

/** Where nothing at all happens for this long, a test waits for what a change took away. */
const NOTHING_HAPPENS_MS = 2000;
const LOOK_EVERY_MS = 200;
/** What the looking itself takes. */
const OWN_WORK_MS = 10;

const translated = new Map();
for (const ending of ['.ts', '.mts']) {
	Module._extensions[ending] = (module, filename) => {
		if (!translated.has(filename)) {
			const source = readFileSync(filename, 'utf8');
			const { code } = transformSync(source, { ...swcOptions, filename, sourceMaps: false });
			translated.set(filename, code);
		}
		module._compile(translated.get(filename), filename);
	};
}

/** What a test wants to be loaded in place of a module, by the module's name. */
const mocks = new Map();
const load = Module._load;
Module._load = (request, ...more) => mocks.get(request)?.() ?? load(request, ...more);

/** The code under test and the tests are loaded anew; what is installed stays. */
function forgetModules() {
	const own = process.cwd() + sep;
	const others = `${sep}node_modules${sep}`;
	for (const path of Object.keys(require.cache)) {
		if (path.startsWith(own) && !path.includes(others)) delete require.cache[path];
	}
}

let watch;
circus.addEventHandler(({ name, test }) => {
	if (name === 'test_start') watch?.started(test);
	if (name === 'test_done') watch?.done(test);
});

/**
 * @param prefix stands before a test's own name in its id
 * @param loaded called when the file is loaded, before its first test
 * @param started told the id of the test that runs, and nothing after it
 * @returns what became of every test that ran, once for each id
 */
export async function runFile(path, { prefix, isWanted, bail, timeout, loaded, started }) {
	const restore = surroundings();
	const stopLooking = endHungTests();
	const results = new Map();
	let hasFailed = false;
	try {
		circus.resetState();
		const state = circus.getState();
		state.testTimeout = timeout;
		state.testNamePattern = { test: (name) => !hasFailed && isWanted(prefix + name) };
		watch = {
			started: (test) => started(prefix + nameOf(test)),
			done(test) {
				started(undefined);
				const id = prefix + nameOf(test);
				const errors = [...test.errors, ...(results.get(id)?.errors ?? [])];
				hasFailed ||= bail && errors.length > 0;
				results.set(id, { id, ms: test.duration ?? 0, errors: errors.map(wordsOf) });
			},
		};
		require(resolve(path));
		loaded();
		const { unhandledErrors } = await circus.run();
		if (unhandledErrors.length > 0) throw new Error(unhandledErrors.join('\n'));
	} finally {
		watch = undefined;
		stopLooking();
		restore();
	}
	return [...results.values()];
}

/** Ends a test for which nobody works any more. @returns what stops the looking */
function endHungTests() {
	let before = performance.eventLoopUtilization();
	let idleMs = 0;
	const looking = setInterval(() => {
		const isIdle = performance.eventLoopUtilization(before).active < OWN_WORK_MS;
		before = performance.eventLoopUtilization();
		idleMs = isIdle ? idleMs + LOOK_EVERY_MS : 0;
		if (idleMs >= NOTHING_HAPPENS_MS) timeUp?.();
	}, LOOK_EVERY_MS);
	return () => clearInterval(looking);
}

function nameOf(test) {
	const names = [];
	for (let one = test; one.parent; one = one.parent) names.unshift(one.name);
	return names.join(' ');
}

function wordsOf(error) {
	const [thrown] = [error].flat();
	return thrown?.message ?? String(thrown);
}

/** Gives a file its globals and a clock. @returns what takes them away again, whatever the tests left */
function surroundings() {
	const { setTimeout: start, clearTimeout: stop, setImmediate } = globalThis;
	const { now } = Date;
	const waiting = new Set();
	globalThis.setTimeout = Object.defineProperties((work, ms, ...args) => {
		const timer = start(
			(...given) => {
				waiting.delete(timer);
				work(...given);
			},
			ms,
			...args,
		);
		waiting.add(timer);
		return timer;
	}, Object.getOwnPropertyDescriptors(start));
	const mocker = new ModuleMocker(globalThis);
	const timers = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {} } });
	const names = ['describe', 'it', 'test', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'];
	Object.assign(globalThis, Object.fromEntries(names.map((name) => [name, circus[name]])), {
		expect: jestExpect,
		jest: jestOf(mocker, timers),
	});
	forgetModules();
	return () => {
		timers.useRealTimers();
		mocker.restoreAllMocks();
		mocks.clear();
		for (const timer of waiting) stop(timer);
		Object.assign(globalThis, { setTimeout: start, clearTimeout: stop, setInterval, setImmediate });
		Date.now = now;
	};
}

/** What the tests use of `jest`. */
function jestOf(mocker, timers) {
	return {
		fn: mocker.fn.bind(mocker),
		spyOn: mocker.spyOn.bind(mocker),
		replaceProperty: mocker.replaceProperty.bind(mocker),
		restoreAllMocks: () => mocker.restoreAllMocks(),
		useFakeTimers: (config) => timers.useFakeTimers(config),
		useRealTimers: () => timers.useRealTimers(),
		advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
		setSystemTime: (now) => timers.setSystemTime(now),
		getTimerCount: () => timers.getTimerCount(),
		advanceTimersByTimeAsync: async (ms) => await timers.advanceTimersByTimeAsync(ms),
		runAllTimersAsync: async () => await timers.runAllTimersAsync(),
		doMock: (name, factory) => void mocks.set(name, factory),
		dontMock: (name) => void mocks.delete(name),
		resetModules: forgetModules,
		setTimeout: () => undefined,
	};
}
