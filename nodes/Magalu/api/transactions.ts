import { MarketplaceError } from '../../shared/outcome';
import { recordsOf, textOf, type Json } from '../../shared/values';
import { wait } from '../../shared/sleep';
import type { Connection, MagaluRequest } from './connection';
import { scopes } from './hosts';
import { following, supportReads } from './limits';
import { objectOf } from './pages';

/** What became of a message that Magalu took. @see https://developers.magalu.com/docs/plataforma-do-seller-sac */

/** @throws MarketplaceError, always `notSent` */
export async function getTransaction(connection: Connection, transactionId: string): Promise<Json> {
	return await ask(connection, transactionId, {});
}

async function ask(
	connection: Connection,
	transactionId: string,
	more: Partial<Pick<MagaluRequest, 'policy' | 'timeout'>>,
): Promise<Json> {
	const answer = await connection.call({
		policy: 'read',
		method: 'GET',
		path: `/seller/v0/transactions/${encodeURIComponent(transactionId)}`,
		scope: scopes.readTransactions,
		plan: supportReads,
		...more,
	});
	return objectOf(answer, ['id', 'status']);
}

/** How far a transaction was followed. */
export interface Followed {
	/** `completed`, or as far as it was when the time ran out. Nothing: never heard. */
	status?: string;
	/** What Magalu said last about a message that it will not create; in production mostly nothing. */
	said?: string;
	/** Why it could not be followed. */
	lostSight?: string;
}

const FAILED = new Set(['failed', 'cancelled']);

/** @returns whether the status says that the message will never be created */
export function hasFailed(status: string | undefined): boolean {
	return FAILED.has(status ?? '');
}

/**
 * Asks for a transaction, after growing waits, until it has ended or the time has run out. Nothing that
 * goes wrong here takes back that Magalu took the message, so nothing is thrown.
 *
 * @param timeoutMs at most so long
 */
export async function follow(
	connection: Connection,
	transactionId: string,
	timeoutMs: number,
): Promise<Followed> {
	const began = Date.now();
	let pause = following.firstMs;
	let status: string | undefined;
	try {
		for (;;) {
			const left = began + timeoutMs - Date.now();
			if (left <= 0) return { status };
			await wait(Math.min(pause, left), connection.signal);
			pause = Math.min(following.longestMs, pause * following.growth);

			const hidden = Date.now() - began < following.hiddenMs;
			const transaction = await orLater(hidden, async () => {
				// `once`: the next look is the repetition.
				const timeout = Math.max(ONE_LOOK_MS, began + timeoutMs - Date.now());
				const policy = 'once';
				return await ask(connection, transactionId, { policy, timeout: Math.min(timeout, 60_000) });
			});
			status = textOf(transaction?.status) ?? status;
			if (status === 'completed') return { status };
			if (hasFailed(status)) return { status, said: lastWordIn(transaction) };
		}
	} catch (error) {
		return { status, lostSight: reasonOf(error) };
	}
}

function lastWordIn(transaction: Json | undefined): string | undefined {
	const words = recordsOf(transaction?.events).map(({ event, message }) =>
		event === 'failure' || event === 'transition' ? textOf(message) : undefined,
	);
	return words.findLast((word) => word !== undefined);
}

/** A last look has at least so long to be answered (milliseconds). */
const ONE_LOOK_MS = 5000;

/** Right after the message was posted, 'not found' means 'not yet'; what is not answered is asked again. */
async function orLater(hidden: boolean, look: () => Promise<Json>): Promise<Json | undefined> {
	return await look().catch((error: unknown) => {
		const { httpStatus, outcome } = error instanceof MarketplaceError ? error.details : {};
		if ((hidden && httpStatus === 404) || outcome === 'unknown') return undefined;
		throw error;
	});
}

function reasonOf(error: unknown): string {
	if (!(error instanceof MarketplaceError)) return (error as Error).message;
	const { httpStatus, description } = error.details;
	return httpStatus === 403 ? `${error.message}. ${description}` : error.message;
}
