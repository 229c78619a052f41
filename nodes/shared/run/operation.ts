import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

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
	/** It writes to a buyer: when it fails, the seller wants to know whether something was sent. */
	sends?: boolean;
}

/** By `resource.operation`, as the form calls them. */
export type Operations = Readonly<Record<string, Operation>>;

/** The operation that the form chose for an item. */
export function operationOf(
	context: IExecuteFunctions,
	itemIndex: number,
	operations: Operations,
): Operation {
	const resource = context.getNodeParameter('resource', itemIndex) as string;
	const operation = context.getNodeParameter('operation', itemIndex) as string;
	return operations[`${resource}.${operation}`]!;
}
