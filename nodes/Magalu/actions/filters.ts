import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { utcDateIn } from '../../shared/dates';
import { textIn } from '../../shared/text';

/** What lists may be narrowed down to: the form, and what it says. */

export function filtersField(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options,
	};
}

/**
 * A filter by the status of an order or a ticket. Magalu's words may become more: one that is not in the list,
 * by an expression or from before there was a list, goes out as it is.
 *
 * @param first what is chosen at first
 */
export function statusFilter(
	statuses: ReadonlyArray<{ value: string; name: string; description?: string }>,
	first: string,
	more: Partial<INodeProperties> = {},
): INodeProperties {
	return {
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: first,
		description:
			"The status that it has to have. Another of Magalu's words goes in as an expression.",
		options: [...statuses],
		allowArbitraryValues: true,
		...more,
	};
}

/** @param description what it leaves, as a sentence without its full stop */
export function dateFilter(
	displayName: string,
	name: string,
	description: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'dateTime',
		default: '',
		description: `${description}. Without a time zone, the workflow's counts.`,
	};
}

/** The filters of an item, by the names of the form. */
export interface GivenFilters {
	/**
	 * @returns nothing where the filter is not set
	 * @throws Refusal for what is no text, naming the field as the form does
	 */
	text(name: string): string | undefined;
	/**
	 * @returns in UTC; nothing where the filter is not set
	 * @throws Refusal for what is no date, naming the field as the form does
	 */
	date(name: string): string | undefined;
}

/** @param field the form's, for the labels */
export function filtersIn(
	context: IExecuteFunctions,
	itemIndex: number,
	field: INodeProperties,
): GivenFilters {
	const given = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const labels = new Map(field.options?.map(({ name, ...one }) => [name, labelOf(one)]));
	const label = (name: string) => labels.get(name) ?? name;
	return {
		text: (name) => textIn(given[name], label(name)) || undefined,
		date: (name) => utcDateIn(given[name], label(name), context.getTimezone()),
	};
}

const labelOf = (option: object) => ('displayName' in option ? String(option.displayName) : '');
