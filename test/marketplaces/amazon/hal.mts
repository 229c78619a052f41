import type { Offer } from './offers.mts';

/**
 * The list of actions as Amazon really writes it: schemas right in `_embedded.actions[]._embedded.schema`
 * (no `payload`), under names that are not the body's (`rawMessageBody` is sent as `text`, `id` as
 * `uploadDestinationId`).
 * Source: amzn/selling-partner-api-samples, code-recipes/test/responses; the Messaging use case guide
 */
export function actionsDocument(
	path: string,
	folder: 'messages' | 'solicitations',
	offers: Offer[],
	how: { marketplaceId: string; withoutEmbedded?: boolean; selfAsArray?: boolean },
): object {
	const query = `?marketplaceIds=${how.marketplaceId}`;
	const linkOf = ({ action }: Offer) => ({
		href: `${path}/${folder}/${action}${query}`,
		name: action,
	});
	const self = { href: `${path}${query}` };
	const links = { self: how.selfAsArray ? [self] : self, actions: offers.map(linkOf) };
	if (how.withoutEmbedded) return { _links: links };
	const actions = offers.map((offer) => {
		const schemaLink = { href: `${path}/${folder}/${offer.action}/schema`, name: offer.action };
		return {
			_links: { self: linkOf(offer), schema: schemaLink },
			_embedded: { schema: { _links: { self: schemaLink }, ...schemaOf(offer) } },
			name: offer.action,
			title: offer.title,
			...(offer.disabledReason ? { disabled: true, disabledReason: offer.disabledReason } : {}),
		};
	});
	return { _links: links, _embedded: { actions } };
}

function schemaOf(offer: Offer): object {
	const required = [
		...(offer.attachmentsRequired || offer.attachments?.min ? ['attachments'] : []),
		...(offer.textMaxLength ? ['rawMessageBody'] : []),
	];
	const once = offer.once ? ' You may only send this once per order.' : '';
	return {
		type: 'object',
		name: offer.action,
		title: offer.title,
		description: `${offer.description}${once}`.trim(),
		properties: offer.formProperties ?? {
			...(offer.attachments ? { attachments: attachmentsSchema(offer.attachments) } : {}),
			...(offer.textMaxLength ? { rawMessageBody: textSchema(offer.textMaxLength) } : {}),
			...(offer.coverageDates
				? { coverageStartDate: dateSchema('start'), coverageEndDate: dateSchema('end') }
				: {}),
		},
		required: required.filter((name) => !offer.formProperties || name in offer.formProperties),
		$schema: 'http://json-schema.org/draft-04/schema#',
		'x-ui-hidden': offer.hidden ?? null,
	};
}

function textSchema(maxLength: number): object {
	return {
		type: 'string',
		title: 'Explain why you are contacting and any action you need your customer to take.',
		description: `${maxLength} character limit. No HTML or email addresses.`,
		'x-ui-field-type': 'text',
		minLength: 1,
		maxLength,
	};
}

function attachmentsSchema({ min, max }: { min: number; max: number }): object {
	return {
		type: 'array',
		title: 'Add attachment',
		description:
			'Text files, PDFs, Word documents, .jpg, .gif and .png. The total size must be less than 10 MB.',
		'x-ui-field-type': 'attachments',
		items: {
			type: 'object',
			required: [],
			properties: { fileName: { type: 'string' }, id: { type: 'string' } },
		},
		...(min > 0 ? { minItems: min } : {}),
		maxItems: max,
	};
}

function dateSchema(which: 'start' | 'end'): object {
	return { type: 'string', format: 'date-time', title: `Coverage ${which} date` };
}
