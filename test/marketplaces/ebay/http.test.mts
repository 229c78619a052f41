import { startSimulator } from '../simulator.mts';
import type { Simulator } from '../simulator.mts';
import { basic, partnerMessage, png, tokenUrl, tradingHeaders } from './client.mts';

const media = '/ebay-media/commerce/media/v1_beta/image';
const message = '/ebay/commerce/message/v1';
let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

async function accessToken(): Promise<string> {
	const answer = await fetch(simulator.origin + tokenUrl, {
		method: 'POST',
		headers: { authorization: basic },
		body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'v^1.1#demo-refresh' }),
	});
	return ((await answer.json()) as { access_token: string }).access_token;
}

async function sendMessage(token: string, media = ''): Promise<string> {
	const call = 'AddMemberMessageAAQToPartner';
	const answer = await fetch(`${simulator.origin}/ebay/ws/api.dll`, {
		method: 'POST',
		headers: { ...tradingHeaders(call), 'x-ebay-api-iaf-token': token },
		body: `<${call}Request xmlns="urn:ebay:apis:eBLBaseComponents">${partnerMessage({ media })}</${call}Request>`,
	});
	return await answer.text();
}

describe('eBay behind the HTTP server', () => {
	it('takes a picture and the message that shows it', async () => {
		const token = await accessToken();
		const form = new FormData();
		form.append('image', new Blob([png], { type: 'image/png' }), 'crack.png');
		const uploaded = await fetch(`${simulator.origin}${media}/create_image_from_file`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}` },
			body: form,
		});
		const { imageUrl } = (await uploaded.json()) as { imageUrl: string };
		const shown = Buffer.from(await (await fetch(imageUrl)).arrayBuffer());
		expect(shown.equals(png)).toBe(true);

		const xml = await sendMessage(
			token,
			`<MessageMedia><MediaURL>${imageUrl}</MediaURL></MessageMedia>`,
		);
		expect(xml).toContain('<Ack>Success</Ack>');
		expect(simulator.received).toHaveLength(1);
		expect(simulator.received[0].attachments[0].bytes.equals(png)).toBe(true);
	});

	it.each([
		['ebay.token', 'POST', '/ebay/identity/v1/oauth2/token', ''],
		['ebay.AddMemberMessageRTQ', 'POST', '/ebay/ws/api.dll', 'AddMemberMessageRTQ'],
		['ebay.GetMemberMessages', 'POST', '/ebay/ws/api.dll', 'GetMemberMessages'],
		['ebay.GetOrders', 'POST', '/ebay/ws/api.dll', 'GetOrders'],
		['ebay.GetUser', 'POST', '/ebay/ws/api.dll', 'GetUser'],
		['ebay.unknown', 'POST', '/ebay/ws/api.dll', 'GetCategories'],
		['ebay.image', 'POST', `${media}/create_image_from_file`, ''],
		['ebay.image', 'POST', `${media}/create_image_from_url`, ''],
		['ebay.imageGet', 'GET', `${media}/pic1`, ''],
		['ebay.sendMessage', 'POST', `${message}/send_message`, ''],
		['ebay.conversations', 'GET', `${message}/conversation?limit=1`, ''],
		['ebay.conversation', 'GET', `${message}/conversation/1`, ''],
		['eps.get', 'GET', '/eps/00/s/x/z/pic1/$_1.JPG', ''],
	])('logs %s for %s %s %s', async (operation, method, url, call) => {
		const headers = { 'x-ebay-api-call-name': call };
		await (await fetch(simulator.origin + url, { method, headers })).arrayBuffer();
		expect(simulator.calls.map((one) => one.operation)).toEqual([operation]);
		expect(simulator.defects).toEqual([]);
	});

	it('does the work of a message whose answer is lost', async () => {
		const token = await accessToken();
		const operation = 'ebay.AddMemberMessageAAQToPartner';
		simulator.faults.push({ operation, kind: 'lost', when: 'after' });
		await expect(sendMessage(token)).rejects.toThrow();
		expect(simulator.received).toHaveLength(1);
	});

	it('starts anew on reset', async () => {
		const token = await accessToken();
		simulator.reset();
		expect(await sendMessage(token)).toContain('<ErrorCode>21916984</ErrorCode>');
	});
});
