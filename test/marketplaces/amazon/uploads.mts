/**
 * Uploads API 2020-11-01: a place for one attachment of one message type of one order.
 * Source: models/uploads-api-model in github.com/amzn/selling-partner-api-models
 */
import { randomUUID } from 'node:crypto';

import type { Context } from '../service.mts';
import { denied, invalid } from './errors.mts';
import { messageTypes } from './messageTypes.mts';
import { presignedPut } from './s3.mts';
import type { Route } from './spApi.mts';
import type { AmazonState } from './state.mts';

/** Slashes of the resource stay slashes; encoded ones are an unknown path (403). */
const PATH =
	/^\/uploads\/2020-11-01\/uploadDestinations\/messaging\/v1\/orders\/([^/]+)\/messages\/([^/]+)$/;

export function uploadRoutes(state: AmazonState, context: Context): Route[] {
	return [
		{
			operation: 'amazon.createUpload',
			method: 'POST',
			path: PATH,
			query: ['contentMD5', 'contentType'],
			oneMarketplace: 'marketplaceIds: Missing or invalid request parameter: marketplaceIds',
			answer({ parts: [orderId, segment], account, exchange }) {
				if (!takesAttachments(segment, orderId, state)) return denied();
				const contentMd5 = exchange.query.get('contentMD5');
				if (!contentMd5) return invalid('contentMD5: Missing or invalid request parameter');

				const id = randomUUID();
				state.uploads.set(id, { id, account, orderId, segment });
				// Not looked at here: a digest in hex is found out by the PUT.
				const all = { 'Content-MD5': contentMd5, 'x-amz-server-side-encryption': 'aws:kms' };
				const headers = {
					all,
					withoutMd5: { 'x-amz-server-side-encryption': 'aws:kms' },
					null: null,
				}[state.uploadHeaders];
				const url = presignedPut(context, id, headers ?? {});
				return { status: 201, body: { payload: { uploadDestinationId: id, url, headers } } };
			},
		},
	];
}

/** A name that the models don't have takes files where the order offers it. */
function takesAttachments(segment: string, orderId: string, { orders }: AmazonState): boolean {
	const type = messageTypes.find((candidate) => candidate.segment === segment);
	if (type) return type.attachments !== undefined;
	const actions = orders.find((order) => order.orderId === orderId)?.actions ?? [];
	return actions.some((action) => (typeof action === 'string' ? action : action.name) === segment);
}
