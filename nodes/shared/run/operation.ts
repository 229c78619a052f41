import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { Refusal } from '../outcome';
import type { SimpleFields } from './simplify';

/** Whole items, for operations that give files. */
export class WholeItems {
	constructor(readonly items: INodeExecutionData[]) {}
}

/** What an operation gives for one item. */
export type Given = IDataObject | IDataObject[] | WholeItems;

/** What a node can do: a file of `actions/`. */
export interface Operation {
	fields: INodeProperties[];
	execute(context: IExecuteFunctions, itemIndex: number): Promise<Given>;
	/** What its option 'Simplify' leaves of each item. */
	simple?: SimpleFields;
	/** It writes to a buyer: when it fails, the seller wants to know whether something was sent. */
	sends?: boolean;
	/** The marketplace itself takes it once: running it again sends nothing more. */
	takenOnce?: boolean;
}

/** By `resource.operation`, as the form calls them. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * The operation that the form chose for an item.
 * @throws Refusal for one that there is not, such as an expression: n8n does not evaluate one here
 */
export function operationOf(
	context: IExecuteFunctions,
	itemIndex: number,
	operations: Operations,
): Operation {
	const read = (name: string) => String(context.getNodeParameter(name, itemIndex, '')).trim();
	const [resource, operation] = [read('resource'), read('operation')];
	const name = `${resource}.${operation}`;
	if (Object.hasOwn(operations, name)) return operations[name]!;

	const names = Object.keys(operations).map((one) => one.split('.'));
	const ofResource = names.filter(([one]) => one === resource).map(([, one]) => one);
	const resources = [...new Set(names.map(([one]) => one))];
	throw ofResource.length > 0
		? new Refusal(
				`'Operation' is not one that the resource '${resource}' has: ${operation.slice(0, 40)}`,
				`There is: ${ofResource.join(', ')}. Choose one from the list: n8n evaluates no expression here.`,
			)
		: new Refusal(
				`'Resource' is not one that this node has: ${resource.slice(0, 40)}`,
				`There is: ${resources.join(', ')}. Choose one from the list: n8n evaluates no expression here.`,
			);
}
