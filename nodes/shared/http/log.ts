import type { Logger } from 'n8n-workflow';

import { withoutSecrets } from './redact';
import type { TryResult } from './repeat';
import type { RequestResult } from './response';
import type { Service } from './service';

/** One try of a request, as n8n's log tells of it. */
export interface LoggedTry {
	service: Service;
	/** What was asked, in a name that holds nothing of the request. */
	operation: string;
	/** From 1 on. */
	attempt: number;
	result: RequestResult;
	kind: TryResult['kind'];
	/** Milliseconds until it left. */
	waited: number;
	/** What must not be in the log. */
	secrets(): Promise<string[]>;
}

/** Codes and numbers of requests: nothing with a space, and nothing as long as a token. */
const SHORT_MARK = /^[\w.:+/=#-]{1,80}$/;

/**
 * One line a try, for whoever looks for the cause of a failure (`N8N_LOG_LEVEL=debug`). No address, no text to
 * a buyer and no secret stands in it.
 */
export async function logTry(logger: Logger, one: LoggedTry): Promise<void> {
	const { service, operation, attempt, result, kind, waited, secrets } = one;
	const facts = { service: service.title, operation, try: attempt, waitedMs: waited };
	if (result.kind !== 'answer') {
		const words = result.kind === 'lost' ? 'did not answer' : 'was not reached';
		logger.debug(`${service.title} ${words}`, { ...facts, code: result.code || undefined });
		return;
	}
	const { answer } = result;
	const hidden = kind === 'done' ? [] : await secrets();
	const mark = (text: string | undefined) =>
		text !== undefined && SHORT_MARK.test(text) ? withoutSecrets(text, hidden) : undefined;
	logger.debug(`${service.title} answered ${answer.status}`, {
		...facts,
		status: answer.status,
		code: kind === 'done' ? undefined : mark(service.explain(answer).code),
		requestId: mark(service.requestIdOf(answer)),
	});
}
