/** Text messages by our nodes, n8n's engine included. Beside it runs `clientSender.mts`. */
import { memberMessagePlans } from '../../nodes/Ebay/api/limits.ts';
import { serveRounds } from './rounds.mts';
import { saidBy, sendToAmazon, sendToEbay } from './sender.mts';

// Without limits: the node would keep to eBay's.
Object.assign(memberMessagePlans.partner, { calls: 1e6 });

void serveRounds((origin) => ({
	async Amazon(orders) {
		allSent(orders.length, await sendToAmazon(origin, orders, false));
	},
	async eBay(orders) {
		allSent(orders.length, await sendToEbay(origin, orders.length, false));
	},
}));

function allSent(messages: number, { result }: Awaited<ReturnType<typeof sendToAmazon>>): void {
	const { sent } = saidBy(result);
	if (sent !== messages) throw new Error(`the node says sent of ${sent} of ${messages}`);
}
