import type { HttpResponse, Service } from '../../../../nodes/shared/http/service.ts';

/** A service that goes by the status alone. */
export const acme: Service = {
	marketplace: 'amazon',
	title: 'Acme',
	whereToLook: 'Look at Acme',

	kindOf({ status }: HttpResponse) {
		if (status < 300) return 'done';
		if (status === 429) return 'throttled';
		return status >= 500 ? 'failing' : 'refused';
	},

	requestIdOf: ({ headers }) => headers['x-request-id'],

	explain: ({ status, text }) => ({
		message: 'Acme refused the request',
		description: 'Correct it.',
		code: String(status),
		marketplaceMessage: text || undefined,
	}),
};
