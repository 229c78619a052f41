/** The same files in a real n8n that keeps them in one way or another: what arrives, and what it costs in memory. */
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { bytesOf } from '../../engine/bytes.mts';
import { tableOf, writeTable } from '../../bench/tables.mts';
import type { WorkflowFile } from '../instance.mts';
import { sendings, send, type Marketplace } from '../versions/workflows.mts';
import { startWorld, type World } from '../world.mts';
import { chain, node } from './workflows.mts';

const MB = 1024 * 1024;

/** As `N8N_DEFAULT_BINARY_DATA_MODE` names them, but memory, which n8n 2 has no more, and S3, which wants a licence. */
const ways = { filesystem: 'on the disk', database: 'in the database' };
type Way = keyof typeof ways;

/** The largest that each marketplace takes. */
const sizes = { amazon: 10 * MB - 1, ebay: 12 * MB, magalu: 5 * MB - 1 };
const marketplaces = Object.keys(sizes) as Marketplace[];

const starts: Record<Marketplace, Buffer | string> = {
	amazon: '%PDF-1.4 ',
	ebay: sendings.ebay.file.bytes.subarray(0, 24),
	magalu: '%PDF-1.4 ',
};

interface Row {
	way: Way;
	marketplace: Marketplace;
	equal: boolean;
	/** What n8n's resident set grew by at most, its own download of the file included (bytes). */
	grewBy: number;
}

const rows: Row[] = [];
/** n8n loads the file from here. */
let shop: Server;

beforeAll(async () => {
	shop = createServer(({ url }, answer) => {
		const marketplace = url!.slice(1) as Marketplace;
		const { mimeType } = sendings[marketplace].file;
		answer.writeHead(200, { 'content-type': mimeType }).end(sourceFor(marketplace));
	}).listen(0, '127.0.0.1');
	await once(shop, 'listening');
});
afterAll(() => {
	shop.close();
	keepTable();
});

const sourceFor = (marketplace: Marketplace) =>
	bytesOf(marketplace, starts[marketplace], sizes[marketplace]);

describe.each(Object.entries(ways))('%s: files are kept %s', (mode) => {
	const way = mode as Way;
	let world: World;

	beforeAll(async () => {
		world = await startWorld(`files-${way}`, { N8N_DEFAULT_BINARY_DATA_MODE: way });
	});
	afterAll(async () => await world?.stop());

	it.each(marketplaces)('the largest file arrives at %s as it was', async (marketplace) => {
		const { port } = shop.address() as AddressInfo;
		const id = await world.n8n.importWorkflow(sendingFrom(port, marketplace));
		const memory = memoryOf(world.n8n.pid);
		const { status, error } = await world.n8n.runWorkflow(id);
		const grewBy = memory.grewBy();
		const { received } = world.simulator;
		const files = received
			.filter((message) => message.marketplace === marketplace)
			.flatMap(({ attachments }) => attachments);
		const equal = files.length === 1 && files[0].bytes.equals(sourceFor(marketplace));
		rows.push({ way, marketplace, equal, grewBy });

		expect({ status, error, equal }).toEqual({ status: 'success', error: undefined, equal: true });
	});
});

/** n8n's own node loads the file, so that its bytes lie where this n8n keeps files. */
function sendingFrom(port: number, marketplace: Marketplace): WorkflowFile {
	const sending = send(marketplace);
	const { fileName } = sendings[marketplace].file;
	sending.parameters.attachments = { file: [{ binaryPropertyName: 'data', fileName }] };
	return chain(`files-${marketplace}`, [
		node('Start', 'manualTrigger', 1, {}),
		node('File', 'httpRequest', 4.2, {
			url: `http://127.0.0.1:${port}/${marketplace}`,
			options: {
				response: { response: { responseFormat: 'file', outputPropertyName: 'data' } },
			},
		}),
		sending,
	]);
}

/** Linux tells the most that a process ever held, and forgets it when asked to; elsewhere it is not known. */
function memoryOf(pid: number): { grewBy(): number } {
	const status = `/proc/${pid}/status`;
	if (!existsSync(status)) return { grewBy: () => NaN };
	const held = (name: string) =>
		1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(status, 'utf8'))![1]);
	writeFileSync(`/proc/${pid}/clear_refs`, '5');
	const before = held('VmRSS');
	return { grewBy: () => held('VmHWM') - before };
}

function keepTable(): void {
	const titles = { amazon: 'Amazon', ebay: 'eBay', magalu: 'Magalu' };
	const head = [
		'files are kept',
		...marketplaces.map((one) => `${titles[one]}, ${mb(sizes[one])}`),
	];
	const lines = Object.entries(ways).map(([way, words]) => [
		`${words} (\`${way}\`)`,
		...marketplaces.map((marketplace) => {
			const row = rows.find((one) => one.way === way && one.marketplace === marketplace);
			return row?.equal ? mb(row.grewBy) : 'did not arrive';
		}),
	]);
	const text = tableOf(head, lines);
	console.log(text);
	writeTable('docs/benchmarks.md', 'files', text);
}

const mb = (bytes: number) => (Number.isNaN(bytes) ? 'arrived' : `${(bytes / MB).toFixed(0)} MB`);
