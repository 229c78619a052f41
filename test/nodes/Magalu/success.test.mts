/** Success is told by the status of an answer, whatever its body looks like. */
import { magaluWorld, messageForm, TICKET } from '../../engine/magalu.mts';
import { quickTime } from '../../engine/quickTime.mts';
import type { Fault } from '../../marketplaces/service.mts';

const world = magaluWorld();
let backToNormal: () => void;
beforeEach(() => {
	backToNormal = quickTime();
});
afterEach(() => backToNormal());

// What is looked up would be found, also where the answer is not understood.
const form = messageForm({ options: { lookUpAfterLoss: false } });
const posts = () => world.calls().filter((operation) => operation === 'magalu.send').length;
/** The work is done, or not, and then this is the whole answer. */
const answering = (status: number, body?: Fault['body'], when: Fault['when'] = 'after') =>
	world.simulator.faults.push({
		...{ operation: 'magalu.send', kind: 'status', when, status },
		...(body === undefined ? {} : { body }),
	});

it.each<[string, number, Fault['body']]>([
	['202 without a body', 202, undefined],
	['204', 204, undefined],
	['202 {}', 202, {}],
	['202 null', 202, 'null'],
	['202 []', 202, '[]'],
	['202 true', 202, 'true'],
	['202 "ok"', 202, '"ok"'],
	['202 with an empty list of errors', 202, { errors: [] }],
	['202 with errors that are null', 202, { errors: null, detail: null }],
	['202 with an empty object of errors', 202, { errors: {} }],
	['202 that says that there is no error', 202, { error: false, code: 0 }],
])('a message that is answered %s is sent', async (_name, status, body) => {
	answering(status, body);
	const { items, error } = await world.run(form);
	expect(error).toBeUndefined();
	expect(items[0]!.json.status).toBe('sent');
	expect([posts(), world.simulator.received.length]).toEqual([1, 1]);
});

it.each<[string, object, string | undefined]>([
	['a list of errors', { errors: [{ message: 'Não pode', code: 'E1' }] }, 'E1'],
	[
		'slug and message',
		{ slug: 'unprocessable', message: 'Não pode', details: [] },
		'unprocessable',
	],
	['a detail', { detail: 'Não pode' }, undefined],
	['the words of the gateway', { errorCode: 'E2', userMessage: 'Não pode' }, 'E2'],
])(
	'a message that is refused in a 202 is not sent, in Magalu’s words: %s',
	async (_, body, code) => {
		answering(202, body, 'before');
		const { error } = await world.run(form);
		expect(error!.message).toContain('Não pode');
		expect(error!.context.details).toMatchObject({ outcome: 'notSent', httpStatus: 202 });
		expect((error!.context.details as { code?: string }).code).toBe(code);
		expect(posts()).toBe(1);
	},
);

it.each<[string, Fault['body']]>([
	['a list of errors without a word', { errors: [{}] }],
	['errors beside a transaction', { errors: [{ message: 'Não' }], transaction_id: 't-1' }],
	['an error of the server', { slug: 'internal_server_error', message: 'Erro' }],
	['a page', '<html><body>Entrar</body></html>'],
	['half a document', '{"transaction_id":"'],
])('a message that is answered in a 202 with %s stays unknown', async (_name, body) => {
	answering(202, body, 'before');
	const { error } = await world.run(form);
	expect(error!.context.details).toMatchObject({ outcome: 'unknown' });
	expect(posts()).toBe(1);
});

it('a message that is refused in a 202 as too fast is sent again', async () => {
	answering(202, { slug: 'too_many_requests', message: 'Devagar' }, 'before');
	const { items } = await world.run(form);
	expect(items[0]!.json.status).toBe('sent');
	expect([posts(), world.simulator.received.length]).toEqual([2, 1]);
});

it('what is read and comes without an object is asked for again', async () => {
	world.simulator.faults.push({
		...{ operation: 'magalu.ticket', kind: 'status', status: 200, body: 'null' },
	});
	const { items, error } = await world.run({
		...{ resource: 'ticket', operation: 'get', ticketId: TICKET },
	});
	expect(error).toBeUndefined();
	expect(items[0]!.json.ticketId).toBe(TICKET);
});
