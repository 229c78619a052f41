import { Workflow, type IDataObject, type INode, type INodeType } from 'n8n-workflow';

import { nodeTypesOf } from './engine.mts';

/** A workflow of one trigger that is switched on, as n8n reads it from its database with what it saved. */
export function switchedOnWorkflow(node: INode, type: INodeType, staticData: string): Workflow {
	return new Workflow({
		id: 'w1',
		name: 't',
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes: nodeTypesOf(type),
		staticData: JSON.parse(staticData) as IDataObject,
		settings: {},
	});
}
