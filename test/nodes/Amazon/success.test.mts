/** Success is told by the status of an answer, whatever its body looks like. */
import type { INodeParameters } from 'n8n-workflow';

import { amazonWorld, attached, messageForm, ORDER } from '../../engine/amazon.mts';
import { quickTime } from '../../engine/quickTime.mts';
import type { Fault } from '../../marketplaces/service.mts';

const amazon = amazonWorld();
let backToNormal: () => void;
beforeEach(() => {
	backToNormal = quickTime();
	amazon.withoutLimits();
});
afterEach(() => backToNormal());

const REVIEWABLE = '111-4444444-4444444';
const review = { resource: 'reviewRequest', operation: 'send', orderId: REVIEWABLE };
const text = messageForm(ORDER, 'confirmOrderDetails', {
	text: 'Hi',
	options: { checkAvailability: false },
});
const file = messageForm(ORDER, 'warranty', attached('data'));

/** The work is done, and then this is the whole answer. */
const answer = (operation: string, status: number, body?: Fault['body']): Fault => ({
	operation,
	kind: 'status',
	when: 'after',
	status,
	...(body === undefined ? {} : { body }),
});
const notLookedFor = ({ options }: INodeParameters) => ({
	options: { ...(options as INodeParameters | undefined), lookUpAfterLoss: false },
});
const requests = (operation: string) => amazon.calls().filter((name) => name === operation).length;

const successes: Array<[string, number, Fault['body']]> = [
	['201 without a body', 201, undefined],
	['204', 204, undefined],
	['200 without a body', 200, undefined],
	['201 with a line break', 201, '\n'],
	['201 {}', 201, {}],
	['201 null', 201, 'null'],
	['201 []', 201, '[]'],
	['202 {}', 202, {}],
	['201 with an empty list of errors', 201, { errors: [] }],
	['201 with errors that are null', 201, { errors: null }],
	['201 with an empty object of errors', 201, { errors: {} }],
	['201 that says that there is no error', 201, { errors: false }],
	['200 with a payload', 200, { payload: { anything: true } }],
];

describe.each([
	['a message', 'amazon.send', text],
	['a review request', 'amazon.solicit', review],
])('%s', (_what, operation, form: INodeParameters) => {
	test.each(successes)('that is answered %s is sent', async (_name, status, body) => {
		amazon.simulator.faults.push(answer(operation, status, body));
		const { items, error } = await amazon.run(form);
		expect(error).toBeUndefined();
		expect(items[0].json.status).toBe('sent');
		expect([requests(operation), amazon.simulator.received.length]).toEqual([1, 1]);
	});

	test('that is refused in a 201 is not sent, in the words of Amazon', async () => {
		const refusal = { code: 'InvalidInput', message: 'Not this one', details: 'today' };
		amazon.simulator.faults.push({
			...answer(operation, 201, { errors: [refusal] }),
			when: 'before',
		});
		const { error } = await amazon.run(form);
		expect(error?.message).toContain('Not this one');
		expect(error?.context.details).toMatchObject({
			outcome: 'notSent',
			code: 'InvalidInput',
			httpStatus: 201,
			marketplaceMessage: 'Not this one today',
		});
		expect(requests(operation)).toBe(1);
	});

	test('that is refused in a 200 without a word is unknown', async () => {
		amazon.simulator.faults.push({ ...answer(operation, 200, { errors: [{}] }), when: 'before' });
		const { error } = await amazon.run({ ...form, ...notLookedFor(form) });
		expect(error?.context.details).toMatchObject({ outcome: 'unknown', httpStatus: 200 });
		expect(requests(operation)).toBe(1);
	});

	test('that the limit refuses in a 200 is asked again', async () => {
		const refusal = { code: 'QuotaExceeded', message: 'You exceeded your quota.' };
		amazon.simulator.faults.push({
			...answer(operation, 200, { errors: [refusal] }),
			when: 'before',
		});
		const { items } = await amazon.run(form);
		expect(items[0].json.status).toBe('sent');
		expect([requests(operation), amazon.simulator.received.length]).toEqual([2, 1]);
	});

	test('that is answered with an error of the server in a 200 is unknown', async () => {
		const refusal = { code: 'InternalFailure', message: 'We encountered an internal error.' };
		amazon.simulator.faults.push(answer(operation, 200, { errors: [refusal] }));
		const { error } = await amazon.run({ ...form, ...notLookedFor(form) });
		expect(error?.context.details).toMatchObject({ outcome: 'unknown', code: 'InternalFailure' });
		expect(requests(operation)).toBe(1);
	});

	test('whose answer is chunked and empty is sent', async () => {
		amazon.simulator.faults.push({
			...answer(operation, 201),
			headers: { 'transfer-encoding': 'chunked' },
		});
		const { items } = await amazon.run(form);
		expect(items[0].json.status).toBe('sent');
	});

	test.each([
		['a page', '<html><body>Please log in</body></html>'],
		['half a document', '{"errors":['],
	])('that is answered with %s stays unknown', async (_name, body) => {
		amazon.simulator.faults.push(answer(operation, 200, body));
		const { error } = await amazon.run({ ...form, ...notLookedFor(form) });
		expect(error?.context.details).toMatchObject({ outcome: 'unknown' });
		expect(requests(operation)).toBe(1);
	});
});

