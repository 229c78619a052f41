import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { runNode, type NodeUnderTest, type RunOptions, type RunResult } from './engine.mts';
import { secretsIn } from './secrets.mts';
import { startSimulator, type Simulator } from '../marketplaces/simulator.mts';

/** A node, the simulator that it is connected to, and what comes of it. */
export interface World {
	simulator: Simulator;
	node: NodeUnderTest;
	/** Runs the node; what comes of it is looked through for secrets after the test. */
	run(parameters: INodeParameters, options?: Omit<RunOptions, 'parameters'>): Promise<RunResult>;
	/** Operations of the simulator that were called, in order, without the token exchange. */
	calls(): string[];
}

export interface WorldOptions {
	/** What a run gets where the test names no items. */
	items: INodeExecutionData[];
	/** Operations that fetch a token. */
	tokenOperations: string[];
	/** What must never be seen in an output or an error. */
	secrets(simulator: Simulator): string[];
	/** Before each test, when the simulator is as after its start: connects the node. */
	connect(world: World): NodeUnderTest;
}

/** A simulator for the tests of a file, and for each test a node that is connected to it. */
export function worldOf({ items, tokenOperations, secrets, connect }: WorldOptions): World {
	const results: RunResult[] = [];
	const world: World = {
		simulator: undefined as unknown as Simulator,
		node: undefined as unknown as NodeUnderTest,
		async run(parameters, options = {}) {
			const result = await runNode(world.node, { parameters, items, ...options });
			results.push(result);
			return result;
		},
		calls: () =>
			world.simulator.calls
				.map(({ operation }) => operation)
				.filter((name) => !tokenOperations.includes(name)),
	};

	beforeAll(async () => {
		world.simulator = await startSimulator();
	});
	afterAll(async () => await world.simulator.close());

	beforeEach(() => {
		results.length = 0;
		world.simulator.reset();
		world.node = connect(world);
	});

	afterEach(() => {
		expect(world.simulator.defects).toEqual([]);
		expect(secretsIn(results, secrets(world.simulator))).toEqual([]);
	});
	return world;
}

/** The rows of the form's attachments: names of binary fields, or whole rows. */
export function attached(...rows: Array<string | INodeParameters>): INodeParameters {
	const file = rows.map((row) =>
		typeof row === 'string' ? { binaryPropertyName: row, fileName: '' } : row,
	);
	return { attachments: { file } };
}

/** Of a form: what got no answer is not looked for. */
export const notLookedFor = { options: { lookUpAfterLoss: false } };
