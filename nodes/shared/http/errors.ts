import { LoginError, MarketplaceError, Throttled, type FailureDetails } from '../outcome';
import type { HttpResponse, RepeatPolicy, Service } from './service';
import type { TryResult } from './repeat';
import type { RequestResult } from './response';
import { LONGEST_WAIT_MS, WAIT_OF_A_POLL_MS } from '../sleep';

/** Requests that failed, as errors in a seller's words, each with the outcome that is the truth. */

export function refusedError(
	service: Service,
	policy: RepeatPolicy,
	answer: HttpResponse,
	kind: TryResult['kind'],
	pauseMs: number,
): MarketplaceError {
	const said = service.explain(answer);
	const doubtful = kind === 'failing' || kind === 'unreadable';
	const unknown = doubtful && isSend(policy);
	const facts = {
		code: said.code,
		httpStatus: answer.status,
		requestId: service.requestIdOf(answer),
		marketplace: service.marketplace,
		marketplaceMessage: said.marketplaceMessage,
	};
	if (unknown) return unknownError(service, facts, pauseMs, said.doubt);
	if (kind === 'unreadable') {
		return new MarketplaceError(`${service.title} gave an answer that cannot be read`, {
			outcome: 'notSent',
			retryable: true,
			...facts,
			description: `Try again later; if it stays like this, check the address of ${service.title} in the credential.`,
		});
	}
	const retryable = said.retryable ?? (kind === 'throttled' || kind === 'again' || doubtful);
	const when =
		pauseMs > (policy === 'poll' ? WAIT_OF_A_POLL_MS : LONGEST_WAIT_MS)
			? ` ${service.title} asks to wait ${Math.ceil(pauseMs / 1000)} seconds.`
			: '';
	const details: FailureDetails = {
		outcome: 'notSent',
		retryable,
		...facts,
		description: said.description + when,
	};
	const Kind = kind === 'throttled' ? Throttled : MarketplaceError;
	return new Kind(said.message, details, pauseMs);
}

/** Asked for once more it would be as large: whoever reads a list may ask for less of it. */
export function tooLargeError(
	service: Service,
	policy: RepeatPolicy,
	{ status }: HttpResponse,
): MarketplaceError {
	if (isSend(policy)) return unknownError(service, { httpStatus: status });
	const { marketplace, title } = service;
	return new MarketplaceError(`${title} gave an answer that is too large to be read`, {
		outcome: 'notSent',
		retryable: true,
		code: 'AnswerTooLarge',
		httpStatus: status,
		marketplace,
		description: "Ask for less: with filters, or with a lower 'Limit'.",
	});
}

/** Known before asking. */
export function usedUpError({ marketplace, title }: Service): Throttled {
	return new Throttled(`${title}'s limit of requests is used up`, {
		outcome: 'notSent',
		retryable: true,
		marketplace,
		description: 'Nothing was asked. Try again in a few minutes.',
	});
}

export function noAnswerError(
	service: Service,
	policy: RepeatPolicy,
	result: Exclude<RequestResult, { kind: 'answer' }>,
): Error {
	if (result.kind === 'neverLeft') {
		if (result.exchange) {
			const { message, ...facts } = result.exchange;
			return new LoginError(message, {
				outcome: 'notSent',
				retryable: false,
				...facts,
				marketplace: service.marketplace,
			});
		}
		return new MarketplaceError(`${service.title} could not be reached`, {
			outcome: 'notSent',
			retryable: result.mayPass,
			code: result.code || undefined,
			marketplace: service.marketplace,
			marketplaceMessage: undefined,
			description: result.mayPass
				? 'Check the internet connection of your n8n and try again.'
				: `The connection was refused on your side (${result.code || 'blocked'}): check the credential's address and allowed domains, and your n8n's network settings.`,
		});
	}
	if (isSend(policy)) {
		return unknownError(service, {
			code: result.code || undefined,
			marketplace: service.marketplace,
		});
	}
	return new MarketplaceError(`${service.title} did not answer`, {
		outcome: 'notSent',
		retryable: true,
		code: result.code || undefined,
		marketplace: service.marketplace,
		description: 'Try again later.',
	});
}

const isSend = (policy: RepeatPolicy) => policy === 'send' || policy === 'once';

/**
 * What was lost is no message, but something else that cannot be taken back.
 *
 * @param message what is not known
 * @param advice what to do; it follows on that no readable answer came
 * @returns any other error as it is
 */
export function asLost(error: unknown, message: string, advice: string): unknown {
	if (!(error instanceof MarketplaceError) || error.details.outcome !== 'unknown') return error;
	const description = `${NO_ANSWER} ${advice}`;
	return new MarketplaceError(message, { ...error.details, description }, error.waitMs);
}

const NO_ANSWER = 'The request left, but no readable answer came back.';

/** What to do where a marketplace refuses and says nothing. @param title the marketplace's name */
export const withoutReason = (title: string) =>
	`${title} gave no reason. Check every field of the form; if it stays like this, ask ${title}'s support, and give it the request ID where the details have one.`;

function unknownError(
	service: Service,
	facts: Partial<FailureDetails>,
	pauseMs = 0,
	doubt?: string,
): MarketplaceError {
	const { marketplace, title, whereToLook } = service;
	const message =
		doubt === undefined
			? `It is not known whether ${title} sent the message: the answer was lost`
			: `It is not known whether ${title} sent the message: ${title}'s answer does not tell`;
	const description =
		doubt === undefined
			? `${NO_ANSWER} ${whereToLook} before you send it again: the buyer may have it already.`
			: `${title} answered "${doubt}", and nobody knows whether the buyer got the message. ${whereToLook} before you send it again.`;
	const details = { retryable: false, ...facts, marketplace, description };
	return new MarketplaceError(message, { outcome: 'unknown', ...details }, pauseMs);
}
