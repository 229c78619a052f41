/** What became of a request whose answer was lost, as far as Amazon can tell. */
import { amazonWorld, messageForm, ORDER } from '../../engine/amazon.mts';
import { quickTime, type QuickTime } from '../../engine/quickTime.mts';

const amazon = amazonWorld();
const REVIEWABLE = '111-4444444-4444444';

let asUsual: QuickTime;
beforeEach(() => {
	asUsual = quickTime();
	amazon.withoutLimits();
});
afterEach(() => asUsual());

const lose = (operation: string, when: 'before' | 'after' = 'after') =>
	void amazon.simulator.faults.push({ operation, kind: 'lost', when });
const detailsOf = ({ error }: { error?: { context: { details?: unknown } } }) =>
	error?.context.details as Record<string, unknown> | undefined;

describe('a review request', () => {
	const form = { resource: 'reviewRequest', operation: 'send', orderId: REVIEWABLE };

	test('that Amazon no longer offers was sent', async () => {
		lose('amazon.solicit');
		const { items } = await amazon.run(form);
		expect(items[0]?.json).toMatchObject({
			status: 'sent',
			orderId: REVIEWABLE,
			foundBy: 'noLongerOffered',
			sentAt: expect.any(String),
		});
		expect(amazon.simulator.received).toHaveLength(1);
		expect(amazon.calls().filter((call) => call === 'amazon.solicit')).toHaveLength(1);
	});

	test('that Amazon still offers stays unknown, and that is said', async () => {
		lose('amazon.solicit', 'before');
		const details = detailsOf(await amazon.run(form));
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(details?.description).toContain('Amazon still offers to ask for a review');
		expect(amazon.simulator.received).toEqual([]);
	});

	test('stays unknown where Amazon lists nothing once and offers it again', async () => {
		amazon.simulator.faults.push({
			operation: 'amazon.solicitationActions',
			...{ kind: 'status', status: 200, skip: 1, times: 1 },
			body: { _links: { actions: [] }, _embedded: { actions: [] } },
		});
		lose('amazon.solicit', 'before');
		expect(detailsOf(await amazon.run(form))).toMatchObject({ outcome: 'unknown' });
		expect(amazon.simulator.received).toEqual([]);
	});

	test('stays unknown where Amazon refuses to list what can be asked for', async () => {
		amazon.simulator.faults.push({
			operation: 'amazon.solicitationActions',
			...{ kind: 'status', status: 403, skip: 1, times: 9 },
			body: { errors: [{ code: 'Unauthorized', message: 'Outside the 5-30 day range.' }] },
		});
		lose('amazon.solicit');
		expect(detailsOf(await amazon.run(form))).toMatchObject({ outcome: 'unknown' });
	});

	test('stays unknown where the look gets no answer', async () => {
		amazon.simulator.faults.push({
			operation: 'amazon.solicitationActions',
			...{ kind: 'status', status: 503, skip: 1, times: 99 },
		});
		lose('amazon.solicit');
		const details = detailsOf(await amazon.run(form));
		expect(details).toMatchObject({ outcome: 'unknown' });
		expect(details?.description).toContain('Nobody could see');
	});

	test('stays unknown where somebody else asked for the same order in the same minute', async () => {
		lose('amazon.solicit', 'before');
		const settings = { onError: 'continueErrorOutput' as const };
		const two = [{ json: {} }, { json: {} }];
		const { items, errors } = await amazon.run(form, { items: two, settings });
		expect(items.map(({ json }) => json.status)).toEqual(['sent']);
		expect(errors.map(({ json }) => json.details)).toMatchObject([{ outcome: 'unknown' }]);
	});
});

describe('a message', () => {
	const form = messageForm(ORDER, 'confirmOrderDetails', { text: 'Hi' });
	const order = () => amazon.simulator.amazon.state.orders.find((one) => one.orderId === ORDER)!;

	test('stays unknown, and what speaks for it is said: its type is no longer offered', async () => {
		lose('amazon.send');
		const { actions } = order();
		const running = amazon.run(form);
		while (amazon.simulator.received.length === 0) await new Promise(setImmediate);
		order().actions = [];
		const details = detailsOf(await running);
		order().actions = actions;
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(details?.description).toContain('no longer does: most likely the buyer has the message');
	});

	test('stays unknown, and what speaks against it is said: its type is still offered', async () => {
		lose('amazon.send', 'before');
		const details = detailsOf(await amazon.run(form));
		expect(details).toMatchObject({ outcome: 'unknown', retryable: false });
		expect(details?.description).toContain('and still does: that speaks against it');
	});

	test('of which Amazon was not asked before is not asked about afterwards', async () => {
		lose('amazon.send');
		const details = detailsOf(await amazon.run({ ...form, options: { checkAvailability: false } }));
		expect(details?.description).not.toContain('offered');
		expect(amazon.calls()).toEqual(['amazon.send']);
	});
});
