/** A careful client for the simulator's own tests: it does what Amazon's documents say, nothing more. */
import { createHash } from 'node:crypto';
import axios, { type AxiosResponse } from 'axios';

import type { Simulator } from '../simulator.mts';
import { demoClient, demoSeller } from './demo.mts';

export const US = 'ATVPDKIKX0DER';
export const DE = 'A1PA6795UKMFR9';
export const ORDER = '111-1111111-1111111';

export const http = axios.create({ validateStatus: () => true, maxRedirects: 0 });

export interface Destination {
	uploadDestinationId: string;
	url: string;
	headers: Record<string, string> | null;
}

export function amazonClient(simulator: Simulator) {
	const { origin } = simulator;

	async function token(change: Record<string, string | undefined> = {}): Promise<AxiosResponse> {
		const form = {
			grant_type: 'refresh_token',
			refresh_token: demoSeller.refreshToken,
			client_id: demoClient.clientId,
			client_secret: demoClient.clientSecret,
			...change,
		};
		const given = Object.entries(form).filter(([, value]) => value !== undefined);
		const body = new URLSearchParams(given as Array<[string, string]>);
		return await http.post(`${origin}/lwa/auth/o2/token`, body);
	}

	async function headers(): Promise<Record<string, string>> {
		return {
			'x-amz-access-token': (await token()).data.access_token as string,
			'user-agent': 'simulator-test/1.0 (Language=TypeScript/5; Platform=jest)',
		};
	}

	async function get(path: string, change: Record<string, string> = {}): Promise<AxiosResponse> {
		return await http.get(`${origin}/amazon${path}`, {
			headers: { ...(await headers()), ...change },
		});
	}

	/** A string goes out as it is, an object as JSON. */
	async function post(path: string, body?: unknown, change = {}): Promise<AxiosResponse> {
		const type = body === undefined ? {} : { 'content-type': 'application/json' };
		return await http.post(`${origin}/amazon${path}`, body, {
			headers: { ...(await headers()), ...type, ...change },
			transformRequest: (data) => (typeof data === 'object' ? JSON.stringify(data) : data),
		});
	}

	async function send(type: string, body: unknown, order = ORDER, marketplace = US) {
		return await post(
			`/messaging/v1/orders/${order}/messages/${type}?marketplaceIds=${marketplace}`,
			body,
		);
	}

	async function createUpload(type: string, contentMd5: string, order = ORDER, contentType = '') {
		const resource = `messaging/v1/orders/${order}/messages/${type}`;
		const typed = contentType && `&contentType=${encodeURIComponent(contentType)}`;
		const query = `marketplaceIds=${US}&contentMD5=${encodeURIComponent(contentMd5)}${typed}`;
		return await post(`/uploads/2020-11-01/uploadDestinations/${resource}?${query}`);
	}

	async function destinationFor(type: string, bytes: Buffer, order = ORDER): Promise<Destination> {
		return (await createUpload(type, md5(bytes), order)).data.payload as Destination;
	}

	/** The whole way of one file: its id. */
	async function upload(type: string, bytes: Buffer, order = ORDER): Promise<string> {
		const { uploadDestinationId, url, headers: signed } = await destinationFor(type, bytes, order);
		await put(url, bytes, signed ?? {});
		return uploadDestinationId;
	}

	return { token, headers, get, post, send, createUpload, destinationFor, upload };
}

/** PUT with exactly these headers: no content type of axios's own. */
export async function put(url: string, data: unknown, headers: Record<string, string>) {
	return await http.put(url, data, {
		headers: { 'Content-Type': false, ...headers },
		maxBodyLength: Infinity,
	});
}

export function md5(bytes: Buffer): string {
	return createHash('md5').update(bytes).digest('base64');
}
