import type { IDataObject } from 'n8n-workflow';

import type { TradingAnswer } from '../api/trading';

/** What an output tells of the answer to a Trading send. */
export function shownAnswer(answer: TradingAnswer): IDataObject {
	const { ack, warnings, correlationId, tokenExpiresAt, timestamp } = answer;
	return {
		ack,
		warnings: warnings.map((warning) => ({ ...warning })),
		...(correlationId ? { correlationId } : {}),
		...(tokenExpiresAt ? { tokenExpiresAt } : {}),
		timestamp: timestamp ?? null,
		sentAt: new Date(Date.now()).toISOString(),
	};
}
