/** An operation of a node against the mock servers: what is asked, and what makes sense of the answer. */
import assert from 'node:assert/strict';

import type { INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';

import type { NodeUnderTest, RunResult } from '../../engine/engine.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import type { Tree } from '../documents.mts';
import type { Adapt, Seen } from '../mocks.mts';

export interface Case {
	/** `resource.operation`, as the node's table has it; for a trigger its event. */
	operation: string;
	/** What is special about this one. */
	variant?: string;
	parameters: INodeParameters;
	items?: INodeExecutionData[];
	adapt?: Adapt;
	/**
	 * Throws (`node:assert`) where the node makes no sense of the answers.
	 * @param answers bodies by what was asked, in order
	 */
	sense(result: Sensed, answers: Answers): void;
}

/** What came of it: of a run, or of a trigger's polls. */
export interface Sensed extends Pick<RunResult, 'error'> {
	items: INodeExecutionData[];
}

export interface Answers {
	/** The bodies of the answers to an operation whose name ends so, e.g. `GET /conversation`. */
	to(operation: string): Tree[];
	all: Seen[];
}

export interface Street {
	title: string;
	node(simulator: Simulator): NodeUnderTest;
	/** Each of these needs a case. */
	operations: string[];
	cases: Case[];
}

/** Checks of an account: what was asked is understood, and none of these is a fault. */
export function checks(asked: string[], adapt?: Adapt): Case {
	return {
		operation: 'account.check',
		parameters: { resource: 'account', operation: 'check' },
		adapt,
		sense({ error, items }, answers) {
			assert.equal(error, undefined);
			for (const operation of asked) assert.ok(answers.to(operation).length > 0, operation);
			const faults = items.filter(({ json }) => json.ok === false).map(({ json }) => json);
			assert.deepEqual(faults, []);
			assert.ok(items.length >= asked.length);
		},
	};
}

/** `resource.operation` of all that an action node's form offers. */
export function operationsIn({ description }: INodeType): string[] {
	return description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options }) =>
			(displayOptions?.show?.resource ?? []).flatMap((resource) =>
				valuesOf(options).map((operation) => `${String(resource)}.${operation}`),
			),
		);
}

/** The events that a trigger's form offers, in the field of that name. */
export function eventsIn({ description }: INodeType, field = 'event'): string[] {
	return valuesOf(description.properties.find(({ name }) => name === field)?.options);
}

function valuesOf(options: unknown): string[] {
	return ((options ?? []) as Array<{ value: string }>).map(({ value }) => value);
}
