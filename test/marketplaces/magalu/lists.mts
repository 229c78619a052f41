import type { Problem } from './answers.mts';
import { readDate } from './dates.mts';

/** How one list of the API is filtered, sorted and cut into pages. */
export interface ListRules<Row> {
	defaultLimit: number;
	maxLimit: number;
	maxOffset: number;
	/** What stands between a date's name and `gte` or `lte`: `_` for tickets, `__` for orders. */
	dateSeparator: '_' | '__';
	/** Filters that a row has to equal. */
	equal: Record<string, (row: Row) => string>;
	/** Filters that take only these words. */
	known?: Record<string, string[]>;
	/** Where rows without the date stand that is sorted by, the oldest first (default: first). */
	withoutDate?: 'first' | 'last';
	/** Filters with `gte` and `lte`. */
	dates: Record<string, (row: Row) => number | undefined>;
	/** What `_sort` takes. */
	sortable: Record<string, (row: Row) => number | undefined>;
	show(row: Row): object;
}

/**
 * One page of a list, or what is wrong with the query. A parameter that the API does not know is
 * ignored without a word, as the real one does.
 */
export function listPage<Row>(
	rows: Row[],
	query: URLSearchParams,
	rules: ListRules<Row>,
): { problems: Problem[] } | { page: object } {
	const problems: Problem[] = [];
	const limit = readNumber(query, '_limit', rules.defaultLimit, 1, rules.maxLimit, problems);
	const offset = readNumber(query, '_offset', 0, 0, rules.maxOffset, problems);
	const fitting = filtered(rows, query, rules, problems);
	const inOrder = sorted(fitting, query.get('_sort'), rules, problems);
	if (problems.length > 0) return { problems };

	const results = inOrder.slice(offset, offset + limit).map((row) => rules.show(row));
	const link = (start: number) => `?_offset=${start}&_limit=${limit}`;
	return {
		page: {
			meta: {
				page: { limit, offset, count: results.length, max_limit: rules.maxLimit },
				links: {
					previous: link(Math.max(0, offset - limit)),
					self: link(offset),
					next: offset + limit < inOrder.length ? link(offset + limit) : null,
				},
			},
			results,
		},
	};
}

function filtered<Row>(
	rows: Row[],
	query: URLSearchParams,
	rules: ListRules<Row>,
	problems: Problem[],
): Row[] {
	let fitting = rows;
	for (const [name, valueOf] of Object.entries(rules.equal)) {
		const wanted = query.get(name);
		const known = rules.known?.[name];
		if (wanted !== null && known && !known.includes(wanted)) {
			problems.push(inQuery(name, `has to be one of: ${known.join(', ')}`, 'type_error.enum'));
		}
		if (wanted !== null) fitting = fitting.filter((row) => valueOf(row) === wanted);
	}
	for (const [name, timeOf] of Object.entries(rules.dates)) {
		const from = readBound(query, `${name}${rules.dateSeparator}gte`, -Infinity, problems);
		const to = readBound(query, `${name}${rules.dateSeparator}lte`, Infinity, problems);
		if (from === -Infinity && to === Infinity) continue;
		fitting = fitting.filter((row) => {
			const time = timeOf(row);
			return time !== undefined && time >= from && time <= to;
		});
	}
	return fitting;
}

function sorted<Row>(
	rows: Row[],
	sort: string | null,
	rules: ListRules<Row>,
	problems: Problem[],
): Row[] {
	if (sort === null) return rows;
	const [field = '', direction = 'asc', ...rest] = sort.split(':');
	const timeOf = rules.sortable[field];
	if (!timeOf || !['asc', 'desc'].includes(direction) || rest.length > 0) {
		problems.push(inQuery('_sort', `cannot sort by "${sort}"`, 'value_error'));
		return rows;
	}
	const sign = direction === 'asc' ? 1 : -1;
	const none = rules.withoutDate === 'last' ? Number.MAX_SAFE_INTEGER : 0;
	return [...rows].sort((a, b) => sign * ((timeOf(a) ?? none) - (timeOf(b) ?? none)));
}

function readNumber(
	query: URLSearchParams,
	name: string,
	fallback: number,
	least: number,
	most: number,
	problems: Problem[],
): number {
	const text = query.get(name);
	if (text === null) return fallback;
	const value = Number(text);
	if (!/^-?\d+$/.test(text)) {
		problems.push(inQuery(name, 'value is not a valid integer', 'type_error.integer'));
	} else if (value < least) {
		const message = `ensure this value is greater than or equal to ${least}`;
		problems.push(inQuery(name, message, 'value_error.number.not_ge'));
	} else if (value > most) {
		const message = `ensure this value is less than or equal to ${most}`;
		problems.push(inQuery(name, message, 'value_error.number.not_le'));
	}
	return value;
}

function readBound(
	query: URLSearchParams,
	name: string,
	fallback: number,
	problems: Problem[],
): number {
	const text = query.get(name);
	if (text === null) return fallback;
	const time = readDate(text);
	if (time === undefined) {
		problems.push(inQuery(name, 'invalid datetime format', 'value_error.datetime'));
	}
	return time ?? fallback;
}

function inQuery(name: string, message: string, type: string): Problem {
	return { where: 'query', field: [name], message, type };
}
