/** What comes back on a request, as n8n's HTTP client gives it. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { openGate } from '../../../../nodes/shared/http/request.ts';
import { isWithoutBody } from '../../../../nodes/shared/http/response.ts';
import type { HttpResponse, Service } from '../../../../nodes/shared/http/service.ts';
import { MarketplaceError } from '../../../../nodes/shared/outcome.ts';
import { withContext } from '../../../engine/probe.mts';
import { acme } from './acme.mts';

let respond: (response: ServerResponse) => void;
const server = createServer((request, response) => {
	request.resume();
	respond(response);
});
beforeAll(async () => {
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((closed) => server.close(closed));
});

async function send(
	with_: (response: ServerResponse) => void,
	service: Service = acme,
	answer?: 'bytes',
): Promise<HttpResponse> {
	respond = with_;
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const request = { method: 'POST', url, body: 'x', answer } as const;
	return await withContext(
		async (context) => await openGate(context, '', 'test').askBare(service, 'send', request),
	);
}

const PACKED = { 'content-encoding': 'gzip' };

const cutOff = (response: ServerResponse) => setTimeout(() => response.socket?.destroy(), 20);

describe('an answer', () => {
	test.each<[string, (response: ServerResponse) => void]>([
		['with an announced length of 0', (to) => to.writeHead(201, { 'content-length': '0' }).end()],
		['with the status 204', (to) => to.writeHead(204).end()],
		['whose chunks end at once', (to) => to.writeHead(200).flushHeaders()! ?? to.end()],
		['with nothing but a line end', (to) => to.writeHead(202).end('\r\n')],
		['with nothing packed in it', (to) => to.writeHead(200, PACKED).end(gzipSync(''))],
	])('%s is there as a whole, and empty', async (_what, with_) => {
		expect(isWithoutBody(await send(with_))).toBe(true);
	});

	test.each<[string, (response: ServerResponse) => void]>([
		['with a document', (to) => to.writeHead(200).end('{}')],
		[
			'of no announced end, cut at once or not',
			(to) => {
				to.socket!.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
				to.socket!.end();
			},
		],
		[
			'that was announced longer than it is when it was unpacked',
			(to) =>
				to.writeHead(200, { ...PACKED, 'content-length': '5' }).end(gzipSync('{}').subarray(0, 5)),
		],
	])('%s is not known to be empty', async (_what, with_) => {
		expect(isWithoutBody(await send(with_))).toBe(false);
	});

	test.each<[string, (response: ServerResponse) => void]>([
		[
			'a whole',
			(to) => {
				to.writeHead(201, { 'content-length': '20' }).flushHeaders();
				cutOff(to);
			},
		],
		[
			'the last chunk',
			(to) => {
				to.writeHead(201).flushHeaders();
				cutOff(to);
			},
		],
	])('that was cut off before %s is no answer', async (_what, with_) => {
		const error = await send(with_).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(MarketplaceError);
		expect((error as MarketplaceError).details.outcome).toBe('unknown');
	});
});

describe('the largest answer that is read', () => {
	const MB = 1024 * 1024;
	const of = (bytes: number) => (to: ServerResponse) =>
		void to.writeHead(200).end(Buffer.alloc(bytes, 'x'));

	test('has 8 MB', async () => {
		const { text } = await send(of(8 * MB));
		expect(text).toHaveLength(8 * MB);
		await expect(send(of(8 * MB + 1))).rejects.toMatchObject({ details: { outcome: 'unknown' } });
	});

	test('has 32 MB where a file is asked for', async () => {
		const { bytes } = await send(of(32 * MB), acme, 'bytes');
		expect(bytes).toHaveLength(32 * MB);
		await expect(send(of(32 * MB + 1), acme, 'bytes')).rejects.toMatchObject({
			details: { outcome: 'unknown' },
		});
	});
});
