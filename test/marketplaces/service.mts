/**
 * What a simulated service is, and what the simulator gives it. Every marketplace (and every storage
 * behind one) is one `Service`; `simulator.mts` mounts them all under one HTTP server on 127.0.0.1.
 */

/** A request as it came in. `path` is raw (never decoded: `%2F` stays `%2F`) and without the prefix. */
export interface Exchange {
	method: string;
	path: string;
	/** The raw path with the prefix and the raw query, as in the request line. */
	rawUrl: string;
	/** The raw query without `?`. */
	rawQuery: string;
	query: URLSearchParams;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: Buffer;
	/** `http://127.0.0.1:PORT`, without a trailing slash. */
	origin: string;
}

export interface Answer {
	status: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON (content-type application/json unless set), text as it is. */
	body?: Buffer | string | object;
}

/** One simulated API. `prefix` is its place on the server, e.g. `/amazon`. */
export interface Service {
	prefix: string;
	/** Name of the operation, e.g. `amazon.send`, `s3.put`: what faults, plans and the log go by. */
	operationOf(exchange: Exchange): string;
	answer(exchange: Exchange): Answer | Promise<Answer>;
}

/** A message that reached a buyer (or Magalu's mediation): the truth that tests hold reports against. */
export interface Received {
	marketplace: 'amazon' | 'ebay' | 'magalu';
	/** E.g. `warranty`, `AddMemberMessageAAQToPartner`, `ticketMessage`, `productReviewAndSellerFeedback`. */
	type: string;
	/** Order id, item id or ticket id. */
	reference: string;
	/** The buyer, where the request names one. */
	recipient?: string;
	subject?: string;
	text?: string;
	attachments: ReceivedFile[];
	/** Whatever else the message carried (coverage dates, destination, code, question type …). */
	fields: Record<string, unknown>;
	at: number;
}

export interface ReceivedFile {
	fileName: string;
	mimeType?: string;
	bytes: Buffer;
}

/** A request as the log keeps it. */
export interface Call {
	operation: string;
	method: string;
	rawUrl: string;
	headers: Record<string, string>;
	body: Buffer;
	/** 0 where the connection was cut without an answer. */
	status: number;
	at: number;
}

/**
 * What goes wrong, for the next `times` requests of an operation (default 1; `*` fits every operation).
 * `before`: the work is not done; `after`: the work is done, then this happens to the answer.
 */
export interface Fault {
	/** Or several: the next request of any of them. */
	operation: string | string[];
	times?: number;
	/** Let this many fitting requests pass first (default 0). */
	skip?: number;
	/** Only requests whose raw URL or body contains this text. */
	containing?: string;
	/** Default `before`; `cutOff` and `slowBody` need the true answer, so for them the work is always done. */
	when?: 'before' | 'after';
	kind:
		| 'status' // answer `status` with `headers` and `body`
		| 'delay' // wait `ms`, or `until` then, and go on as usual
		| 'lost' // cut the connection without an answer
		| 'cutOff' // send half of the true answer, announced whole, then cut
		| 'garbage' // status of the true answer (or `status`), body that no parser reads
		| 'slowBody'; // headers at once, body after `ms`
	status?: number;
	headers?: Record<string, string>;
	body?: string | object;
	ms?: number;
	until?: Promise<unknown>;
}

/** The clock of the whole simulator: tests may move it. */
export interface Clock {
	now(): number;
}

/**
 * What the simulator hands to every marketplace. A marketplace exports one factory from its
 * `index.mts`, e.g. `ebayServices(context: Context): { services: Service[] } & state`.
 */
export interface Context {
	clock: Clock;
	/** `http://127.0.0.1:PORT`; known only once the server listens, so ask for it when answering. */
	origin(): string;
	/** Hands over a message that reached its reader. Call it once per message, when the work is done. */
	deliver(message: Received): void;
}

/** What a buyer writes, for trying out what starts on it. */
export interface BuyerMessage {
	from: string;
	text: string;
	itemId?: string;
}

/** What a factory returns at the least; tests and the demo see whatever else it returns. */
export interface Marketplace {
	services: Service[];
	/** Back to the state after the start (called by `reset()` of the simulator). */
	reset?(): void;
	/** Takes orders that come in while it runs (from `POST /control/orders`). */
	addOrders?(orders: unknown[]): void;
	/** A buyer writes to the seller (from `POST /control/buyer-message`); throws where it is none. */
	writeAsBuyer?(message: BuyerMessage): Promise<unknown>;
}
