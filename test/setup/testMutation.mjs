/**
 * `npm run test:mutation`: changes the code a little, time after time, and looks whether the tests notice.
 * Arguments name rooms, or files of them; none: every room. What is left is compared with
 * test/mutation/survivors.json, which says why it may be.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { installProject, isInstalled, npm } from './prepare.mjs';
import { cache, root, run, SetUpError, step } from './steps.mjs';

const folder = join(root, 'test/mutation');

/**
 * What is changed, and the tests that may notice: the quickest ones that look closely. `own`: of files of the
 * room that have some of their own, which are enough.
 */
const rooms = {
	files: { code: ['nodes/shared/files/*.ts'], tests: ['shared/files/*'] },
	http: {
		code: ['nodes/shared/http/*.ts'],
		tests: ['shared/http/!(pacing|response)'],
		own: {
			asker: ['shared/http/asker'],
			errors: ['shared/http/errors'],
			leaving: ['shared/http/leaving'],
			limitShare: ['shared/http/limitShare'],
			log: ['shared/http/log'],
			rateLimit: ['shared/http/rate*'],
			redact: ['shared/http/redact'],
			repeat: ['shared/http/repeat'],
			request: ['shared/http/{log,request,requestAgain,requestTurns}'],
			requestStatistics: ['shared/http/requestStatistics'],
			response: ['shared/http/{answers,neverLeft,olderN8n}'],
			storage: ['shared/http/storage'],
			url: ['shared/http/url'],
		},
	},
	send: {
		code: ['nodes/shared/send/*.ts'],
		tests: [
			'shared/send/{duplicateStore,inDoubt,protocol,sendMessage,sentOnce,sentOnceFails,severalProcesses,sharedList}',
		],
		own: {
			anotherOrder: ['shared/send/anotherOrder'],
			begun: ['shared/send/begun'],
			contactData: ['shared/send/contactKinds', 'shared/send/contactData'],
			listEntries: ['shared/send/listEntries'],
			lookUp: ['shared/send/lookUp'],
			passing: ['shared/send/passing'],
			rightToSend: ['shared/send/rightToSend'],
			sendMessage: ['shared/send/sendMessage', 'shared/send/lookUp'],
			sendOptions: ['shared/send/sendOptions'],
			sharedList: ['shared/send/{duplicateStore,inDoubt,protocol,sentOnce,sharedList}'],
			since: ['shared/send/since'],
			storeCalls: ['shared/send/storeCalls'],
			twins: ['shared/send/{lookUp,twins}'],
		},
	},
	poll: {
		code: ['nodes/shared/poll/*.ts'],
		tests: ['shared/poll/*'],
		own: {
			cursor: ['shared/poll/{cursor,cursorEnd}'],
			identity: ['shared/poll/{cursorEnd,options,poll}'],
			lookBack: ['shared/poll/options'],
			newAmong: ['shared/poll/{poll,pollReads,pollTurns,refusedEntries}'],
			pickFields: ['shared/poll/pickFields'],
			poll: ['shared/poll/{poll,pollReads,pollTurns,refusedEntries}'],
			refusedEntries: ['shared/poll/refusedEntries'],
			seenKeys: ['shared/poll/seenKeys'],
			testEvent: ['shared/poll/options'],
		},
	},
	amazonErrors: { code: ['nodes/Amazon/api/errors.ts'], tests: ['Amazon/api/*'] },
	ebayErrors: { code: ['nodes/Ebay/api/errors.ts'], tests: ['Ebay/api/*'] },
	magaluErrors: { code: ['nodes/Magalu/api/errors.ts'], tests: ['Magalu/api/*'] },
};

/** Percent of the changes that a test has to notice. */
const ENOUGH = 85;

async function main(wanted) {
	await installProject();
	await step('Stryker', async () => {
		if (isInstalled(folder)) return 'already there';
		const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await run(npm, ['ci', ...options], { cwd: folder, log: 'npm-ci-mutation' });
	});
	const scores = [];
	for (const { name, runs } of chosen(wanted)) {
		for (const one of runs) await stryker(one);
		scores.push(scoreOf(name, runs));
	}
	console.log(['', ...scores.map(lineFor)].join('\n'));
	return scores.every(({ percent }) => percent >= ENOUGH) ? 0 : 1;
}

