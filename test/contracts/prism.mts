/**
 * Prism (`test/contracts/prism/`, with a lockfile of its own) makes mock servers and judges of OpenAPI
 * documents. Only what is used of it is described here, for it is not there before the check installs it.
 */
import { createRequire } from 'node:module';

/** A request as Prism takes it; bodies are parsed JSON, or text. */
export interface PrismRequest {
	method: string;
	url: { path: string; query: Record<string, string | string[]> };
	headers: Record<string, string>;
	body?: unknown;
}

export interface PrismAnswer {
	statusCode: number;
	headers: Record<string, string>;
	body?: unknown;
}

export interface Violation {
	path?: Array<string | number>;
	code?: string | number;
	message: string;
}

interface Parameter {
	name: string;
}

/** An operation of a document; its schemas are Prism's own business. */
export interface PrismOperation {
	method: string;
	path: string;
	request?: { query?: Parameter[]; headers?: Parameter[] };
	responses: Array<{ code: string; contents?: Array<{ mediaType: string; schema?: object }> }>;
}

type Either<T> = { _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: T };
type Judged = (judged: { resource: PrismOperation; element: object }) => Either<unknown>;

interface PrismServer {
	listen(port: number, host: string): Promise<string>;
	close(): Promise<void>;
}

const load = createRequire(new URL('./prism/package.json', import.meta.url));

const http = () =>
	load('@stoplight/prism-http') as {
		getHttpOperationsFromSpec(document: object): Promise<PrismOperation[]>;
	};
const validator = () =>
	load('@stoplight/prism-http/dist/validator') as {
		validateInput: Judged;
		validateOutput: Judged;
		validateSecurity: Judged;
	};
const router = () =>
	load('@stoplight/prism-http/dist/router') as {
		default(routed: { resources: PrismOperation[]; input: PrismRequest }): Either<PrismOperation>;
	};
const yaml = () => load('@stoplight/yaml') as { parse(text: string): unknown };
const server = () =>
	load('@stoplight/prism-http-server') as {
		createServer(operations: PrismOperation[], options: object): PrismServer;
	};

/** YAML, of which JSON is a part. */
export function parsedDocument(text: string): unknown {
	return yaml().parse(text);
}

/** @param document a parsed OpenAPI document (2.0 or 3.0); it is changed by this */
export async function operationsOf(document: object): Promise<PrismOperation[]> {
	return await http().getHttpOperationsFromSpec(document);
}

/** @returns undefined where the document has no operation for it */
export function operationFor(
	resources: PrismOperation[],
	input: PrismRequest,
): PrismOperation | undefined {
	const routed = router().default({ resources, input });
	return routed._tag === 'Right' ? routed.right : undefined;
}

/** What the document says against a request: its parameters, its body, its login. */
export function againstRequest(resource: PrismOperation, element: PrismRequest): Violation[] {
	const { validateInput, validateSecurity } = validator();
	return [validateInput, validateSecurity].flatMap((judge) =>
		violationsIn(judge({ resource, element })),
	);
}

/** What the document says against an answer: its status, its media type, its body, its headers. */
export function againstAnswer(resource: PrismOperation, element: PrismAnswer): Violation[] {
	return violationsIn(validator().validateOutput({ resource, element }));
}

function violationsIn(judged: Either<unknown>): Violation[] {
	if (judged._tag === 'Right') return [];
	return Array.isArray(judged.left) ? (judged.left as Violation[]) : [judged.left as Violation];
}

/** A mock server as `prism mock` starts it, on 127.0.0.1; violations come in the header `sl-violations`. */
export async function startMock(
	operations: PrismOperation[],
): Promise<{ origin: string; close(): Promise<void> }> {
	const mock = server().createServer(operations, {
		cors: false,
		config: {
			isProxy: false,
			validateRequest: true,
			validateResponse: true,
			checkSecurity: true,
			errors: false,
			upstreamProxy: undefined,
			mock: { dynamic: false },
		},
		components: { logger: silent },
	});
	const origin = await mock.listen(0, '127.0.0.1');
	return { origin, close: async () => await mock.close() };
}

const nothing = () => {};
const silent = {
	child: () => silent,
	...Object.fromEntries(
		['trace', 'debug', 'info', 'success', 'warn', 'error', 'fatal'].map((level) => [
			level,
			nothing,
		]),
	),
};
