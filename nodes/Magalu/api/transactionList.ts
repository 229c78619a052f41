import { HOUR_MS, utcMsOf } from '../../shared/dates';
import { rightToSend } from '../../shared/send/rightToSend';
import { latestOf } from '../../shared/send/since';
import { textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { supportPages, supportReads } from './limits';
import { scopes } from './login';
import { inSmallerPages, pageOf } from './pages';

/** What Magalu has taken, as its list of transactions shows it. */

/**
 * The newest transaction with this code.
 * @param since milliseconds since 1970 by our clock: one that surely is older is that of another attempt
 */
export async function findTransaction(
	connection: Connection,
	code: string,
	since: number,
): Promise<Json | undefined> {
	const { theirTime } = connection;
	const has = (row: Json) => textOf(row.code) === code;
	const from = theirTime(since) - rightToSend.clocksMs;
	const until = theirTime(Date.now()) + HOUR_MS;
	const { rows } = await transactionsBetween(connection, from, until, supportPages.size, has);
	const began = theirTime(since);
	return rows.find((row) => has(row) && latestOf(utcMsOf(row.created_at) ?? began) >= began);
}

/** Transactions, as far as Magalu lists them. */
interface Transactions {
	/** The newest first. */
	rows: Json[];
	/** None of that time is left out, or an entry that is none. */
	isWhole: boolean;
	/** Magalu's clock: milliseconds since 1970. */
	date?: number;
}

/**
 * The transactions of a time. The list is not in the specification: integrators use it.
 * @param from, to milliseconds since 1970
 * @param size of each page
 * @param isEnough once it is true of one, no further page is read
 */
export async function transactionsBetween(
	connection: Connection,
	from: number,
	to: number,
	size = supportPages.size,
	isEnough: (row: Json) => boolean = () => false,
): Promise<Transactions> {
	const rows: Json[] = [];
	for (let offset = 0; ;) {
		const page = await inSmallerPages(connection, 'transactions', size, async (limit) => {
			const answer = await connection.call({
				policy: 'read',
				method: 'GET',
				path: '/seller/v0/transactions',
				query: {
					created_at_gte: new Date(from).toISOString(),
					created_at_lte: new Date(to).toISOString(),
					_sort: 'created_at:desc',
					_limit: limit,
					_offset: offset,
				},
				scope: scopes.readTransactions,
				plan: supportReads,
			});
			return pageOf(answer, limit);
		});
		rows.push(...page.rows);
		offset += page.entries;
		if (!page.full) return { rows, isWhole: rows.length === offset, date: page.date };
		const goesOn = offset <= supportPages.lastOffset && !page.rows.some(isEnough);
		if (!goesOn || size < supportPages.size) return { rows, isWhole: false, date: page.date };
	}
}