/** @returns what is changed, by its name, and for which files Stryker runs with which tests */
function chosen(wanted) {
	const names = wanted.length > 0 ? wanted : Object.keys(rooms);
	return names.map((name) => {
		if (rooms[name]) return { name, runs: runsOf(name) };
		const file = relative(root, join(process.cwd(), name));
		const isIn = ({ code }) => code.some((path) => file.startsWith(path.replace('*.ts', '')));
		const room = Object.keys(rooms).find((one) => isIn(rooms[one]));
		if (!room) throw new SetUpError(`No such room: ${name} (${Object.keys(rooms).join(', ')})`);
		const tests = rooms[room].own?.[basename(file, '.ts')] ?? rooms[room].tests;
		return { name: file, runs: [{ name: file, code: [file], tests }] };
	});
}

/** What tests of its own are enough for is left out where the others run. */
function runsOf(room) {
	const { code, tests, own = {} } = rooms[room];
	const [folder] = code.map(dirname);
	const alone = Object.entries(own).map(([file, its]) => {
		const path = `${folder}/${file}.ts`;
		return { name: path, code: [path], tests: its };
	});
	const others = alone.flatMap((run) => run.code.map((path) => `!${path}`));
	return [...alone, { name: room, code: [...code, ...others], tests }];
}

/** Where Stryker leaves what it found, also as a page to read. */
const reportOf = (name) => join(cache, 'mutation', name);

async function stryker({ name, code, tests }) {
	const bin = join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	const child = spawn(process.execPath, [bin, 'run', 'test/mutation/stryker.config.mjs'], {
		cwd: root,
		env: {
			...process.env,
			MUTATION_REPORT: reportOf(name),
			MUTATION_FILES: JSON.stringify(code),
			MUTATION_TESTS: JSON.stringify(tests.map((one) => `nodes/${one}.test.mts`)),
		},
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
	const exit = await new Promise((settle) => child.on('close', settle));
	if (exit !== 0) throw new SetUpError(`Stryker ended with ${exit}`);
}

/** Says what no test noticed and nobody explains. @returns the score */
function scoreOf(name, runs) {
	const known = JSON.parse(readFileSync(join(folder, 'survivors.json'), 'utf8'));
	const files = runs.flatMap((run) => {
		const report = readFileSync(join(reportOf(run.name), 'report.json'), 'utf8');
		return Object.entries(JSON.parse(report).files);
	});
	const all = files.flatMap(([file, { source, mutants }]) =>
		mutants.map((mutant) => ({ file, line: lineOf(source, mutant), ...mutant })),
	);
	const those = (...statuses) => all.filter(({ status }) => statuses.includes(status));
	const noticed = those('Killed', 'Timeout').length;
	const left = those('Survived', 'NoCoverage');
	const isExplained = (mutant) => known.some((one) => isSame(one, mutant));
	for (const { file, location, line, replacement } of left.filter((one) => !isExplained(one))) {
		console.log(`${file}:${location.start.line}  ${line}\n    became  ${replacement}`);
	}
	for (const one of known.filter(({ file }) => files.some(([changed]) => changed === file))) {
		if (left.some((mutant) => isSame(one, mutant))) continue;
		console.log(`Explained though a test notices it: ${one.file}  ${one.line}  ${one.became}`);
	}
	const changes = noticed + left.length;
	const explained = left.filter(isExplained).length;
	const percent = changes === 0 ? 100 : (100 * noticed) / changes;
	return { name, changes, noticed, explained, percent };
}

function lineFor({ name, changes, noticed, explained, percent }) {
	const rest = `${explained} explained, ${changes - noticed - explained} not`;
	return `${name}: ${noticed} of ${changes} changes noticed (${percent.toFixed(1)} %); of the others ${rest}.`;
}

const lineOf = (source, { location }) => source.split('\n')[location.start.line - 1].trim();

function isSame(one, { file, line, replacement }) {
	return one.file === file && one.line === line && (one.became ?? replacement) === replacement;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exitCode = 1;
}
