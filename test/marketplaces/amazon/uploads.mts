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
			answer({ parts: [orderId, segment], account, marketplaceId, exchange }) {
				if (!takesAttachments(segment, orderId, state)) return denied();
				const contentMd5 = exchange.query.get('contentMD5');
				if (!contentMd5) return invalid('contentMD5: Missing or invalid request parameter');

				const id = randomUUID();
				state.uploads.set(id, { id, account, orderId, segment });
				// Not looked at here: a digest in hex is found out by the PUT.
				const { signed, given } = uploadHeaders(contentMd5)[state.uploadHeaders];
				const url = presignedPut(context, id, { account, marketplaceId }, signed);
				const headers = given;
				return { status: 201, body: { payload: { uploadDestinationId: id, url, headers } } };
			},
		},
	];
}

/**
 * Which headers the URL is signed with, and which of them the answer tells.
 * Source: `recorded` and `null`: amzn/selling-partner-api-samples (2025-09, and the mock of its recipe, which
 * sends its own digest); `encrypted`: amzn/selling-partner-api-docs issue 1597
 */
function uploadHeaders(md5: string) {
	const digest = { 'Content-MD5': md5 };
	const encryption = { 'x-amz-server-side-encryption': 'aws:kms' };
	return {
		recorded: { signed: digest, given: digest },
		encrypted: { signed: { ...digest, ...encryption }, given: { ...digest, ...encryption } },
		withoutMd5: { signed: { ...digest, ...encryption }, given: encryption },
		null: { signed: digest, given: null },
	};
}

/** A name that the models don't have takes files where the order offers it. */
function takesAttachments(segment: string, orderId: string, { orders }: AmazonState): boolean {
	const type = messageTypes.find((candidate) => candidate.segment === segment);
	if (type) return type.attachments !== undefined;
	const actions = orders.find((order) => order.orderId === orderId)?.actions ?? [];
	return actions.some((action) => (typeof action === 'string' ? action : action.name) === segment);
}
