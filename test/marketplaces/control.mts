import type { Answer, Exchange, Fault, Marketplace, Service } from './service.mts';

interface Controlled {
	faults: Fault[];
	marketplaces: Record<string, Marketplace>;
	reset(): void;
	/** A button of the page. @throws Error with words for whoever pressed it */
	tryOut(body: Record<string, unknown>): Promise<object>;
}

/**
 * `POST /control/faults` (a fault or a list), `/control/orders` (`{ marketplace, orders }`),
 * `/control/buyer-message` (`{ marketplace, from, text, itemId? }`), `/control/try`
 * (`{ marketplace, trial }`: a button of the page) and `/control/reset`, for the demo and for tests in another process. JSON only, and only by the server's
 * own address: a web page open in the same browser can't reach it.
 */
export function controlService({ faults, marketplaces, reset, tryOut }: Controlled): Service {
	return {
		prefix: '/control',
		operationOf: () => 'control',
		async answer(exchange) {
			const refusal = refusalOf(exchange);
			if (refusal) return refusal;
			const body = parsed(exchange);
			if (body === undefined) return { status: 400, body: { error: 'The body is not JSON' } };
			switch (exchange.path) {
				case '/faults': {
					const added = (Array.isArray(body) ? body : [body]) as Fault[];
					if (!added.every(isFault)) {
						return { status: 400, body: { error: 'A fault needs operation and kind' } };
					}
					faults.push(...added);
					return { status: 200, body: { faults } };
				}
				case '/orders': {
					const { marketplace, orders } = body as { marketplace?: string; orders?: unknown };
					const takesOrders = marketplaces[marketplace ?? ''];
					if (!takesOrders?.addOrders || !Array.isArray(orders)) {
						return { status: 400, body: { error: 'Needs marketplace and orders' } };
					}
					try {
						takesOrders.addOrders(orders);
					} catch (refused) {
						return { status: 400, body: { error: String(refused) } };
					}
					return { status: 200, body: { added: orders.length } };
				}
				case '/buyer-message': {
					const { marketplace, from, text, itemId } = body as Record<string, unknown>;
					const buyers = marketplaces[String(marketplace ?? '')];
					const isWritten = typeof from === 'string' && typeof text === 'string' && from && text;
					if (!buyers?.writeAsBuyer || !isWritten) {
						return { status: 400, body: { error: 'Needs marketplace, from and text' } };
					}
					const item = typeof itemId === 'string' && itemId !== '' ? { itemId } : {};
					const told = await buyers.writeAsBuyer({ from, text, ...item });
					return { status: 200, body: { told } };
				}
				case '/try':
					try {
						return { status: 200, body: await tryOut(body as Record<string, unknown>) };
					} catch (refused) {
						return { status: 400, body: { error: (refused as Error).message } };
					}
				case '/reset':
					reset();
					return { status: 200, body: {} };
				default:
					return { status: 404, body: { error: 'No such control' } };
			}
		},
	};
}

const FAULT_KINDS: string[] = ['status', 'delay', 'lost', 'cutOff', 'garbage', 'slowBody'];

function isFault(candidate: Partial<Fault> | null): boolean {
	return typeof candidate?.operation === 'string' && FAULT_KINDS.includes(candidate.kind ?? '');
}

function refusalOf({ method, headers, origin }: Exchange): Answer | undefined {
	if (method !== 'POST') return { status: 405, body: { error: 'POST only' } };
	const { port } = new URL(origin);
	if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) {
		return { status: 403, body: { error: 'Only by the own address' } };
	}
	if (!headers['content-type']?.startsWith('application/json')) {
		return { status: 415, body: { error: 'JSON only' } };
	}
	return undefined;
}

/** An empty body counts as `{}`. */
function parsed({ body }: Exchange): unknown {
	try {
		const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}
