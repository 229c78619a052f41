/** What the editor says beside a trigger before its test event is fetched. */
import type { INodeTypeDescription, TriggerPanelDefinition } from 'n8n-workflow';

import { AmazonOrderTrigger } from '../../../nodes/Amazon/AmazonOrderTrigger.node.ts';
import { EbayMessageTrigger } from '../../../nodes/Ebay/EbayMessageTrigger.node.ts';
import { EbayNotificationTrigger } from '../../../nodes/Ebay/EbayNotificationTrigger.node.ts';
import { EbayOrderTrigger } from '../../../nodes/Ebay/EbayOrderTrigger.node.ts';
import { EbayQuestionTrigger } from '../../../nodes/Ebay/EbayQuestionTrigger.node.ts';
import { MagaluOrderTrigger } from '../../../nodes/Magalu/MagaluOrderTrigger.node.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';

const helpOf = ({ triggerPanel }: INodeTypeDescription) =>
	(triggerPanel as TriggerPanelDefinition).executionsHelp as Record<string, string>;

describe.each(['inactive', 'active'])('of a workflow that is %s', (state) => {
	test.each([
		[new AmazonOrderTrigger(), 'Amazon order'],
		[new EbayMessageTrigger(), 'eBay message'],
		[new EbayOrderTrigger(), 'eBay order'],
		[new EbayQuestionTrigger(), 'question on eBay'],
		[new MagaluOrderTrigger(), 'Magalu order'],
		[new MagaluTicketTrigger(), 'Magalu ticket or message'],
	])('$0.description.displayName: it is real, and who gets what', ({ description }, newest) => {
		const help = helpOf(description)[state]!;
		expect(help).toContain(`your newest ${newest}: <b>a real one</b>. Fetching sends nothing.`);
		expect(help).toContain('Executing the workflow writes to that buyer');
		expect(help).not.toMatch(/mock/);
	});

	test('eBay Notification Trigger: it is real, and who gets what', () => {
		const help = helpOf(new EbayNotificationTrigger().description)[state]!;
		expect(help).toMatch(/What it sends is real: .* writes to that buyer/);
	});
});
