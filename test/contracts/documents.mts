/**
 * The marketplaces' own documents as judges. They are public (see CONTRIBUTING.md) and read from a folder:
 * nothing of them is kept here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { correct } from './exceptions.mts';
import {
	againstAnswer,
	againstRequest,
	operationFor,
	operationsOf,
	parsedDocument,
	type PrismAnswer,
	type PrismOperation,
	type PrismRequest,
	type Violation,
} from './prism.mts';

/** Files, where each one's paths stand in the simulator, and which of them it is responsible for. */
const sources = [
	{ file: 'messaging.json', prefix: '/amazon', begins: '/messaging/v1/' },
	{ file: 'uploads_2020-11-01.json', prefix: '/amazon', begins: '/uploads/2020-11-01/' },
	{ file: 'solicitations.json', prefix: '/amazon', begins: '/solicitations/v1/' },
	{ file: 'orders_2026-01-01.json', prefix: '/amazon', begins: '/orders/2026-01-01/' },
	{ file: 'magalu-sac.yaml', prefix: '/magalu', begins: '/seller/v0/' },
	{ file: 'ebay_commerce_message_v1_oas3.json', prefix: '/ebay/commerce/message/v1', begins: '/' },
	{
		file: 'ebay_commerce_notification_v1_oas3.json',
		prefix: '/ebay/commerce/notification/v1',
		begins: '/',
	},
	{
		file: 'ebay_developer_analytics_v1_beta_oas3.json',
		prefix: '/ebay/developer/analytics/v1_beta',
		begins: '/',
	},
] as const;

export type FileName = (typeof sources)[number]['file'];

/** JSON of any shape. */
export type Tree = Tree[] & { [name: string]: Tree };

export interface Document {
	file: FileName;
	prefix: string;
	begins: string;
	operations: PrismOperation[];
}

/** @throws Error naming the file that is not there */
export function readTree(folder: string, file: FileName): Tree {
	const path = join(folder, file);
	if (!existsSync(path))
		throw new Error(`${path} is not there. CONTRIBUTING.md says where it comes from.`);
	return parsedDocument(readFileSync(path, 'utf8')) as Tree;
}

export async function readDocuments(folder: string): Promise<Document[]> {
	return await Promise.all(
		sources.map(async (source) => {
			const tree = readTree(folder, source.file);
			correct(source.file, tree);
			close(tree);
			return { ...source, operations: await operationsOf(tree) };
		}),
	);
}

/** @param path raw, as in the simulator; @returns undefined where no document speaks of such paths */
export function documentFor(documents: Document[], path: string): Document | undefined {
	return documents.find(({ prefix, begins }) => path.startsWith(`${prefix}${begins}`));
}

