/** What of Magalu's orders is shown, by the names that stand in its pages. */
import { orderFields } from '../../../../nodes/Magalu/api/orders.ts';
import { pickFields } from '../../../../nodes/shared/poll/pickFields.ts';

const reais = { total: 1250, normalizer: 100, currency: 'BRL' };

/** @see https://developers.magalu.com/docs/apis/sandbox/orders/deliveries */
test.each([
	['commission of an order', { amounts: { commission: reais } }],
	[
		'commission of an item, as Magalu spells it there',
		{ deliveries: [{ items: [{ amounts: { comission: reais } }] }] },
	],
	['tax list of an item', { deliveries: [{ items: [{ amounts: { taxes: [reais] } }] }] }],
])('the %s is shown', (_what, order) => {
	expect(pickFields(order, orderFields)).toEqual(order);
});
