/** eBay's call names item and buyer, not the order: what counts as the same message may be another order's. */
import type { IDataObject } from 'n8n-workflow';

import { BUYER, ebayWorld, ITEM, messageForm } from '../../engine/ebay.mts';
import { keepNotes } from '../../engine/engine.mts';
import { quickTime } from '../../engine/quickTime.mts';

const ebay = ebayWorld();

let slowAgain: () => void;
beforeEach(async () => {
	slowAgain = quickTime();
	await keepNotes();
});
afterEach(() => slowAgain());

const FIXED =
	"'Duplicate Key' is the fixed text 'abc', the same for every message: another order of the same buyer for the same item gets none. Drag the order ID from the input onto it.";
const NO_KEY =
	"If this is another order of the same buyer for the same item: without a 'Duplicate Key' it counts as the same message. Drag the order ID from the input onto 'Duplicate Key'.";

const once = (options: IDataObject = {}) =>
	messageForm({ options: { preventDuplicates: true, ...options } as never });
const orderOf = (orderId: string) => [{ json: { orderId } }];
const words = (hints: Array<{ message: string }>) => hints.map(({ message }) => message);

describe('a Duplicate Key that is a fixed text', () => {
	const fixed = () => once({ duplicateKey: ' abc ' });

	it('is told as soon as a message was sent with it', async () => {
		const { items, hints } = await ebay.run(fixed());
		expect(items[0]!.json).toMatchObject({ status: 'sent', warnings: [] });
		expect(words(hints)).toContain(FIXED);
	});

	it('is told when the message is only checked', async () => {
		const { hints } = await ebay.run(once({ duplicateKey: 'abc', validateOnly: true }));
		expect(words(hints)).toContain(FIXED);
	});

	it('is told where a message failed', async () => {
		const form = { ...fixed(), recipientId: 'stranger' };
		const { hints } = await ebay.run(form, { settings: { onError: 'continueRegularOutput' } });
		expect(words(hints)).toContain(FIXED);
	});

	it('is told by the item of an order that it held back', async () => {
		await ebay.run(fixed(), { items: orderOf('11-00001-00001') });
		const { items } = await ebay.run(fixed(), { items: orderOf('22-00002-00002') });
		expect(items[0]!.json).toMatchObject({
			...{ status: 'skipped', reason: 'alreadySent', recipientId: BUYER },
			warnings: [{ code: 'AnotherOrder', message: FIXED }],
		});
	});

	it('does no harm where duplicates are not prevented', async () => {
		const { hints } = await ebay.run(once({ preventDuplicates: false, duplicateKey: 'abc' }));
		expect(words(hints)).not.toContain(FIXED);
	});
});

describe('no Duplicate Key', () => {
	it('is told by the item of an order that was held back', async () => {
		await ebay.run(once());
		const { items, hints } = await ebay.run(once());
		expect(items[0]!.json).toMatchObject({
			warnings: [{ code: 'AnotherOrder', message: NO_KEY }],
		});
		expect(words(hints)).toContain(NO_KEY);
	});

	it('is not told where nothing was held back', async () => {
		expect(words((await ebay.run(once())).hints)).not.toContain(NO_KEY);
	});
});

it('a Duplicate Key that was dragged there is told of by nobody', async () => {
	const form = once({ duplicateKey: '={{ $json.orderId }}' });
	const items = orderOf('11-00001-00001');
	const [first, second] = [await ebay.run(form, { items }), await ebay.run(form, { items })];
	expect(second.items[0]!.json).toMatchObject({ status: 'skipped', reason: 'alreadySent' });
	expect(second.items[0]!.json).not.toHaveProperty('warnings');
	expect(words([...first.hints, ...second.hints]).join(' ')).not.toContain("Duplicate Key' is");
});

describe('in a conversation', () => {
	const written = (options: IDataObject = {}) => ({
		...{ resource: 'conversation', operation: 'send', text: 'Thanks', recipientId: BUYER },
		options: { preventDuplicates: true, ...options } as never,
	});

	it('a message that was held back without a key says for whom it may have been', async () => {
		await ebay.run(written());
		const { items } = await ebay.run(written());
		const message =
			"If this is another order of the same member: without a 'Duplicate Key' it counts as the same message. Drag the order ID from the input onto 'Duplicate Key'.";
		expect(items[0]!.json).toMatchObject({ warnings: [{ code: 'AnotherOrder', message }] });
	});

	it('a key that is a fixed text is told as soon as a message was sent with it', async () => {
		expect(words((await ebay.run(written({ duplicateKey: 'abc' }))).hints)).toContain(
			"'Duplicate Key' is the fixed text 'abc', the same for every message: another order of the same member gets none. Drag the order ID from the input onto it.",
		);
	});

	it('where the listing is named, that is said as well', async () => {
		const form = { ...written({ duplicateKey: 'abc' }), itemId: ITEM };
		expect(words((await ebay.run(form)).hints).join(' ')).toContain(
			'the same for every message: another order of the same member for the same item gets none.',
		);
	});

	it('a key that was dragged there is told of by nobody', async () => {
		const form = written({ duplicateKey: '={{ $json.orderId }}' });
		const items = orderOf('11-00001-00001');
		await ebay.run(form, { items });
		const { items: again } = await ebay.run(form, { items });
		expect(again[0]!.json).not.toHaveProperty('warnings');
	});
});
