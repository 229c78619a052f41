import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

/**
 * What became of a message that was not reported as sent: `notSent` = the buyer surely got nothing;
 * `unknown` = the request left and no answer told us.
 */
export type Outcome = 'notSent' | 'unknown';

/**
 * What an output says of a message: `accepted` = the marketplace has it and has not created it yet; `skipped` =
 * it was sent before or cannot be sent now; `validated` = it was only checked.
 */
export type MessageStatus = 'sent' | 'accepted' | 'skipped' | 'validated';

export type MarketplaceName = 'amazon' | 'ebay' | 'magalu';

/** The facts of a failure, as they stand in an error item's `details` and an error's `context.details`. */
export interface FailureDetails {
	outcome: Outcome;
	/** Sending the same item again later can succeed. */
	retryable: boolean;
	/** The marketplace's own code, as it wrote it. */
	code?: string;
	httpStatus?: number;
	requestId?: string;
	marketplace: MarketplaceName;
	/** The marketplace's own text. */
	marketplaceMessage?: string;
	/** What to do next. */
	description: string;
}

/** The marketplace answered no, or did not answer. */
export class MarketplaceError extends Error {
	override readonly name = 'MarketplaceError';

	constructor(
		message: string,
		readonly details: FailureDetails,
		/** Milliseconds for which the marketplace asked to stay away; 0 where it did not. */
		readonly waitMs = 0,
	) {
		super(message);
	}
}

/** Too fast: nothing was processed. A trigger ends its poll quietly on it; the next one comes by itself. */
export class Throttled extends MarketplaceError {}

/** The marketplace gives no access token: nothing else has left. */
export class LoginError extends MarketplaceError {}

/** The node refused before anything left: the message names the field, the description says the way out. */
export class Refusal extends Error {
	override readonly name = 'Refusal';

	constructor(
		message: string,
		readonly description: string,
		/** A code of ours, where a workflow may want to branch on the reason. */
		readonly code?: string,
		/** The same item can go through later. */
		readonly retryable = false,
	) {
		super(message);
	}
}

/** A failure as the seller sees it, whatever was thrown. */
export interface Failure {
	message: string;
	details: FailureDetails;
	/** The node refused before calling. */
	refused: boolean;
	/** It would have written to a buyer. */
	sends?: boolean;
}

/**
 * Reads whatever an item threw.
 *
 * @returns for anything but our own two errors an outcome of `notSent`: requests classify their own
 * failures, so what else is thrown was thrown before a request or by an expression
 */
export function failureOf(error: unknown, marketplace: MarketplaceName): Failure {
	if (error instanceof MarketplaceError) {
		return { message: error.message, details: error.details, refused: false };
	}
	const known = error instanceof Error ? error : undefined;
	const description = (known as { description?: unknown } | undefined)?.description;
	return {
		message: known?.message ?? 'The item could not be processed',
		details: {
			outcome: 'notSent',
			retryable: known instanceof Refusal && known.retryable,
			marketplace,
			description:
				typeof description === 'string' && description !== ''
					? description
					: 'Correct the input and run it again.',
			...(known instanceof Refusal && known.code ? { code: known.code } : {}),
		},
		refused: true,
	};
}

/**
 * The error that n8n shows. It is built afresh from plain data, because a NodeApiError made from another
 * NodeApiError ignores every option; the message is set last, because n8n replaces any message that
 * happens to contain a Node.js error code.
 */
export function nodeErrorOf(
	node: INode,
	failure: Failure,
	itemIndex?: number,
	alsoSay = '',
): NodeApiError | NodeOperationError {
	const { message } = failure;
	// A round-up of all items says itself what was sent.
	const details = alsoSay === '' ? detailsToShow(failure) : failure.details;
	const description = [details.description, alsoSay].filter(Boolean).join(' ');
	const error = failure.refused
		? new NodeOperationError(node, message, { itemIndex, description })
		: new NodeApiError(
				node,
				{ message },
				{ message, description, itemIndex, httpCode: details.httpStatus?.toString() },
			);
	error.message = message;
	error.description = description;
	error.context.details = { ...details };
	return error;
}

/** The item for "Continue" and "Continue (using error output)": only keys that n8n routes to the error output. */
export function errorItemOf(failure: Failure, item: number): INodeExecutionData {
	const details = { ...detailsToShow(failure) } as unknown as IDataObject;
	return { json: { error: failure.message, details }, pairedItem: { item } };
}

/** Of a send that surely did not happen it is said in words, too. */
function detailsToShow({ details, sends }: Failure): FailureDetails {
	if (!sends || details.outcome !== 'notSent') return details;
	return { ...details, description: `Nothing was sent. ${details.description}` };
}
