/**
 * Writes down what the simulator was asked and what it answered by itself, so that both can be held
 * against the marketplaces' own documents (`npm run check:models`). Off unless `RECORD_EXCHANGES` names
 * a folder; every process writes a file of its own there.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Wire } from './faults.mts';
import type { Exchange } from './service.mts';

/** A request and the simulator's answer to it: a line of JSON in the file. */
export interface Recorded {
	operation: string;
	method: string;
	/** Raw, with the prefix of the service and the query. */
	rawUrl: string;
	requestHeaders: Record<string, string>;
	requestBody: string;
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** Files are nobody's document. */
const LARGEST_ANSWER = 1024 * 1024;

/** @returns undefined where nothing is to be recorded */
export function recorder():
	((operation: string, asked: Exchange, answered: Wire) => void) | undefined {
	const folder = process.env.RECORD_EXCHANGES;
	if (!folder) return undefined;
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${process.pid}.jsonl`);
	const known = new Set<string>();
	return (operation, asked, answered) => {
		const { method, rawUrl, headers, body } = asked;
		if (isFile(headers['content-type'], body) || answered.body.length > LARGEST_ANSWER) return;
		const recorded: Recorded = {
			operation,
			method,
			rawUrl,
			requestHeaders: withoutSecrets(headers),
			requestBody: body.toString('utf8'),
			status: answered.status,
			headers: answered.headers,
			body: answered.body.toString('utf8'),
		};
		const line = JSON.stringify(recorded);
		const hash = createHash('sha256').update(line).digest('base64');
		if (known.has(hash)) return;
		known.add(hash);
		appendFileSync(file, `${line}\n`);
	};
}

function isFile(contentType: string | undefined, body: Buffer): boolean {
	return body.length > 0 && !/json|xml/.test(contentType ?? '');
}

/** That there is a token counts, not which. */
export function withoutSecrets(headers: Record<string, string>): Record<string, string> {
	const secret = ['authorization', 'x-amz-access-token', 'x-ebay-api-iaf-token'];
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			secret.includes(name) ? value.replace(/\S+$/, '…') : value,
		]),
	);
}
