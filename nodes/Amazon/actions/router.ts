import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Given, Operation } from '../../shared/perItem';
import * as getAttributes from './buyer/getAttributes.operation';
import * as getAvailableTypes from './message/getAvailableTypes.operation';
import * as sendMessage from './message/send.operation';
import * as getOrders from './order/getMany.operation';
import * as getEligibility from './reviewRequest/getEligibility.operation';
import * as sendReviewRequest from './reviewRequest/send.operation';

const operations: Record<string, { fields: INodeProperties[]; execute: Operation }> = {
	'message.send': sendMessage,
	'message.getAvailableTypes': getAvailableTypes,
	'reviewRequest.send': sendReviewRequest,
	'reviewRequest.getEligibility': getEligibility,
	'buyer.getAttributes': getAttributes,
	'order.getMany': getOrders,
};

export const fields = Object.values(operations).flatMap((operation) => operation.fields);

/** Hands an item to the operation that the form chose. */
export async function router(this: IExecuteFunctions, itemIndex: number): Promise<Given> {
	const resource = this.getNodeParameter('resource', itemIndex) as string;
	const operation = this.getNodeParameter('operation', itemIndex) as string;
	return await operations[`${resource}.${operation}`]!.execute.call(this, itemIndex);
}
