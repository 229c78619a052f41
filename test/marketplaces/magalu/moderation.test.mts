import { demoTickets } from './demo.mts';
import { type StartedMagalu, startMagalu } from './startMagalu.mts';

let started: StartedMagalu;
let headers: Record<string, string>;

beforeAll(async () => {
	started = await startMagalu();
	const authorization = `Bearer ${started.magalu.issueTokens().access_token}`;
	headers = { authorization, 'content-type': 'application/json' };
});
afterEach(() => {
	started.clock.reset();
	started.magalu.reset();
	started.magalu.state.settings.completeAfterMs = 0;
	started.received.length = 0;
});
afterAll(async () => {
	await started.close();
});

const settings = () => started.magalu.state.settings;
const url = () =>
	`${started.origin}/magalu/seller/v0/tickets/${demoTickets.waitingSeller}/messages`;

async function send() {
	const body = {
		message: 'O pedido sai amanhã.',
		code: 'erp-1',
		owner: { code: 'ana', name: 'Ana' },
		destination: 'customer',
	};
	const answer = await fetch(url(), { method: 'POST', headers, body: JSON.stringify(body) });
	expect(answer.status).toBe(202);
}

/** What the ticket shows of moderation; nothing where it does not show the message. */
async function shown() {
	const answer = await fetch(`${url()}?_sort=created_at:desc`, { headers });
	const { results } = (await answer.json()) as { results: Array<Record<string, unknown>> };
	return results.find(({ code }) => code === 'erp-1')?.['moderation'];
}

describe('moderation', () => {
	it('lets a message through at once', async () => {
		await send();
		expect(await shown()).toMatchObject({ status: 'approved', block_rules: [] });
		expect(started.received).toHaveLength(1);
	});

	it('may take its time: until then the message is new, and its reader has nothing', async () => {
		settings().moderatedAfterMs = 60_000;
		await send();
		expect(await shown()).toMatchObject({ status: 'new', block_rules: [] });
		expect(started.received).toHaveLength(0);
		started.clock.advance(60_000);
		expect(await shown()).toMatchObject({ status: 'approved' });
		expect(started.received).toHaveLength(1);
	});

	it('decides though nobody asks', async () => {
		settings().moderatedAfterMs = 10;
		await send();
		while (started.received.length === 0) await new Promise(setImmediate);
		expect(started.received).toHaveLength(1);
	});

	it('takes a message that it rejects out of the list', async () => {
		Object.assign(settings(), { moderatedAfterMs: 60_000, moderationOf: () => 'rejected' });
		await send();
		expect(await shown()).toMatchObject({ status: 'new' });
		started.clock.advance(60_000);
		expect(await shown()).toBeUndefined();
		expect(started.received).toHaveLength(0);
	});

	it('may list what it rejects, with the rules that it broke', async () => {
		Object.assign(settings(), { rejectedListed: true, moderationOf: () => 'rejected' });
		settings().blockRulesOf = () => ['Termos proibidos'];
		await send();
		expect(await shown()).toMatchObject({ status: 'rejected', block_rules: ['Termos proibidos'] });
		expect(started.received).toHaveLength(0);
	});
});
