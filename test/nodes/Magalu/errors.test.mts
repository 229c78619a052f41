import { saidIn } from '../../../nodes/Magalu/api/errors.ts';
import type { HttpResponse } from '../../../nodes/shared/http/service.ts';
import { attached, magaluWorld, messageForm, TICKET } from '../../engine/magalu.mts';
import { demoTickets } from '../../marketplaces/magalu/demo.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));

const world = magaluWorld();
const details = async (form = messageForm()) => {
	const { error } = await world.run(form);
	return { ...error!.context.details, message: error!.message, advice: error!.description };
};
const answering = (status: number, body: string | object, headers = {}) =>
	world.simulator.faults.push({ operation: 'magalu.send', kind: 'status', status, body, headers });

it('a token that Magalu repeats in its words is in none of ours', async () => {
	const { oauthTokenData, clientSecret } = world.node.credentials.magaluOAuth2Api!;
	const { access_token: token } = oauthTokenData as { access_token: string };
	answering(400, { slug: 'BAD_REQUEST', message: `Bad ${token}, ${String(clientSecret)}` });
	expect(await details()).toMatchObject({
		message: 'Magalu refused the request: Bad …, …',
		marketplaceMessage: 'Bad …, …',
	});
});

describe('an error of Magalu', () => {
	it('in the shape of its platform shows slug, words and fields', async () => {
		answering(
			422,
			{
				slug: 'UNPROCESSABLE_ENTITY',
				message: 'Unprocessable entity',
				details: [{ field: 'message', location: 'body', slug: 'X', message: 'too rude' }],
			},
			{ 'x-request-id': 'r-1' },
		);
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			retryable: false,
			code: 'UNPROCESSABLE_ENTITY',
			httpStatus: 422,
			requestId: 'r-1',
			marketplaceMessage: 'Unprocessable entity | message: too rude',
			message: 'Magalu does not accept a field: Unprocessable entity | message: too rude',
		});
	});

	it('in the shape of FastAPI shows where and what', async () => {
		const detail = [
			{ loc: ['body', 'owner', 'name'], msg: 'field required', type: 'value_error.missing' },
		];
		answering(422, { detail });
		expect(await details()).toMatchObject({
			code: 'value_error.missing',
			marketplaceMessage: 'owner.name: field required',
		});
	});

	it('in the short shape of FastAPI shows its words', async () => {
		answering(400, { detail: 'Ticket is closed' });
		expect(await details()).toMatchObject({
			message: 'Magalu refused the request: Ticket is closed',
			marketplaceMessage: 'Ticket is closed',
		});
	});

	it('in the shape of OAuth shows error and description', async () => {
		answering(400, { error: 'invalid_request', error_description: 'Missing parameter' });
		expect(await details()).toMatchObject({
			code: 'invalid_request',
			marketplaceMessage: 'Missing parameter',
		});
	});

	it('that is a page of the edge is told from a missing scope', async () => {
		world.simulator.magalu.state.settings.edgeBlocks = 1;
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			httpStatus: 403,
			message: "Magalu's network does not let this request through",
			marketplaceMessage: expect.stringContaining('Request blocked.'),
			advice: expect.stringContaining('IP address'),
		});
	});

	it('that is another 4xx is shown with its number', async () => {
		answering(409, { slug: 'CONFLICT', message: 'Twice' });
		expect(await details()).toMatchObject({
			message: 'Magalu refused the request (409)',
			marketplaceMessage: 'Twice',
		});
	});

	it('that says locked may be tried again later', async () => {
		answering(423, { slug: 'LOCKED', message: 'Locked' });
		expect(await details()).toMatchObject({ outcome: 'notSent', retryable: true, code: 'LOCKED' });
	});

	it('on a closed ticket says that nothing was sent', async () => {
		expect(await details(messageForm({ ticketId: demoTickets.closed }))).toMatchObject({
			outcome: 'notSent',
			httpStatus: 400,
			message: expect.stringContaining('is closed'),
		});
	});
});