export interface Exchanged {
	method: string;
	/** As in the simulator, with the query. */
	rawUrl: string;
	requestHeaders: Record<string, string>;
	requestBody: string;
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** What a document says against an exchange. */
export interface Judgement {
	/** E.g. `messaging.json: GET /messaging/v1/orders/{amazonOrderId}`. */
	operation: string;
	request: string[];
	answer: string[];
}

export function judged({ file, prefix, operations }: Document, exchanged: Exchanged): Judgement {
	const request = requestOf(exchanged, prefix);
	const operation = operationFor(operations, request);
	const { method, rawUrl, status, headers } = exchanged;
	if (!operation) {
		const path = rawUrl.split('?')[0].slice(prefix.length);
		const unknown = `${file}: ${method} ${path.replace(/\d{3}-\d{7}-\d{7}/, '{orderId}')}`;
		return { operation: unknown, request: ['no such operation'], answer: [] };
	}
	const answer: PrismAnswer = { statusCode: status, headers, body: bodyOf(exchanged.body) };
	return {
		operation: nameOf(file, operation),
		request: said([...againstRequest(operation, request), ...strangersIn(operation, request)]),
		answer: said(againstAnswer(operation, answer)),
	};
}

export function nameOf(file: FileName, { method, path }: PrismOperation): string {
	return `${file}: ${method.toUpperCase()} ${path}`;
}

function requestOf({ method, rawUrl, requestHeaders, requestBody }: Exchanged, prefix: string) {
	const [path, rawQuery = ''] = rawUrl.split('?');
	const parameters = new URLSearchParams(rawQuery);
	const query: Record<string, string | string[]> = {};
	for (const name of parameters.keys()) {
		const values = parameters.getAll(name);
		query[name] = values.length === 1 ? values[0] : values;
	}
	const request: PrismRequest = {
		method: method.toLowerCase(),
		url: { path: path.slice(prefix.length), query },
		headers: requestHeaders,
		body: bodyOf(requestBody),
	};
	return request;
}

function bodyOf(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

/** Query parameters that the document does not name: a marketplace ignores them, and the filter with them. */
function strangersIn({ request }: PrismOperation, { url }: PrismRequest): Violation[] {
	const known = new Set((request?.query ?? []).map(({ name }) => name));
	return Object.keys(url.query)
		.filter((name) => !known.has(name))
		.map((name) => ({ path: ['query', name], message: 'is no parameter' }));
}

/** Violations in words, each once; places in lists are all one place. */
export function said(violations: Violation[]): string[] {
	const told = violations.filter((one) => !isBranch(one, violations)).map(inWords);
	return [...new Set(told)];
}

function inWords({ path = [], message }: Violation): string {
	const place = path.map((step) => (/^\d+$/.test(String(step)) ? '*' : step)).join('.');
	const verdict = / (must .*)$/.exec(message)?.[1] ?? message;
	return `${place} ${verdict}`.trim();
}

/** Of alternatives (`anyOf`) only what is nearest to a fit is told, not that it is no null either. */
function isBranch(one: Violation, all: Violation[]): boolean {
	const nullOrNone = one.code === 'anyOf' || (one.code === 'type' && one.message.endsWith('null'));
	if (!nullOrNone) return false;
	const place = (one.path ?? []).join('.');
	return all.some((other) => {
		const there = (other.path ?? []).join('.');
		const within = there === place || there.startsWith(`${place}.`);
		return within && other.code !== 'anyOf' && !other.message.endsWith('be null');
	});
}

/**
 * Objects whose fields a document lists have no others: neither may a request carry what nobody reads,
 * nor the simulator answer what the document does not know.
 */
function close(tree: Tree): void {
	for (const schema of Object.values(tree.definitions ?? tree.components?.schemas ?? {})) {
		closeSchema(schema);
	}
	for (const operation of Object.values(tree.paths).flatMap((path) => Object.values(path))) {
		const { requestBody, responses } = operation;
		for (const { content, schema } of [
			requestBody ?? {},
			...Object.values(responses ?? {}),
		] as Tree[]) {
			if (schema) closeSchema(schema);
			for (const media of Object.values(content ?? {})) if (media.schema) closeSchema(media.schema);
		}
	}
}

function closeSchema(schema: Tree): void {
	const { properties, items, anyOf = [], oneOf = [], allOf = [] } = schema;
	for (const one of [...Object.values(properties ?? {}), ...anyOf, ...oneOf, ...allOf]) {
		closeSchema(one);
	}
	if (items) closeSchema(items);
	if (properties && schema.additionalProperties === undefined) {
		Object.assign(schema, { additionalProperties: false });
	}
}

/** `{}` allows everything, and means to. */
function saysSomething({ schema = {} }: { schema?: object }): boolean {
	return Object.keys(schema).some((key) => !/^(\$schema|x-.*)$/.test(key));
}

/** A body that no schema allows: a document that says nothing against it judges nothing. */
export function blindSpots({ file, operations }: Document): string[] {
	return operations.flatMap((operation) =>
		operation.responses
			.filter(({ code, contents }) => code.startsWith('2') && contents?.some(saysSomething))
			.filter(({ code, contents }) => {
				const headers = { 'content-type': contents![0].mediaType };
				const answer = { statusCode: Number(code), headers, body: Symbol.iterator };
				return againstAnswer(operation, answer).length === 0;
			})
			.map(({ code }) => `${nameOf(file, operation)}: ${code}`),
	);
}
