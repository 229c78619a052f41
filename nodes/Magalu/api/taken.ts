import { jsonOf } from '../../shared/http/response';
import type { HttpResponse } from '../../shared/http/service';
import { recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { requestIdOf } from './errors';

/** What Magalu says of something that it took and creates later (`TransactionResponse`). */
export interface Taken {
	/** Left out where Magalu created it at once, or says nothing. */
	transactionId?: string;
	/** Of what was created, where Magalu answered with that itself. */
	id?: string;
	/** Whether it is created already. */
	created: boolean;
	/** All that Magalu says. */
	said: Json;
	requestId?: string;
	/** When the answer came, in milliseconds since 1970. */
	at: number;
}

/** Reads it: the transaction stands in a field of its own, or in a link. */
export function takenIn(answer: HttpResponse): Taken {
	const said = recordOf(jsonOf(answer));
	const transactionId = textOf(said.transaction_id) ?? transactionIn(said);
	const id = textOf(said.id);
	return {
		transactionId,
		id,
		created: id !== undefined && transactionId === undefined,
		said,
		requestId: requestIdOf(answer),
		at: Date.now(),
	};
}

function transactionIn({ links }: Json): string | undefined {
	const paths = recordsOf(links).map(({ path }) => textOf(path) ?? '');
	return paths.map((path) => /\/transactions\/([\w-]+)$/.exec(path)?.[1]).find(Boolean);
}