test('an empty answer stops no workflow: of five items five are sent', async () => {
	const [first, ...others] = amazon.addOrders(5);
	amazon.simulator.faults.push({ ...answer('amazon.send', 201), containing: first });
	const form = messageForm('={{ $json.id }}', 'unexpectedProblem', { text: 'Hi' });
	const { items } = await amazon.run(form, {
		items: [first, ...others].map((id) => ({ json: { id } })),
	});
	expect(items.map(({ json }) => json.status)).toEqual(Array(5).fill('sent'));
});

test.each(successes.slice(0, 3))(
	'an upload to a bucket that answers %s is done',
	async (_name, status) => {
		amazon.simulator.faults.push(answer('s3.put', status));
		const { items } = await amazon.run(file);
		expect(items[0].json.status).toBe('sent');
		expect(requests('s3.put')).toBe(1);
	},
);

test('a place for an upload that is refused in a 201 is told in the words of Amazon', async () => {
	const errors = [{ code: 'InvalidInput', message: 'No such message' }];
	amazon.simulator.faults.push(answer('amazon.createUpload', 201, { errors }));
	const { error } = await amazon.run(file);
	expect(error?.message).toContain('No such message');
	expect(error?.context.details).toMatchObject({ outcome: 'notSent', code: 'InvalidInput' });
});

describe('an empty answer to a question', () => {
	test('forbids no message', async () => {
		amazon.simulator.faults.push(answer('amazon.actions', 200));
		const { items } = await amazon.run(file);
		expect(items[0].json.status).toBe('sent');
		expect(requests('amazon.actions')).toBe(1);
	});

	test('forbids no review request', async () => {
		amazon.simulator.faults.push(answer('amazon.solicitationActions', 200, {}));
		const { items } = await amazon.run(review);
		expect(items[0].json.status).toBe('sent');
	});

	test('leaves the language of the buyer open', async () => {
		amazon.simulator.faults.push(answer('amazon.attributes', 204));
		const { items } = await amazon.run({
			resource: 'buyer',
			operation: 'getAttributes',
			orderId: ORDER,
		});
		expect(items[0].json.locale).toBeNull();
	});

	test('is no list of orders: nobody takes it for "there are none"', async () => {
		amazon.simulator.faults.push({ ...answer('amazon.searchOrders', 200, {}), times: 9 });
		const { error } = await amazon.run({ resource: 'order', operation: 'getMany' });
		expect(error?.message).toBe('Amazon gave an answer that cannot be read');
		expect(error?.context.details).toMatchObject({ outcome: 'notSent', retryable: true });
	});
});

test.each([
	['amazon.actions', file, 'application/hal+json, application/json'],
	['amazon.send', file, 'application/hal+json, application/json'],
	['amazon.createUpload', file, 'application/json'],
	['amazon.solicitationActions', review, 'application/hal+json, application/json'],
	['amazon.solicit', review, 'application/hal+json, application/json'],
	['amazon.searchOrders', { resource: 'order', operation: 'getMany' }, 'application/json'],
] as Array<[string, INodeParameters, string]>)(
	'%s says which formats are understood',
	async (operation, form, accept) => {
		await amazon.run(form);
		const call = amazon.simulator.calls.find((one) => one.operation === operation);
		expect(call?.headers.accept).toBe(accept);
	},
);
