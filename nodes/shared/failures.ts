import { MarketplaceError, Throttled, type FailureDetails } from './outcome';
import type { GateAnswer, Manner, Peer, Verdict } from './peer';
import type { Reply } from './reply';
import { LONGEST_WAIT_MS } from './waiting';

/** Requests that failed, as errors in a seller's words, each with the outcome that is the truth. */

export function answered(
	peer: Peer,
	manner: Manner,
	answer: GateAnswer,
	verdict: Verdict,
	pauseMs: number,
): MarketplaceError {
	const said = peer.explain(answer);
	const doubtful = verdict === 'failing' || verdict === 'unreadable';
	const unknown = doubtful && (manner === 'send' || manner === 'once');
	const facts = {
		code: said.code,
		httpStatus: answer.status,
		requestId: said.requestId,
		marketplace: peer.marketplace,
		marketplaceMessage: said.marketplaceMessage,
	};
	if (unknown) return doubt(peer, facts);
	if (verdict === 'unreadable') {
		return new MarketplaceError(`${peer.title} gave an answer that cannot be read`, {
			outcome: 'notSent',
			retryable: true,
			...facts,
			description: `Try again later; if it stays like this, check the address of ${peer.title} in the credential.`,
		});
	}
	const retryable = said.retryable ?? (verdict === 'throttled' || verdict === 'again' || doubtful);
	const when =
		pauseMs > LONGEST_WAIT_MS
			? ` ${peer.title} asks to wait ${Math.ceil(pauseMs / 1000)} seconds.`
			: '';
	return new (verdict === 'throttled' ? Throttled : MarketplaceError)(said.message, {
		outcome: 'notSent',
		retryable,
		...facts,
		description: said.description + when,
	});
}

/** Known before asking. */
export function usedUp({ marketplace, title }: Peer): Throttled {
	return new Throttled(`${title}'s limit of requests is used up`, {
		outcome: 'notSent',
		retryable: true,
		marketplace,
		description: 'Nothing was asked. Try again in a few minutes.',
	});
}

export function unanswered(
	peer: Peer,
	manner: Manner,
	reply: Exclude<Reply, { kind: 'answer' }>,
): Error {
	if (reply.kind === 'neverLeft') {
		if (reply.exchange) {
			const { message, ...facts } = reply.exchange;
			return new MarketplaceError(message, {
				outcome: 'notSent',
				retryable: false,
				...facts,
				marketplace: peer.marketplace,
			});
		}
		return new MarketplaceError(`${peer.title} could not be reached`, {
			outcome: 'notSent',
			retryable: reply.mayPass,
			code: reply.code || undefined,
			marketplace: peer.marketplace,
			marketplaceMessage: undefined,
			description: reply.mayPass
				? 'Check the internet connection of your n8n and try again.'
				: `The connection was refused on your side (${reply.code || 'blocked'}): check the credential's address and allowed domains, and your n8n's network settings.`,
		});
	}
	if (manner === 'send' || manner === 'once') {
		return doubt(peer, { code: reply.code || undefined, marketplace: peer.marketplace });
	}
	return new MarketplaceError(`${peer.title} did not answer`, {
		outcome: 'notSent',
		retryable: true,
		code: reply.code || undefined,
		marketplace: peer.marketplace,
		description: 'Try again later.',
	});
}

function doubt(peer: Peer, facts: Partial<FailureDetails>): MarketplaceError {
	return new MarketplaceError(
		`It is not known whether ${peer.title} sent the message: the answer was lost`,
		{
			outcome: 'unknown',
			retryable: false,
			...facts,
			marketplace: peer.marketplace,
			description: `The request left, but no readable answer came back. ${peer.whereToLook} before you send it again: the buyer may have it already.`,
		},
	);
}
