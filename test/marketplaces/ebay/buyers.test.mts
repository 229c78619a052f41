import { startSimulator, type Simulator } from '../simulator.mts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

async function write(message: object): Promise<Response> {
	return await fetch(`${simulator.origin}/control/buyer-message`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ marketplace: 'ebay', ...message }),
	});
}

const conversationsWith = (member: string) =>
	simulator.ebay.state.conversations.filter(({ otherParty }) => otherParty === member);

describe('a buyer who writes from the page', () => {
	it('goes on with the open conversation', async () => {
		await write({ from: 'buyer_one', text: 'Any news?' });
		const [{ messages }] = conversationsWith('buyer_one');
		expect(messages.at(-1)).toMatchObject({ sender: 'buyer_one', body: 'Any news?', read: false });
		expect(conversationsWith('buyer_one')).toHaveLength(1);
	});

	it('begins one where there is none', async () => {
		await write({ from: 'a_new_member', text: 'Hello', itemId: '110000000001' });
		expect(conversationsWith('a_new_member')).toMatchObject([
			{ conversationId: expect.stringMatching(/^8\d{11}$/), itemId: '110000000001' },
		]);
	});

	it('is told to nobody where nobody is subscribed', async () => {
		const answer = await write({ from: 'buyer_one', text: 'Any news?' });
		expect(await answer.json()).toMatchObject({ told: { statuses: [] } });
	});

	it.each([{ from: 'buyer_one' }, { text: 'Hello' }, { from: '', text: 'Hello' }])(
		'needs a name and a text: %j',
		async (message) => {
			expect((await write(message)).status).toBe(400);
		},
	);
});
