/** The operation that the form chose: an expression or another program may name one that there is not. */
import type { INodeType } from 'n8n-workflow';

import { AmazonMessaging } from '../../../../nodes/Amazon/AmazonMessaging.node.ts';
import { EbayMemberMessage } from '../../../../nodes/Ebay/EbayMemberMessage.node.ts';
import { MagaluTicketMessage } from '../../../../nodes/Magalu/MagaluTicketMessage.node.ts';
import { runNode } from '../../../engine/engine.mts';

const nodes: Array<[string, INodeType]> = [
	['Amazon Messaging', new AmazonMessaging()],
	['eBay Member Message', new EbayMemberMessage()],
	['Magalu Ticket Message', new MagaluTicketMessage()],
];

async function errorOf(node: INodeType, resource: string, operation: string) {
	const test = { node, credentialTypes: [], credentials: {} };
	const { error } = await runNode(test, {
		parameters: { resource, operation, orderId: '1', marketplaceId: 'x' },
	});
	return error!;
}

describe.each(nodes)('%s', (_name, node) => {
	test('names the operations that a resource has', async () => {
		const error = await errorOf(node, 'message', 'destroy');
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "'Operation' is not one that the resource 'message' has: destroy",
			context: { itemIndex: 0, details: { outcome: 'notSent', retryable: false } },
		});
		expect(error.description).toMatch(/^There is: (\w+, )*send\b/);
	});

	test('names the resources that it has', async () => {
		const error = await errorOf(node, 'parcel', 'send');
		expect(error.message).toBe("'Resource' is not one that this node has: parcel");
		expect(error.description).toMatch(/^There is: (\w+, )*message\b/);
	});

	test.each([
		['constructor', 'send'],
		['message', '__proto__'],
		['message', '={{ $json.operation }}'],
		['={{ $json.resource }}', 'send'],
	])('knows no %j %j', async (resource, operation) => {
		expect((await errorOf(node, resource, operation)).message).toMatch(/is not one that/);
	});
});
