/** Every request of a message with every kind of failure, in a real n8n that logs all it can; then the search. */
import type { Fault } from '../../marketplaces/service.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import { amazonStreet } from '../../reliability/streetAmazon.mts';
import { ebayStreet } from '../../reliability/streetEbay.mts';
import { magaluStreet } from '../../reliability/streetMagalu.mts';
import type { Street } from '../../reliability/streets.mts';
import type { WorkflowFile } from '../instance.mts';
import { startWorld, type World } from '../world.mts';
import { searchForSecrets } from './secrets.mts';
import { chain, node, withoutLimits } from './workflows.mts';

type Failure = Omit<Fault, 'operation'>;

/** Each is final, or cured by one more try. */
const failures = (street: Street, operation: string): Failure[] => [
	...[400, 401, 403, 429, 500].map((status): Failure => {
		const { headers, body } = street.refusal(status, operation);
		// eBay's own block would be waited for: a hundred seconds.
		return { kind: 'status', status, headers: { ...headers, 'retry-after': '1' }, body };
	}),
	{ kind: 'lost', when: 'after' },
	{ kind: 'cutOff' },
	{ kind: 'garbage', status: 200 },
];

describe('after every kind of failure, in a real n8n that logs all it can', () => {
	const statuses: string[] = [];
	const operations = new Set<string>();
	let world: World;

	beforeAll(async () => {
		world = await startWorld('secrets', { N8N_LOG_LEVEL: 'debug' });
		withoutLimits(world.simulator);
		for (const street of [amazonStreet, ebayStreet, magaluStreet]) await failEverywhere(street);
	});

	afterAll(async () => await world?.stop());

	it('has failed at every request', () => {
		expect(statuses.filter((status) => status === 'error').length).toBeGreaterThan(40);
		expect([...operations]).toEqual(
			expect.arrayContaining(['lwa.token', 's3.put', 'amazon.send', 'magalu.token', 'gcs.put']),
		);
	});

	it('no secret and no signed address stands in the database or the log', () => {
		const { secrets, characters, found } = searchForSecrets(world.n8n.home, world.simulator);
		console.log(`${statuses.length} executions, ${secrets} secrets, ${characters} characters`);

		expect(secrets).toBeGreaterThan(20);
		expect(found).toEqual([]);
	});

	async function failEverywhere(street: Street): Promise<void> {
		const { n8n, simulator } = world;
		const id = await n8n.importWorkflow(messageOf(street, simulator));
		const run = async (faults: Fault[]) => {
			street.endTokens(simulator);
			simulator.calls.length = 0;
			simulator.faults.push(...faults);
			const { status } = await n8n.runWorkflow(id);
			simulator.faults.length = 0;
			street.settle?.(simulator);
			statuses.push(status);
			return [...new Set(simulator.calls.map(({ operation }) => operation))];
		};
		const all = await run([]);
		if (statuses.at(-1) !== 'success') throw new Error(`${street.title}: ${statuses.at(-1)}`);

		for (const operation of lastTokens(street, all)) {
			operations.add(operation);
			for (const failure of failures(street, operation)) await run([{ operation, ...failure }]);
		}
	}
});

/** A lost answer can cost the refresh token: what fetches tokens comes last. */
function lastTokens({ tokenOperations }: Street, operations: string[]): string[] {
	const isToken = (operation: string) => tokenOperations.includes(operation);
	return [
		...operations.filter((one) => !isToken(one)),
		...operations.filter((one) => isToken(one)),
	];
}

/** The street's first way to send, with one file. */
function messageOf({ title, paths }: Street, simulator: Simulator): WorkflowFile {
	const { connect, parameters, items } = paths[0];
	const { node: type, credentials } = connect(simulator);
	const [file] = Object.values(items[0].binary ?? {});
	return chain(title, [
		node('Start', 'manualTrigger', 1, {}),
		node('Given', 'set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ file: file.data }) }),
		node('File', 'convertToFile', 1.1, {
			operation: 'toBinary',
			sourceProperty: 'file',
			options: { fileName: file.fileName, mimeType: file.mimeType },
		}),
		{
			...node('Send', `n8n-nodes-marketplace-messages.${type.description.name}`, 1, {
				...parameters,
				attachments: { file: [{ binaryPropertyName: 'data', fileName: '' }] },
				// Magalu's: how long a message is followed. The others have no such option.
				options: { timeout: 5 },
			}),
			credentials: Object.fromEntries(
				Object.keys(credentials).map((name) => [name, { id: '', name: '' }]),
			),
		},
	]);
}
