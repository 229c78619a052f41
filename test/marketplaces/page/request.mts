/** The request that a message came with, as the marketplace saw it: without secrets and without files. */
import { withoutSecrets } from '../recorder.mts';
import type { Call, Received } from '../service.mts';
import type { World } from './world.mts';

const LONGEST = 20_000;

/** @returns text of several lines; undefined where no request is known */
export function requestText(message: Received, world: World): string | undefined {
	const call =
		message.marketplace === 'magalu' ? ofMagalu(message, world) : world.requestOf(message);
	if (!call) return undefined;
	const headers = Object.entries(withoutSecrets(call.headers))
		.filter(([name]) => /^(content-type|authorization|x-|user-agent)/.test(name))
		.map(([name, value]) => `${name}: ${value}`);
	const answered =
		call.status === 0 ? 'The answer was lost on its way.' : `Answered ${call.status}.`;
	return [`${call.method} ${call.rawUrl}`, ...headers, '', bodyOf(call), '', answered].join('\n');
}

/** Magalu takes a message first, and delivers it later: the request is known by what it said. */
function ofMagalu({ type, reference, text, fields, at }: Received, { calls }: World) {
	const operation = type === 'ticket' ? 'magalu.openTicket' : 'magalu.send';
	return calls.findLast((call) => {
		if (call.operation !== operation || call.at > at) return false;
		if (type === 'ticket') return call.body.includes(JSON.stringify(reference));
		const body = parsed(call.body) as { message?: string; code?: string } | undefined;
		const isSame = body?.message === text && (body?.code ?? null) === (fields.code ?? null);
		return isSame && call.rawUrl.includes(reference);
	});
}

function bodyOf({ headers, body }: Call): string {
	if (body.length === 0) return '(no body)';
	if (/multipart|octet-stream|image/.test(headers['content-type'] ?? '')) {
		return `(a file of ${body.length.toLocaleString('en-US')} bytes)`;
	}
	const json = parsed(body);
	const text = json === undefined ? body.toString('utf8') : JSON.stringify(json, null, '  ');
	const safe = text.replace(/(<eBayAuthToken>)[^<]*/g, '$1…');
	return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}\n… (cut here)` : safe;
}

function parsed(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString('utf8')) as unknown;
	} catch {
		return undefined;
	}
}
