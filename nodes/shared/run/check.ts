import type { IDataObject } from 'n8n-workflow';

import { TokenExchangeError } from '../auth/accessToken';
import { DAY_MS, MINUTE_MS, minutesOf } from '../dates';
import { failureOf, type MarketplaceName } from '../outcome';
import { Cancelled } from '../sleep';

/** Checks of an account: what each is, and what a seller reads of it. */

/** What a check found. */
export interface Finding {
	/** `null` where it cannot be told. */
	ok: boolean | null;
	message: string;
	/** What to do next; left out where there is nothing to do, which the item says: n8n draws an empty text in red. */
	advice?: string;
	/** The marketplace's own code of a refusal. */
	code?: string;
	/** Only where there is something to do: n8n draws a column of details wider than all others. */
	details?: IDataObject;
}

export interface Check {
	/** As the seller reads it: `Review requests`. */
	name: string;
	/** It asks the marketplace nothing. */
	offline?: true;
	look(): Finding | Promise<Finding>;
}

/**
 * Makes every check, one after the other, also when others fail. After a login that fails only those are made
 * that ask nothing: the others would fail for the same reason.
 *
 * @returns one item a check, in order
 * @throws Cancelled where the user stopped the execution; nothing else
 */
export async function checkAll(
	marketplace: MarketplaceName,
	login: Check,
	others: readonly Check[],
): Promise<IDataObject[]> {
	const first = await found(marketplace, login);
	const rows = [shown(login, first)];
	for (const check of others) {
		const isLookedAt = first.ok === true || check.offline;
		rows.push(shown(check, isLookedAt ? await found(marketplace, check) : NOT_LOOKED_AT));
	}
	return rows;
}

const NOT_LOOKED_AT: Finding = {
	ok: null,
	message: 'Not looked at: the login comes first',
	advice: "Do what 'Login' says, then run the check again.",
};

async function found(marketplace: MarketplaceName, { look }: Check): Promise<Finding> {
	try {
		return await look();
	} catch (error) {
		return findingOf(error, marketplace);
	}
}

/**
 * What an error says of a check: a refusal is a no; what may pass by itself (no answer, too fast, a problem of
 * the marketplace's own) tells nothing.
 *
 * @throws Cancelled where that is the error
 */
export function findingOf(error: unknown, marketplace: MarketplaceName): Finding {
	if (error instanceof Cancelled) throw error;
	const { message, details } = failureOf(error, marketplace);
	const facts = error instanceof TokenExchangeError ? error.tokenExchange : details;
	const { retryable, description: advice, code, httpStatus, requestId, marketplaceMessage } = facts;
	return {
		ok: retryable ? null : false,
		message,
		advice,
		...(code === undefined ? {} : { code }),
		details: given({ httpStatus, requestId, marketplaceMessage }),
	};
}

const NOTHING = 'Nothing to do.';

function shown({ name }: Check, finding: Finding): IDataObject {
	const { ok, message, advice = NOTHING, code, details = {} } = finding;
	return { check: name, ok, message, advice, ...(code ? { code } : {}), details };
}

/** @returns the object without what is undefined */
export function given(facts: Record<string, IDataObject[string] | undefined>): IDataObject {
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** A question that several checks share: asked once, also when it fails. */
export function askedOnce<T>(ask: () => Promise<T>): () => Promise<T> {
	let asked: Promise<T> | undefined;
	return async () => await (asked ??= ask());
}

/** From so many days before its end on, what ends is told with what to do. */
const SOON_DAYS = 30;

/**
 * Something that ends some day.
 *
 * @param what as a sentence begins: `The client secret`
 * @param endsAt milliseconds since 1970
 * @param renewal what to do
 */
export function endingFinding(what: string, endsAt: number, renewal: string): Finding {
	const endsOn = new Date(endsAt).toISOString().slice(0, 10);
	const left = endsAt - Date.now();
	const daysLeft = Math.max(0, Math.floor(left / DAY_MS));
	const details = { endsOn, daysLeft };
	if (left <= 0)
		return { ok: false, message: `${what} ended on ${endsOn}`, advice: renewal, details };
	if (daysLeft > SOON_DAYS) return { ok: true, message: `Good until ${endsOn}` };
	const when =
		daysLeft === 0 ? 'within a day' : `in ${daysLeft === 1 ? '1 day' : `${daysLeft} days`}`;
	return { ok: true, message: `${what} ends ${when}, on ${endsOn}`, advice: renewal, details };
}

/** A clock may be off by so much: Amazon, for one, refuses times that are less than two minutes ago. */
const CLOCK_MS = MINUTE_MS;

/**
 * Our clock against the marketplace's.
 * @param aheadMs as the answers told it; nothing where none did
 */
export function clockFinding(title: string, aheadMs: number | undefined): Finding {
	if (aheadMs === undefined) {
		return {
			ok: null,
			message: `${title} did not tell its time`,
			advice: 'Run the check again once the other checks get an answer.',
		};
	}
	if (Math.abs(aheadMs) < CLOCK_MS) return { ok: true, message: `The same as ${title}'s` };
	const amount = minutesOf(Math.round(Math.abs(aheadMs) / MINUTE_MS));
	return {
		ok: false,
		message: `The clock of your n8n is ${amount} ${aheadMs > 0 ? 'ahead of' : 'behind'} ${title}'s`,
		advice:
			'Let the computer that n8n runs on set its clock by itself (NTP): orders can be missed otherwise, and logins refused.',
		details: { secondsAhead: Math.round(aheadMs / 1000) },
	};
}
