import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Operation, Operations } from './operation';

/** An operation as the form offers it, and what it does. */
export interface OfferedOperation extends Operation {
	/** As the list of operations shows it: `Get Many`. */
	name: string;
	/** As n8n's list of actions shows it: `Get many orders`. */
	action: string;
	description: string;
}

/** A resource of a node: what the form calls it, and what can be done with it. */
export interface Resource {
	/** As the list of resources shows it: `Review Request`. */
	name: string;
	value: string;
	/** By the value that workflows store. */
	operations: Readonly<Record<string, OfferedOperation>>;
	/** The operation that is chosen at first. */
	first: string;
}

/** Told of every send, in n8n's list of actions and to an agent that has the node as a tool. */
const READ_BY_A_PERSON = '(a person reads it, cannot be undone)';

const sendNotice: INodeProperties = {
	displayName:
		"A person reads this, and it cannot be undone. To have somebody look first, put n8n's approval step before it: 'Send and Wait for Response' of Gmail, Slack and others, or 'Human review' between an agent and this tool.",
	name: 'sendNotice',
	type: 'notice',
	default: '',
};

/** What is chosen at first leads; the rest follows by name. */
const led = (options: INodePropertyOptions[], first: string): INodePropertyOptions[] =>
	options.sort(
		(one, other) =>
			Number(other.value === first) - Number(one.value === first) ||
			one.name.localeCompare(other.name),
	);

/**
 * What an action node's form begins with: two lists, and that a person reads what a send says.
 * @param first the value of the resource that is chosen at first
 */
export function selectorsOf(resources: Resource[], first: string): INodeProperties[] {
	const resource: INodeProperties = {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: led(
			resources.map(({ name, value }) => ({ name, value })),
			first,
		),
		default: first,
	};
	const operations = resources.map(
		({ value: resourceValue, operations: offered, first: chosen }): INodeProperties => ({
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [resourceValue] } },
			options: led(
				Object.entries(offered).map(([value, { name, action, description, sends }]) => ({
					name,
					value,
					action: sends ? `${action} ${READ_BY_A_PERSON}` : action,
					description,
				})),
				chosen,
			),
			default: chosen,
		}),
	);
	return [resource, ...operations, ...resources.flatMap(noticeOf)];
}

function noticeOf({ value, operations }: Resource): INodeProperties[] {
	const sending = Object.keys(operations).filter((operation) => operations[operation]!.sends);
	if (sending.length === 0) return [];
	return [{ ...sendNotice, displayOptions: { show: { resource: [value], operation: sending } } }];
}

/** The fields of all operations, each shown where its operation is chosen. */
export function fieldsOf(resources: Resource[]): INodeProperties[] {
	return resources.flatMap(({ value, operations }) =>
		Object.entries(operations).flatMap(([operation, { fields }]) =>
			fields.map((field) => ({
				...field,
				displayOptions: {
					...field.displayOptions,
					show: { resource: [value], operation: [operation], ...field.displayOptions?.show },
				},
			})),
		),
	);
}

/** The operations by resource and operation, as `perItem` takes them. */
export function operationsOf(resources: Resource[]): Operations {
	return Object.fromEntries(
		resources.flatMap(({ value, operations }) =>
			Object.entries(operations).map(([name, operation]) => [`${value}.${name}`, operation]),
		),
	);
}
