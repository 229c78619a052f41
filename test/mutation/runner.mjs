/**
 * Runs the tests for Stryker in one process that stays: n8n is loaded once, not once for each of thousands
 * of changes, as it would be with Stryker's own runner for jest. What a test sees is jest's.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
	determineHitLimitReached,
	DryRunStatus,
	TestStatus,
	toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fastGlob from 'fast-glob';
import { runFile } from './testFile.mjs';

/** Milliseconds that the tests of each file took when nothing was changed, also for who comes after a hang. */
const TIMES = '.mutation-times.json';
const took = new Map();
const sum = (all) => all.reduce((one, other) => one + other, 0);
/** The quickest file may notice, too. */
const timeOf = (file) => sum(took.get(file) ?? []);

/** A test may take so long (milliseconds), also where others need the machine. */
const TEST_TIMEOUT_MS = 60_000;
/** Milliseconds that a test of a file may take where something is changed. */
const timeoutOf = (file) =>
	took.has(file) ? 3000 + 10 * Math.max(...took.get(file)) : TEST_TIMEOUT_MS;

/** What the changed code looks at: which change is on, and who asks. */
const stryker = (globalThis.__stryker__ = {});

class Runner {
	/** Every file is loaded anew for every change. */
	capabilities() {
		return { reloadEnvironment: true };
	}

	/** A promise that nobody waits for belongs to no test, or to one that is over. */
	init() {
		for (const event of ['uncaughtException', 'unhandledRejection']) {
			process.removeAllListeners(event);
			process.on(event, () => undefined);
		}
		if (!existsSync(TIMES)) return;
		for (const [file, times] of JSON.parse(readFileSync(TIMES, 'utf8'))) took.set(file, times);
	}

	async dryRun() {
		Object.assign(stryker, {
			activeMutant: undefined,
			mutantCoverage: { static: {}, perTest: {} },
			hitLimit: undefined,
			hitCount: undefined,
		});
		const result = await run({});
		writeFileSync(TIMES, JSON.stringify([...took]));
		return result.status === DryRunStatus.Complete
			? { ...result, mutantCoverage: stryker.mutantCoverage }
			: result;
	}

	async mutantRun({ testFilter, disableBail, hitLimit, activeMutant, mutantActivation }) {
		const { id } = activeMutant;
		Object.assign(stryker, { activeMutant: undefined, hitLimit });
		stryker.hitCount = hitLimit === undefined ? undefined : 0;
		const activate = () => (stryker.activeMutant = id);
		const only = testFilter && new Set(testFilter);
		const isFromTheStart = mutantActivation === 'static';
		const result = await run({ only, activate, isFromTheStart, bail: !disableBail });
		return toMutantRunResult(result, disableBail);
	}
}

/** @param only ids of the tests to run; every test without it */
async function run({ only, activate, isFromTheStart, bail = false }) {
	const files = await fastGlob(JSON.parse(process.env.MUTATION_TESTS), { cwd: 'test' });
	const tests = [];
	files.sort((one, other) => timeOf(one) - timeOf(other));
	for (const file of files) {
		const isWanted = (id) => !only || only.has(id);
		if (only && ![...only].some((id) => id.startsWith(`${file} `))) continue;
		stryker.activeMutant = undefined;
		if (isFromTheStart) activate();
		try {
			const found = await runFile(`test/${file}`, {
				prefix: `${file} `,
				isWanted,
				bail,
				timeout: activate ? timeoutOf(file) : TEST_TIMEOUT_MS,
				loaded: () => activate?.(),
				started: (id) => (stryker.currentTestId = id),
			});
			tests.push(...found.map((test) => resultOf(test, file)));
			const times = found.map(({ ms }) => ms);
			if (!activate) took.set(file, times);
		} catch (error) {
			return { status: DryRunStatus.Error, errorMessage: `${file}: ${error?.stack ?? error}` };
		}
		const limit = determineHitLimitReached(stryker.hitCount, stryker.hitLimit);
		if (limit) return limit;
		if (bail && tests.some(({ status }) => status === TestStatus.Failed)) break;
	}
	return { status: DryRunStatus.Complete, tests };
}

function resultOf({ id, ms, errors }, file) {
	const told = { id, name: id, timeSpentMs: ms, fileName: relative('.', `test/${file}`) };
	if (errors.length === 0) return { ...told, status: TestStatus.Success };
	return { ...told, status: TestStatus.Failed, failureMessage: errors.join('\n') };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'one-process', Runner)];
