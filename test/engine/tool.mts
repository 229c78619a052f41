/** A node as an agent's tool, called as n8n calls it. */
import { additionalDataOf, nodeOf, TOOL, workflowOf, type NodeUnderTest } from './engine.mts';
import { SupplyDataContext } from 'n8n-core';
import { makeHandleToolInvocation } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data.js';
import {
	createRunExecutionData,
	type IDataObject,
	type INode,
	type INodeParameters,
} from 'n8n-workflow';

import { Credentials } from './credentials.mts';

/** @returns what the agent calls with its arguments; it answers with the output as JSON */
export async function toolOf(
	test: NodeUnderTest,
	parameters: INodeParameters,
	settings: Partial<INode> = {},
): Promise<(toolArgs: IDataObject) => Promise<string>> {
	const node = nodeOf(test, parameters, { ...settings, type: TOOL });
	const workflow = workflowOf(test, node);
	const credentials = new Credentials(test.credentialTypes, test.credentials);
	const additionalData = additionalDataOf(credentials, 'trigger', 'tool-1');
	const data = createRunExecutionData({});
	const contextOf = (runIndex: number) =>
		new SupplyDataContext(
			workflow,
			node,
			additionalData,
			'trigger',
			data,
			runIndex,
			[],
			{},
			'ai_tool',
			{ node, data: {}, source: null },
			[],
		);
	await workflow.expression.acquireIsolate();
	return makeHandleToolInvocation(contextOf, node, test.node, data) as never;
}