describe('a missing right', () => {
	it('names the scope that Magalu names', async () => {
		world.connect({ scopes: ['open:tickets-seller:read'] });
		expect(await details()).toMatchObject({
			outcome: 'notSent',
			httpStatus: 403,
			message: 'The credential lacks the scope open:ticket-messages-seller:write',
			advice: expect.stringContaining('add-scope'),
		});
	});

	it('names the scope that is needed where Magalu names none', async () => {
		answering(403, { slug: 'FORBIDDEN', message: 'Forbidden' });
		expect(await details()).toMatchObject({
			message: 'Magalu denied access',
			advice: expect.stringContaining('open:ticket-messages-seller:write'),
		});
	});

	it('says that the person is no administrator', async () => {
		world.connect({ admin: false });
		expect(await details()).toMatchObject({
			message: 'The person who connected the credential is not an administrator of the store',
			advice: expect.stringContaining('connect it again'),
		});
	});

	it('names the scope of what is read', async () => {
		world.connect({ scopes: [] });
		const { error } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(error!.message).toContain('open:tickets-seller:read');
	});
});

describe('reading', () => {
	it('is tried again after a failure', async () => {
		world.simulator.faults.push({
			operation: 'magalu.ticket',
			kind: 'status',
			status: 502,
			times: 2,
		});
		const { items } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(items[0]!.json.ticketId).toBe(TICKET);
	});

	it('gives up in the end, and says that Magalu has a problem', async () => {
		world.simulator.faults.push({
			operation: 'magalu.ticket',
			kind: 'status',
			status: 502,
			times: 9,
		});
		const { error } = await world.run({ resource: 'ticket', operation: 'get', ticketId: TICKET });
		expect(error!.message).toBe('Magalu has a problem of its own');
		expect(error!.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
	});

	it.each([
		['magalu.ticket', { resource: 'ticket', operation: 'get', ticketId: TICKET }],
		['magalu.tickets', { resource: 'ticket', operation: 'getMany' }],
	])('says so where an answer of %s lacks what was asked for', async (operation, form) => {
		world.simulator.faults.push({ operation, kind: 'status', status: 200, body: { odd: true } });
		const { error } = await world.run(form);
		expect(error!.message).toBe('Magalu gave an answer that cannot be read');
	});
});

describe('an answer', () => {
	const answer = (text: string, headers = {}) => ({ text, headers }) as HttpResponse;

	it('shows why a token was refused', () => {
		const body = '{"slug":"UNAUTHORIZED","message":"Unauthorized"}';
		const headers = { 'x-authorization-error': 'Jwt is expired' };
		expect(saidIn(answer(body, headers))).toEqual({
			code: 'UNAUTHORIZED',
			text: 'Unauthorized (Jwt is expired)',
		});
		expect(saidIn(answer('', headers))).toEqual({ text: 'Jwt is expired' });
	});

	it('without words shows none', () => {
		expect(saidIn(answer('{}'))).toEqual({ text: undefined });
		expect(saidIn(answer('{"detail":[]}'))).toEqual({ text: undefined });
	});

	it('in HTML is shown without its styles', () => {
		const html = '<html><style>b{}</style><body><h1>No</h1>\n<p>entry</p></body></html>';
		expect(saidIn(answer(html))).toEqual({ edge: true, text: 'No entry' });
	});
});

it('never shows a signed link, a token or a secret', async () => {
	const body = '<Error><Code>AccessDenied</Code></Error>';
	world.simulator.faults.push({ operation: 'gcs.put', kind: 'status', status: 403, body });
	const { error } = await world.run(messageForm(attached('data')));
	expect(error!.message).toContain('nota.pdf');
	expect(`${error!.message} ${error!.description}`).not.toMatch(/X-Goog|https?:/);
});
