/** The same 100 messages with a PDF each: our node, and a chain of n8n's own nodes, in one n8n. */
import { tableOf, writeTable } from '../../bench/tables.mts';
import type { Execution, WorkflowFile, WorkflowNode } from '../instance.mts';
import { startWorld, type World } from '../world.mts';
import { medianOf } from './duplicates.mts';
import {
	addOrders,
	byHand,
	chain,
	files,
	node,
	pdfFor,
	send,
	US,
	withFiles,
	withoutLimits,
} from './workflows.mts';

const ORDERS = 100;
const LATENCY_MS = 20;
const ROUNDS = 7;

describe(`${ORDERS} orders with a PDF each, answers after ${LATENCY_MS} ms, no limit`, () => {
	const ours: number[] = [];
	const theirs: number[] = [];
	const wrong: string[] = [];
	let calls: number[] = [];
	let world: World;

	beforeAll(async () => {
		world = await startWorld('http-chain');
		const { simulator, n8n } = world;
		simulator.latencyMs = LATENCY_MS;
		withoutLimits(simulator);
		const orders = addOrders(simulator, ORDERS);
		const given = [...byHand(withFiles(orders)), files];
		const start = given.map(({ name }) => name);
		const nodeId = await n8n.importWorkflow(chain('Our node', [...given, send({})]));
		const chainId = await n8n.importWorkflow(httpChain(given, simulator.origin));

		const measure = async (id: string) => {
			simulator.calls.length = 0;
			simulator.received.length = 0;
			const execution = await n8n.runWorkflow(id);
			wrong.push(...wrongWith(execution, world, orders));
			return { calls: simulator.calls.length, ms: timeAfter(start, execution) };
		};
		// The first round warms both up.
		for (let i = 0; i <= ROUNDS; i++) {
			const [node, http] = [await measure(nodeId), await measure(chainId)];
			calls = [node.calls, http.calls];
			if (i > 0) ours.push(node.ms);
			if (i > 0) theirs.push(http.ms);
		}
		keepTable();
	});

	afterAll(async () => await world?.stop());

	it('sends the same messages and files both ways', () => {
		expect(wrong).toEqual([]);
	});

	it('needs no more calls than the chain', () => {
		expect(calls[0]).toBeLessThanOrEqual(calls[1]);
	});

	function keepTable(): void {
		const [node, http] = [medianOf(ours), medianOf(theirs)];
		const row = (name: string, count: number, times: number[], nodes: number) => [
			name,
			nodes,
			count,
			medianOf(times),
			`${Math.min(...times)} to ${Math.max(...times)}`,
			(medianOf(times) / ORDERS).toFixed(1),
		];
		const rows = [
			row('Amazon Messaging', calls[0], ours, 1),
			row("chain of n8n's own nodes", calls[1], theirs, CHAIN.length),
		];
		const head = '|nodes|calls|median, ms|from to, ms|ms a message';
		const table = [
			tableOf(head.split('|'), rows),
			'',
			`Ratio of the medians: ${(node / http).toFixed(2)}. ${ROUNDS} rounds, turn by turn; time of the nodes that do the job, as n8n counts it.`,
		].join('\n');
		console.log(table);
		writeTable('docs/benchmarks.md', 'http-chain', table);
	}
});

const CHAIN = ['Actions', 'Digest', 'Destination', 'Together', 'Upload', 'Post'];

/** What a seller builds who has only n8n's own nodes, and our credential. */
function httpChain(given: WorkflowNode[], origin: string): WorkflowFile {
	const orderId = "{{ $('Orders').item.json.orderId }}";
	const api = `${origin}/amazon`;
	const resource = `messaging/v1/orders/${orderId}/messages/confirmCustomizationDetails`;
	const query = (...pairs: Array<[string, string]>) => ({
		sendQuery: true,
		queryParameters: { parameters: pairs.map(([name, value]) => ({ name, value })) },
	});
	const actions = http('Actions', 'GET', `=${api}/messaging/v1/orders/${orderId}`, {
		...query(['marketplaceIds', US]),
	});
	const digest = node('Digest', 'crypto', 2, {
		action: 'hash',
		type: 'MD5',
		binaryData: true,
		binaryPropertyName: 'data',
		dataPropertyName: 'digest',
		encoding: 'base64',
	});
	const destination = http(
		'Destination',
		'POST',
		`=${api}/uploads/2020-11-01/uploadDestinations/${resource}`,
		query(['marketplaceIds', US], ['contentMD5', '={{ $json.digest }}']),
	);
	// Neither the digest nor the destination comes with the file.
	const together = node('Together', 'merge', 3.2, {
		mode: 'combine',
		combineBy: 'combineByPosition',
		options: {},
	});
	const upload = node('Upload', 'httpRequest', 4.2, {
		method: 'PUT',
		url: '={{ $json.payload.url }}',
		sendHeaders: true,
		specifyHeaders: 'json',
		jsonHeaders: '={{ JSON.stringify($json.payload.headers) }}',
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: 'data',
		options: {},
	});
	const post = http('Post', 'POST', `=${api}/${resource}`, {
		...query(['marketplaceIds', US]),
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ JSON.stringify({
			text: 'Which name shall we engrave for ' + $('Orders').item.json.orderId + '?',
			attachments: [{ uploadDestinationId: $('Destination').item.json.payload.uploadDestinationId, fileName: 'letter.pdf' }],
		}) }}`,
	});
	const to = (name: string, index = 0) => ({ node: name, type: 'main', index });
	const begin = chain('Chain', given);
	return {
		...begin,
		nodes: [...begin.nodes, actions, digest, destination, together, upload, post],
		connections: {
			...begin.connections,
			File: { main: [[to('Actions'), to('Digest'), to('Together', 1)]] },
			Digest: { main: [[to('Destination')]] },
			Destination: { main: [[to('Together')]] },
			Together: { main: [[to('Upload')]] },
			Upload: { main: [[to('Post')]] },
		},
	};
}

function http(
	name: string,
	method: string,
	url: string,
	parameters: Record<string, unknown>,
): WorkflowNode {
	return {
		...node(name, 'httpRequest', 4.2, {
			method,
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'amazonSellingPartnerApi',
			// Amazon asks every application to say who it is.
			sendHeaders: true,
			headerParameters: {
				parameters: [{ name: 'user-agent', value: 'Chain/1.0 (Language=n8n)' }],
			},
			...parameters,
			options: {},
		}),
		credentials: { amazonSellingPartnerApi: { id: '', name: '' } },
	};
}

/** Milliseconds of all nodes but the ones that bring the orders and files. */
function timeAfter(start: string[], { took }: Execution): number {
	return Object.entries(took).reduce(
		(sum, [name, ms]) => (start.includes(name) ? sum : sum + ms),
		0,
	);
}

function wrongWith({ status, error }: Execution, { simulator }: World, orders: string[]): string[] {
	const wrong = orders.filter((order) => {
		const arrived = simulator.received.filter(({ reference }) => reference === order);
		const [file] = arrived[0]?.attachments ?? [];
		return arrived.length !== 1 || !file?.bytes.equals(pdfFor(order));
	});
	if (status !== 'success') wrong.push(`${status}: ${error?.message} ${error?.description}`);
	return wrong;
}
