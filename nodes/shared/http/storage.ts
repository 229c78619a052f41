import { elementIn } from '../values';
import type { Explanation, Service } from './service';

/** What a storage is, as far as one differs from another. */
interface Storage extends Pick<Service, 'marketplace' | 'title' | 'whereToLook'> {
	/** Said when it does not take a file. */
	refused: Pick<Explanation, 'message' | 'description'>;
	/** The header with its number for a request. */
	requestIdHeader: string;
}

/** A storage that signed addresses lead to: it goes by the status, and its errors are XML. */
export function storageService({ refused, requestIdHeader, ...about }: Storage): Service {
	return {
		...about,

		kindOf({ status }) {
			if (status >= 200 && status < 300) return 'done';
			if (status === 429) return 'throttled';
			return status >= 500 || status === 408 ? 'failing' : 'refused';
		},

		explain: ({ text }) => ({
			...refused,
			code: elementIn(text, 'Code'),
			marketplaceMessage:
				[elementIn(text, 'Message'), elementIn(text, 'Details')].filter(Boolean).join(' ') ||
				undefined,
			retryable: true,
		}),

		requestIdOf: ({ headers, text }) => headers[requestIdHeader] ?? elementIn(text, 'RequestId'),
	};
}
