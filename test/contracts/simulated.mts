/**
 * The simulator against the documents: what the tests of the nodes ask it and what it answers is recorded
 * while they run. What it accepts a document has to allow, and what it answers too.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { documentFor, judged, type Document } from './documents.mts';
import { Group } from './findings.mts';
import { recordedTests } from './recorded.cjs';
import { validateAgainstSchema } from '../marketplaces/ebay/validateAgainstSchema.mts';
import type { Recorded } from '../marketplaces/recorder.mts';

const folder = join(process.cwd(), '.cache/exchanges');
const log = join(process.cwd(), '.cache/logs/jest-exchanges.log');

/**
 * @param asked operations that the nodes use: each has to have been recorded
 * @param tests a pattern of paths, where not all are to run; nothing where `npm test` has recorded them just now
 */
export async function checkSimulator(
	documents: Document[],
	asked: Set<string>,
	tests: string | undefined,
): Promise<void> {
	if (tests !== undefined) await record(tests);

	const groups = new Map<string, Group>();
	const accepted = new Set<string>();
	const trading: Recorded[] = [];
	for await (const exchange of exchanges()) {
		if (exchange.operation.startsWith('ebay.AddMemberMessage')) trading.push(exchange);
		const document = documentFor(documents, exchange.rawUrl.split('?')[0]);
		if (!document) continue;
		const { operation, request, answer } = judged(document, exchange);
		const { method, rawUrl, requestBody, status, body } = exchange;
		const group = groups.get(operation) ?? new Group(operation, 'exchanges of the simulator');
		groups.set(operation, group);
		group.checked += 1;
		for (const says of answer) group.add(`answer ${status}: ${says}`, body);
		if (status >= 300) continue;
		accepted.add(operation);
		for (const says of request)
			group.add(`accepted: ${says}`, `${method} ${rawUrl} ${requestBody}`);
	}
	for (const operation of asked) {
		if (accepted.has(operation)) continue;
		const group = groups.get(operation) ?? new Group(operation, 'exchanges of the simulator');
		groups.set(operation, group);
		group.add('is used by a node, and no test sends it');
	}
	for (const name of [...groups.keys()].sort()) groups.get(name)!.print();
	await checkTrading(trading, tests === undefined || tests === recordedTests);
}

/** Runs tests, and records what they ask and get. */
async function record(tests: string): Promise<void> {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(dirname(log), { recursive: true });
	const code = await runTests(tests);
	if (code !== 0)
		console.log(`    (jest ended with ${code}, see ${log}: what it sent is judged all the same)`);
}

async function runTests(tests: string): Promise<number> {
	const jest = join(process.cwd(), 'node_modules/jest/bin/jest.js');
	const output = openSync(log, 'w');
	const child = spawn(process.execPath, [jest, '--silent', '--maxWorkers=2', tests], {
		env: { ...process.env, RECORD_EXCHANGES: folder },
		stdio: ['ignore', output, output],
	});
	process.once('exit', () => child.kill());
	return await new Promise((settle) => child.on('close', (code) => settle(code ?? 1)));
}

/** Each once, whatever process asked. */
async function* exchanges(): AsyncGenerator<Recorded> {
	const known = new Set<string>();
	for (const name of readdirSync(folder)) {
		const lines = createInterface({ input: createReadStream(join(folder, name)) });
		for await (const line of lines) {
			if (known.has(line)) continue;
			known.add(line);
			yield JSON.parse(line) as Recorded;
		}
	}
}

/** For the Trading API the schema beside the simulator is the document. */
async function checkTrading(recorded: Recorded[], complete: boolean): Promise<void> {
	const group = new Group(
		'ebay-message.xsd: AddMemberMessageAAQToPartner, AddMemberMessageRTQ',
		'documents',
	);
	const schema = readFileSync('test/marketplaces/ebay/ebay-message.xsd', 'utf8');
	/** The schema knows no answer to AddMemberMessageRTQ. */
	const described = (xml: string) => {
		const root = /<(\w+) xmlns=/.exec(xml)?.[1];
		return root !== undefined && schema.includes(`<xs:element name="${root}"`);
	};
	const known = new Set<string>();
	const unique = (text: string) => {
		const shape = text.replace(/\d+/g, '0');
		return !known.has(shape) && known.add(shape);
	};
	for (const { status, requestBody, body } of recorded) {
		const wasAccepted = status === 200 && /<Ack>(Success|Warning)<\/Ack>/.test(body);
		if (wasAccepted && unique(requestBody)) await judge('accepted', requestBody);
		if (status === 200 && described(body) && unique(body)) await judge('answer', body);
	}
	if (complete && group.checked === 0) group.add('no test sends any');
	group.print();

	async function judge(side: string, xml: string): Promise<void> {
		group.checked += 1;
		for (const says of await validateAgainstSchema(xml)) group.add(`${side}: ${says}`, xml);
	}
}
