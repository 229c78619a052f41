import type { Operations } from '../../shared/run/operation';
import * as getAttributes from './buyer/getAttributes.operation';
import * as getAvailableTypes from './message/getAvailableTypes.operation';
import * as sendMessage from './message/send.operation';
import * as getOrders from './order/getMany.operation';
import * as getEligibility from './reviewRequest/getEligibility.operation';
import * as sendReviewRequest from './reviewRequest/send.operation';

/** By resource and operation. */
export const operations: Operations = {
	'message.send': sendMessage,
	'message.getAvailableTypes': getAvailableTypes,
	'reviewRequest.send': sendReviewRequest,
	'reviewRequest.getEligibility': getEligibility,
	'buyer.getAttributes': getAttributes,
	'order.getMany': getOrders,
};

export const fields = Object.values(operations).flatMap((operation) => operation.fields);
