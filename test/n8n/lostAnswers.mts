/** A lost answer to a send, as a seller sees in the editor what became of it. */
import { demoTickets } from '../marketplaces/magalu/demo.mts';
import type { Editor } from './browser.mts';
import type { WorkflowFile, WorkflowNode } from './instance.mts';
import { ours, sideBySide } from './workflow.mts';
import type { World } from './world.mts';

const sending = (
	name: string,
	type: Parameters<typeof ours>[1],
	parameters: Record<string, unknown>,
): WorkflowNode => ours(name, type, { resource: 'message', operation: 'send', ...parameters });

const marketplaceId = 'ATVPDKIKX0DER';
const ebay = sending('To eBay', 'ebayMemberMessage', {
	...{ itemId: '110000000001', recipientId: 'buyer_one', questionType: 'Shipping' },
	...{ subject: 'Your parcel', body: 'It has left today.' },
});
const magalu = sending('To Magalu', 'magaluTicketMessage', {
	ticketId: { __rl: true, mode: 'id', value: demoTickets.waitingSeller },
	...{ text: 'O pedido sai amanhã.', ownerName: 'Ana', ownerCode: 'ana' },
});
const review = sending('Review', 'amazonMessaging', {
	...{ resource: 'reviewRequest', marketplaceId, orderId: '111-4444444-4444444' },
});
const amazon = sending('To Amazon', 'amazonMessaging', {
	...{ marketplaceId, orderId: '111-1111111-1111111' },
	...{ messageType: 'unexpectedProblem', text: 'Your parcel was damaged; a new one leaves today.' },
});

/** A call to eBay and one to Magalu that change nothing. */
function reading(): WorkflowFile {
	const questions = { resource: 'question', operation: 'getMany', limit: 1 };
	const tickets = { resource: 'ticket', operation: 'getMany', limit: 1 };
	return sideBySide('Tokens', [
		{ ...ebay, parameters: questions },
		{ ...magalu, parameters: tickets },
	]);
}

/** Tests for a world and an editor that are there when they run. */
export function lostAnswers(world: () => World, editor: () => Editor): void {
	describe('a message whose answer was lost', () => {
		let id: string;
		let tokens: string;
		beforeAll(async () => {
			id = await world().n8n.importWorkflow(
				sideBySide('Lost answers', [ebay, magalu, review, amazon]),
			);
			tokens = await world().n8n.importWorkflow(reading());
		});
		beforeEach(async () => {
			// A first call with a token that has ended would be refused, and no message would be lost.
			const { status } = await world().n8n.runWorkflow(tokens);
			expect(status).toBe('success');
			// An editor that has just run another step of the same workflow stumbles over what came of it.
			await editor().openWorkflow(id);
		});

		/** The marketplace takes the message, and its answer never comes. */
		async function lose({ name }: WorkflowNode, operation: string): Promise<string> {
			world().simulator.faults.push({ operation, kind: 'lost', when: 'after' });
			await editor().openNode(name);
			const shown = await editor().executeStep();
			expect(world().simulator.faults).toEqual([]);
			expect(world().simulator.received).toHaveLength(1);
			return shown;
		}

		it.each([
			['eBay', ebay, 'ebay.AddMemberMessageAAQToPartner', 'sentMessages'],
			['Magalu', magalu, 'magalu.send', 'transaction'],
			['Amazon, a review request,', review, 'amazon.solicit', 'noLongerOffered'],
		])('to %s is shown as sent, and where it was found', async (_, node, operation, foundBy) => {
			await lose(node, operation);
			const panel = editor().page.getByTestId('output-panel');
			await panel.getByText('JSON', { exact: true }).click();
			const json = panel.locator('.json-data');
			await json.waitFor();

			const shown = await json.innerText();
			expect(shown).toMatch(/"status":\s*"sent"/);
			expect(shown).toMatch(new RegExp(`"foundBy":\\s*"${foundBy}"`));
		});

		it('to Amazon is shown as unknown, with what Amazon still tells of it', async () => {
			const shown = await lose(amazon, 'amazon.send');
			expect(shown).toContain('It is not known whether Amazon sent the message');
			expect(shown).toContain("Look at the order's buyer messages in Seller Central");
			expect(shown).toContain('Amazon offered this message type for the order before, and still');
		});
	});
}
