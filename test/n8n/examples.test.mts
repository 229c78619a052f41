import { demoTickets } from '../marketplaces/magalu/demo.mts';
import { demoCopy, demoCredentials, examples, publishedInDemo } from './examples.mts';
import type { Execution, WorkflowFile, WorkflowNode } from './instance.mts';
import { until } from './triggers.mts';
import { startWorld, type World } from './world.mts';

const all = examples();

/** The example whose file begins with this number, free to be changed. */
function example(number: number | string): WorkflowFile {
	return structuredClone(all.find(({ file }) => file.startsWith(`${number}-`))!.workflow);
}

function nodeOf({ nodes }: WorkflowFile, name: string): WorkflowNode {
	return nodes.find((node) => node.name === name)!;
}

/** The same with *Validate Only* off. */
function sending(number: number | string): WorkflowFile {
	return demoCopy(example(number), '');
}

/** The same with waits that a test can wait for: a seller's own, published. */
function published(number: number | string): WorkflowFile {
	const workflow = sending(number);
	for (const { parameters, type } of workflow.nodes) {
		if (type === 'n8n-nodes-base.wait' && parameters.resume === 'timeInterval') {
			Object.assign(parameters, { amount: 1, unit: 'seconds' });
		}
	}
	return workflow;
}

/** Amazon takes every message for it. */
const GOOD_ORDER = '111-1111111-1111111';

/** The file that an example carries as base64 in a field of its node "Edit Fields". */
function fileIn(workflow: WorkflowFile, node: string): Buffer {
	const { assignments } = nodeOf(workflow, node).parameters.assignments as {
		assignments: Array<{ value: string }>;
	};
	return Buffer.from(assignments[0].value, 'base64');
}

describe('the example workflows', () => {
	let world: World;
	let sellers = 0;

	beforeAll(async () => {
		world = await startWorld('examples');
	});

	afterAll(async () => await world?.stop());

	/** Each test has a seller of its own, so that no limit or token of one test is remembered in the next. */
	beforeEach(async () => {
		world.simulator.reset();
		const [{ id, ...amazon }] = demoCredentials(world.simulator.origin);
		amazon.data.refreshToken = `Atzr|seller-${++sellers}`;
		world.simulator.amazon.state.sellers[0].refreshToken = `Atzr|seller-${sellers}`;
		await world.n8n.api('PATCH', `/credentials/${id}`, amazon);
	});

	/** Runs it by hand from its trigger, to its end. */
	async function run(workflow: WorkflowFile): Promise<Execution> {
		return await world.n8n.runWorkflow(await world.n8n.importWorkflow(workflow));
	}

	/** Runs it by hand until it ends, or waits for a person or a time. */
	async function runToPause(workflow: WorkflowFile): Promise<Execution> {
		const { n8n } = world;
		return await n8n.pausedOrFinished(await n8n.startWorkflow(await n8n.importWorkflow(workflow)));
	}

	/** Fills in the form that an execution waits for, as a browser sends it. */
	async function submit(form: unknown, ...answers: string[]): Promise<void> {
		const body = new FormData();
		answers.forEach((answer, i) => body.set(`field-${i}`, answer));
		const { status } = await fetch(String(form), { method: 'POST', body });
		expect(status).toBe(200);
	}

	const sends = (operation: string) =>
		world.simulator.calls.filter((call) => call.operation === operation).length;

	it('use only node types that n8n knows', async () => {
		const known = (await world.n8n.nodeTypes()).map(({ name }) => name);
		const unknown = all.flatMap(({ file, workflow }) =>
			workflow.nodes
				.filter(({ type }) => !known.includes(type))
				.map(({ type }) => `${file}: ${type}`),
		);

		expect(all.map(({ file }) => file.split('-')[0])).toEqual(
			expect.arrayContaining([
				'1',
				'2',
				'3',
				'4',
				'5',
				'6',
				'7a',
				'7b',
				'8',
				'9',
				'10',
				'11',
				'12',
				'13',
			]),
		);
		expect(unknown).toEqual([]);
	});

	it.each(all.filter(({ file }) => !file.startsWith('5-')))(
		'$file can be switched on',
		async ({ workflow }) => {
			const id = await world.n8n.importWorkflow(demoCopy(workflow, ''));
			await world.n8n.activate(id);
			const { active } = await world.n8n.api<{ active: boolean }>('GET', `/workflows/${id}`);
			await world.n8n.deactivate(id);

			expect(active).toBe(true);
		},
	);

	it.each([1, 2, 4])('%s sends nothing before Validate Only is switched off', async (number) => {
		const { status } = await run(example(number));

		expect(status).toBe('success');
		expect(world.simulator.received).toEqual([]);
	});

	it('1 sends the warranty to the buyer of the newest shipped order', async () => {
		const workflow = published(1);
		const { status, error } = await run(workflow);

		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				type: 'warranty',
				reference: '111-1111111-1111111',
				attachments: [
					expect.objectContaining({
						fileName: 'warranty.pdf',
						bytes: fileIn(workflow, 'Warranty text'),
					}),
				],
			}),
		]);
	});

	it('1 sends to the others where Amazon refuses one, and says at the end which', async () => {
		const workflow = published(1);
		const orders = ['111-3333333-3333333', GOOD_ORDER];
		workflow.pinData = {
			'Order shipped': orders.map((orderId) => ({
				json: { orderId, marketplaceId: 'ATVPDKIKX0DER' },
			})),
		};
		const { status, error } = await run(workflow);

		expect(status).toBe('error');
		expect(error?.message).toMatch(
			/^1 of the orders got no warranty\. The first: Order 111-3333333-3333333: Amazon does not/,
		);
		expect(world.simulator.received.map(({ reference }) => reference)).toEqual([GOOD_ORDER]);
	});

	it('1 does not send it again on another day', async () => {
		const id = await world.n8n.importWorkflow(published(1));
		await world.n8n.runWorkflow(id);
		const { output } = await world.n8n.runWorkflow(id);

		expect(output['Send warranty'][0][0].json).toMatchObject({
			status: 'skipped',
			reason: 'alreadySent',
		});
		expect(world.simulator.received).toHaveLength(1);
	});

	it('1 asks Amazon for one access token, and keeps it', async () => {
		await run(published(1));
		await run(published(1));

		expect(sends('lwa.token')).toBe(1);
	});

	it('2 sends the photo to the buyer of the newest paid order', async () => {
		const workflow = published(2);
		const { status, error } = await run(workflow);

		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				type: 'AddMemberMessageAAQToPartner',
				reference: '110000000001',
				recipient: 'buyer_one',
				text: expect.stringContaining('"Blue ceramic mug"'),
				attachments: [expect.objectContaining({ bytes: fileIn(workflow, 'Photo data') })],
			}),
		]);
	});

	it('2 writes to the others where eBay refuses one, and says at the end to whom not', async () => {
		const workflow = published(2);
		const bought = { itemId: '110000000001', title: 'Blue ceramic mug' };
		workflow.pinData = {
			'Order paid': ['nobody', 'buyer_one'].map((recipientId, i) => ({
				json: { orderId: `${i}`, ...bought, recipientId },
			})),
		};
		const { status, error } = await run(workflow);

		expect(status).toBe('error');
		expect(error?.message).toMatch(
			/^1 of the buyers got no message\. The first: Item 110000000001, recipient nobody: There is no order/,
		);
		expect(world.simulator.received.map(({ recipient }) => recipient)).toEqual(['buyer_one']);
	});

	it('2 asks eBay for one access token, and keeps it', async () => {
		await run(published(2));
		await run(published(2));

		expect(sends('ebay.token')).toBeLessThanOrEqual(1);
	});

	it('2 writes once for an order of three things, and names them all', async () => {
		const things = ['Blue ceramic mug', 'Desk lamp', 'Garden chair'];
		const lineItems = things.map((title, i) => ({
			...{ itemId: `11000000000${i + 1}`, transactionId: `99000000${i}`, title },
			...{ quantity: 1, price: 10 },
		}));
		const paidAt = world.simulator.clock.now() - 180_000;
		const times = { createdAt: paidAt, modifiedAt: paidAt, paidAt };
		world.simulator.ebay.addOrder({ status: 'Completed', ...times, lineItems });
		const { status, error } = await run(published(2));

		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		expect(world.simulator.received.map(({ text }) => text)).toEqual([
			expect.stringContaining('"Blue ceramic mug", "Desk lamp", "Garden chair"'),
		]);
	});

	describe('3', () => {
		const asked = (text: string) =>
			world.simulator.magalu.addMessage(demoTickets.waitingSeller, { text });

		it.each(['Podem enviar a nota fiscal?', 'Preciso da NF-e.', 'Cadê a NOTA?', 'E o DANFE?'])(
			'answers with the invoice who asks for it: %s',
			async (text) => {
				asked(text);
				const workflow = published(3);
				const { status, error } = await run(workflow);

				expect({ status, error }).toEqual({ status: 'success', error: undefined });
				expect(world.simulator.received).toEqual([
					expect.objectContaining({
						type: 'ticketMessage',
						reference: demoTickets.waitingSeller,
						text: expect.stringContaining('Segue a nota fiscal'),
						attachments: [
							expect.objectContaining({
								fileName: 'invoice.pdf',
								bytes: fileIn(workflow, 'Invoice data'),
							}),
						],
					}),
				]);
			},
		);

		it.each(['O copo chegou quebrado, veja a foto.', 'Anotado, obrigado.'])(
			'leaves everything else to a person: %s',
			async (text) => {
				asked(text);
				const { status, output } = await run(published(3));

				expect(status).toBe('success');
				expect(output['A person answers']![0]).toHaveLength(1);
				expect(world.simulator.received).toEqual([]);
			},
		);
	});

	it('3 leaves everything else to a person also where the answer fails, and then says why', async () => {
		const workflow = published(3);
		const texts = ['Preciso da NF-e.', 'O copo chegou quebrado.'];
		workflow.pinData = {
			'Customer wrote': [demoTickets.closed, demoTickets.waitingSeller].map((ticketId, i) => ({
				json: { ticketId, text: texts[i] },
			})),
		};
		const { status, error, output } = await run(workflow);

		expect(status).toBe('error');
		expect(error?.message).toMatch(
			/^1 of the tickets got no answer\. The first: Magalu refused the request: Ticket '0c1d9a64/,
		);
		expect(output['A person answers']![0]).toHaveLength(1);
	});

	it('4 asks for a review of the one order that was delivered in the right time', async () => {
		const { status, output } = await run(published(4));
		const kept = output['Delivered 5 to 30 days ago'][0].map(({ json }) => json.orderId);

		expect(status).toBe('success');
		expect(output['Shipped orders'][0]).toHaveLength(3);
		expect(kept).toEqual(['111-4444444-4444444']);
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				type: 'productReviewAndSellerFeedback',
				reference: '111-4444444-4444444',
			}),
		]);
	});

	it('4 skips an order whose buyer was asked already', async () => {
		await run(published(4));
		const { status, output } = await run(published(4));

		expect(status).toBe('success');
		expect(output['Ask for a review'][0][0].json).toMatchObject({ status: 'skipped' });
		expect(world.simulator.received).toHaveLength(1);
	});

	it('4 says at the end which order could not be asked for', async () => {
		const body = { errors: [{ code: 'InvalidInput', message: 'No' }] };
		world.simulator.faults.push({ operation: 'amazon.solicit', kind: 'status', status: 400, body });
		const { status, error } = await run(published(4));

		expect(status).toBe('error');
		expect(error?.message).toMatch(/^1 of the orders could not be asked for a review/);
	});

	it('5 shows with its second order what has to be corrected', async () => {
		const { status, error, output } = await run(example(5));

		expect(status).toBe('error');
		expect(error?.message).toMatch(/^1 of the orders got no message\. .*111-3333333-3333333/);
		expect(output['To be corrected'][0][0].json.correct).toMatch(
			/^Order 111-3333333-3333333: Amazon does not allow/,
		);
		expect(world.simulator.received).toEqual([]);
	});

	it('5 writes to the buyer of the order that is good', async () => {
		await run(sending(5));

		expect(world.simulator.received.map(({ reference }) => reference)).toEqual([GOOD_ORDER]);
	});

	/** Example 5 with these orders in the place of its own. */
	function withOrders(workflow: WorkflowFile, ...orderIds: string[]): WorkflowFile {
		workflow.pinData = {
			Order: orderIds.map((orderId) => ({
				json: { orderId, marketplaceId: 'ATVPDKIKX0DER', text: `To ${orderId}` },
			})),
		};
		return workflow;
	}

	describe('5, where nobody knows whether the message was sent,', () => {
		/** The message is sent, or not, and the answer is lost. */
		async function unknown(when: 'after' | 'before'): Promise<Execution> {
			world.simulator.faults.push({ operation: 'amazon.send', kind: 'lost', when });
			const execution = await runToPause(withOrders(sending(5), GOOD_ORDER));
			expect(execution.status).toBe('waiting');
			return execution;
		}
		const linkOf = ({ output }: Execution) => output['Where to look'][0][0].json;

		it('asks a person, and sends nothing meanwhile', async () => {
			const asked = linkOf(await unknown('after'));

			expect(asked).toMatchObject({
				link: 'https://sellercentral.amazon.com/orders-v3/order/111-1111111-1111111',
				question: expect.stringMatching(/not known.*order 111-1111111-1111111/),
			});
			expect(await (await fetch(String(asked.form))).text()).toContain(asked.link);
			expect(sends('amazon.send')).toBe(1);
		});

		it('sends nothing again when the person finds the message', async () => {
			const execution = await unknown('after');
			await submit(linkOf(execution).form, 'Yes, it is there');

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(sends('amazon.send')).toBe(1);
			expect(world.simulator.received).toHaveLength(1);
		});

		it('sends it again when the person does not find it', async () => {
			const execution = await unknown('before');
			await submit(linkOf(execution).form, 'No, send it again');

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toHaveLength(1);
		});
	});

	describe('5, where nothing was sent and it can succeed later,', () => {
		/** Amazon's login is down for so many runs of the node, each of which asks three times. */
		function down(runs: number): void {
			const fault = { operation: 'lwa.token', kind: 'status', status: 503 } as const;
			world.simulator.faults.push({ ...fault, body: 'Service Unavailable', times: 3 * runs });
		}

		it('waits for five minutes', async () => {
			down(1);
			const { status, output } = await runToPause(withOrders(sending(5), GOOD_ORDER));

			expect(status).toBe('waiting');
			expect(Object.keys(output)).toContain('Wait a while');
			expect(world.simulator.received).toEqual([]);
		});

		/** The same with a wait that a test can wait for. */
		const impatient = () => withOrders(published(5), GOOD_ORDER);

		it('sends it once after the wait', async () => {
			down(1);
			const { status } = await run(impatient());

			expect(status).toBe('success');
			expect(world.simulator.received).toHaveLength(1);
		});

		it('keeps the orders apart', async () => {
			down(1);
			const orders = [GOOD_ORDER, '111-2222222-2222222'];
			const { status } = await run(withOrders(published(5), ...orders));

			expect(status).toBe('success');
			expect(world.simulator.received.map(({ reference, text }) => [reference, text])).toEqual(
				orders.map((orderId) => [orderId, `To ${orderId}`]),
			);
		});

		it('gives up after three more tries', async () => {
			down(10);
			const { status, error } = await run(impatient());

			expect(status).toBe('error');
			expect(sends('lwa.token')).toBe(3 * 4);
			expect(error?.message).toMatch(/^1 of the orders got no message\./);
		});
	});

	describe('6', () => {
		it('goes on with the next message where an answer cannot be sent', async () => {
			const execution = await drafted();
			await submit(formOf(execution), 'x'.repeat(3001), 'Send');

			const { status, output, error } = await world.n8n.finished(execution.id);
			expect(status).toBe('error');
			expect(error?.message).toMatch(/^1 of the answers were not sent\./);
			expect(output['Not sent'][0][0].json).toMatchObject({
				ticketId: demoTickets.waitingSeller,
				why: expect.stringMatching(/'Text' is too long for Magalu.*Nothing was sent\./),
			});
		});

		const draft = /^Olá! Obrigado por escrever/;

		async function drafted(workflow = published(6)): Promise<Execution> {
			const execution = await runToPause(workflow);
			expect(execution.status).toBe('waiting');
			expect(world.simulator.received).toEqual([]);
			return execution;
		}
		const formOf = ({ output }: Execution) => output['Link for the reviewer'][0][0].json.form;

		it('shows the draft to a person', async () => {
			const page = await (await fetch(String(formOf(await drafted())))).text();

			expect(page).toContain('O copo chegou quebrado');
			expect(page).toContain('Olá! Obrigado por escrever');
		});

		it('sends the answer as the person left it', async () => {
			const execution = await drafted();
			await submit(formOf(execution), 'Enviamos um copo novo amanhã.', 'Send');

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toEqual([
				expect.objectContaining({
					reference: demoTickets.waitingSeller,
					text: 'Enviamos um copo novo amanhã.',
				}),
			]);
		});

		it('sends nothing when the person says no', async () => {
			const execution = await drafted();
			await submit(formOf(execution), 'Whatever', 'Do not send');

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toEqual([]);
		});

		it('asks about two messages one after the other', async () => {
			const { n8n } = world;
			const workflow = published(6);
			const messages = [
				{ ticketId: demoTickets.waitingSeller, orderCode: '1', text: 'Onde está?' },
				{ ticketId: demoTickets.mediation, orderCode: '2', text: 'E o código?' },
			].map((message, i) => ({ json: { ...message, messageId: `m${i}` } }));
			workflow.pinData = { 'Customer wrote': messages };
			const first = await drafted(workflow);
			await submit(formOf(first), 'Primeira resposta.', 'Send');
			let second = first;
			while (second.status !== 'waiting' || formOf(second) === undefined || isFirst(second)) {
				second = await n8n.pausedOrFinished(first.id);
			}
			expect(second.output['Link for the reviewer'][0][0].json).toMatchObject({
				customerWrote: 'E o código?',
				draft: expect.stringMatching(draft),
			});
			await submit(formOf(second), 'Segunda resposta.', 'Send');

			expect(await n8n.finished(first.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received.map(({ reference, text }) => [reference, text])).toEqual([
				[demoTickets.waitingSeller, 'Primeira resposta.'],
				[demoTickets.mediation, 'Segunda resposta.'],
			]);
		});

		it('sends nothing before Validate Only is switched off', async () => {
			const execution = await drafted(example(6));
			await submit(formOf(execution), 'Enviamos amanhã.', 'Send');

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toEqual([]);
		});

		const isFirst = ({ output }: Execution) =>
			output['Link for the reviewer'][0][0].json.customerWrote === 'Onde está?';
	});

	describe('7a, three days after delivery,', () => {
		const demo = '11-00001-00002';
		const order = () => world.simulator.ebay.state.orders.find((one) => one.orderId === demo)!;

		it('waits before it looks at the order once more', async () => {
			const { status, output } = await runToPause(example('7a'));

			expect(status).toBe('waiting');
			expect(output['Order delivered'][0][0].json.orderId).toBe(demo);
			expect(Object.keys(output)).not.toContain('The order now');
		});

		it('writes to nobody before Validate Only is switched off', async () => {
			const workflow = published('7a');
			const { options } = nodeOf(workflow, 'Ask how it went').parameters;
			Object.assign(options as object, { validateOnly: true });
			const { status, output } = await run(workflow);

			expect(status).toBe('success');
			expect(output['Ask how it went'][0][0].json.status).toBe('validated');
			expect(world.simulator.received).toEqual([]);
		});

		it('asks the buyer once how it went', async () => {
			const id = await world.n8n.importWorkflow(published('7a'));
			const { status, error } = await world.n8n.runWorkflow(id);
			await world.n8n.runWorkflow(id);

			expect({ status, error }).toEqual({ status: 'success', error: undefined });
			expect(world.simulator.received).toEqual([
				expect.objectContaining({
					recipient: 'buyer_two',
					reference: '110000000002',
					text: expect.stringContaining('"Desk lamp"'),
				}),
			]);
		});

		it.each([
			['cancelled', { cancelledAt: 1 }],
			['paid back', { refunds: [{ amount: 5, at: 1 }] }],
		])('asks nobody whose order was %s', async (_what, change) => {
			Object.assign(order(), change);
			const { status, output } = await run(published('7a'));

			expect(status).toBe('success');
			expect(output['Neither cancelled nor refunded?']).toEqual([[], [expect.anything()]]);
			expect(world.simulator.received).toEqual([]);
		});

		it('says at the end which order could not be read', async () => {
			const workflow = published('7a');
			const orders = ['11-09999-09999', demo].map((orderId) => ({ json: { orderId } }));
			workflow.pinData = { 'Order delivered': orders };
			const { status, error } = await run(workflow);

			expect(status).toBe('error');
			expect(error?.message).toMatch(/^1 of the orders could not be read or written to\./);
			expect(world.simulator.received).toHaveLength(1);
		});
	});

	describe('10, days after an order was paid,', () => {
		const late = () => world.simulator.magalu.addOrder({ status: 'approved' });
		const reached = () => world.simulator.received.map(({ type, reference }) => [type, reference]);

		it('waits before it looks at the order once more', async () => {
			const order = late();
			const { status, output } = await runToPause(example(10));

			expect(status).toBe('waiting');
			expect(output['Order paid'][0][0].json.orderId).toBe(order.id);
			expect(Object.keys(output)).not.toContain('The order now');
		});

		it('opens no ticket before Validate Only is switched off', async () => {
			late();
			const workflow = published(10);
			const { options } = nodeOf(workflow, 'Open a ticket').parameters;
			Object.assign(options as object, { validateOnly: true });
			const { status, output } = await run(workflow);

			expect(status).toBe('success');
			expect(output['Open a ticket'][0][0].json.status).toBe('validated');
			expect(world.simulator.received).toEqual([]);
		});

		it('opens a ticket about the order that is late, and writes with the file, once', async () => {
			const order = late();
			const workflow = published(10);
			const id = await world.n8n.importWorkflow(workflow);
			const { status, error } = await world.n8n.runWorkflow(id);
			await world.n8n.runWorkflow(id);

			expect({ status, error }).toEqual({ status: 'success', error: undefined });
			const ticket = world.simulator.magalu.state.tickets.at(-1)!;
			expect(reached()).toEqual([
				['ticket', order.code],
				['ticketMessage', ticket.id],
			]);
			expect(world.simulator.received[1].attachments).toEqual([
				expect.objectContaining({
					fileName: 'delivery.pdf',
					bytes: fileIn(workflow, 'File data'),
				}),
			]);
		});

		it('writes into the ticket that the order has already', async () => {
			const { id, code, delivery, items } = late();
			const order = { id, code, deliveryId: delivery.id, items };
			const ticket = world.simulator.magalu.addTicket({ order });
			const { status } = await run(published(10));

			expect(status).toBe('success');
			expect(reached()).toEqual([['ticketMessage', ticket.id]]);
		});

		it.each([
			['is on its way', (order: ReturnType<typeof late>) => (order.delivery.status = 'shipped')],
			['was cancelled', (order: ReturnType<typeof late>) => (order.status = 'cancelled')],
		])('writes nothing about an order that %s', async (_what, change) => {
			const order = late();
			const workflow = published(10);
			workflow.pinData = { 'Order paid': [{ json: { orderId: order.id } }] };
			change(order);
			const { status, output } = await run(workflow);

			expect(status).toBe('success');
			expect(output['Not on its way?']).toEqual([[], [expect.anything()]]);
			expect(world.simulator.received).toEqual([]);
		});

		it('says at the end which could not be written about', async () => {
			world.simulator.magalu.state.settings.ticketOutcomeOf = () => 'failed';
			late();
			const { status, error } = await run(published(10));

			expect(status).toBe('error');
			expect(error?.message).toMatch(
				/^1 of the orders could not be .*Magalu did not open the ticket/,
			);
		});
	});

	describe('7b, days after delivery,', () => {
		const demo = '111-4444444-4444444';
		const reviews = () => world.simulator.received.map(({ type, reference }) => [type, reference]);

		it('waits as long as Amazon takes no request', async () => {
			const { status, output } = await runToPause(example('7b'));

			expect(status).toBe('waiting');
			expect(output['Order delivered'][0][0].json.orderId).toBe(demo);
			expect(nodeOf(example('7b'), 'Six days').parameters).toMatchObject({
				amount: 6,
				unit: 'days',
			});
		});

		it('asks for nothing before Validate Only is switched off', async () => {
			const workflow = published('7b');
			const { options } = nodeOf(workflow, 'Ask for a review').parameters;
			Object.assign(options as object, { validateOnly: true });
			const { status, output } = await run(workflow);

			expect(status).toBe('success');
			expect(output['Ask for a review'][0][0].json.status).toBe('validated');
			expect(reviews()).toEqual([]);
		});

		it('asks for a review once', async () => {
			const id = await world.n8n.importWorkflow(published('7b'));
			const { status, error } = await world.n8n.runWorkflow(id);
			await world.n8n.runWorkflow(id);

			expect({ status, error }).toEqual({ status: 'success', error: undefined });
			expect(reviews()).toEqual([['productReviewAndSellerFeedback', demo]]);
		});

		it('asks for none where the order was cancelled', async () => {
			const workflow = published('7b');
			const json = { orderId: demo, marketplaceId: 'ATVPDKIKX0DER' };
			workflow.pinData = { 'Order delivered': [{ json }] };
			world.simulator.amazon.state.orders.find(
				({ orderId }) => orderId === demo,
			)!.fulfillmentStatus = 'CANCELLED';
			const { status, output } = await run(workflow);

			expect(status).toBe('success');
			expect(output['Not cancelled?']).toEqual([[], [expect.anything()]]);
			expect(reviews()).toEqual([]);
		});

		it('says at the end which order could not be read', async () => {
			const workflow = published('7b');
			const orders = ['111-9999999-9999999', demo].map((orderId) => ({
				json: { orderId, marketplaceId: 'ATVPDKIKX0DER' },
			}));
			workflow.pinData = { 'Order delivered': orders };
			const { status, error } = await run(workflow);

			expect(status).toBe('error');
			expect(error?.message).toMatch(/^1 of the orders could not be read or asked about\./);
			expect(reviews()).toHaveLength(1);
		});
	});

	describe('8', () => {
		const formOf = ({ output }: Execution) => output['Link for the reviewer'][0][0].json.form;

		async function drafted(workflow = published(8)): Promise<Execution> {
			const execution = await runToPause(workflow);
			expect(execution.status).toBe('waiting');
			return execution;
		}

		it('shows the message and a draft to a person, and sends nothing meanwhile', async () => {
			const page = await (await fetch(String(formOf(await drafted())))).text();

			expect(page).toContain('buyer_one');
			expect(page).toContain('When will my mug arrive?');
			expect(page).toContain('Thank you for writing');
			expect(world.simulator.received).toEqual([]);
		});

		it('sends the answer as the person left it, in the same conversation', async () => {
			const execution = await drafted();
			await submit(formOf(execution), 'It arrives tomorrow.', 'Send');

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toEqual([
				expect.objectContaining({
					type: 'sendMessage',
					reference: '800000000001',
					recipient: 'buyer_one',
					text: 'It arrives tomorrow.',
				}),
			]);
		});

		it.each([
			['when the person says no', published(8), 'Do not send'],
			['before Validate Only is switched off', example(8), 'Send'],
		])('sends nothing %s', async (_when, workflow, decision) => {
			const execution = await drafted(workflow);
			await submit(formOf(execution), 'Whatever', decision);

			expect(await world.n8n.finished(execution.id)).toMatchObject({ status: 'success' });
			expect(world.simulator.received).toEqual([]);
		});

		it('says at the end which answer was not sent', async () => {
			const execution = await drafted();
			await submit(formOf(execution), 'x'.repeat(2001), 'Send');

			const { status, error } = await world.n8n.finished(execution.id);
			expect(status).toBe('error');
			expect(error?.message).toMatch(/^1 of the answers were not sent\. The first, to buyer_one: /);
		});
	});

	it('9 tells a person by when a ticket has to be answered, and what was written last', async () => {
		const { status, error, output } = await run(example(9));
		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		expect(output['Tell a person'][0].map(({ json }) => json)).toEqual([
			{
				// The one that is due first: Magalu's mediation waits for an answer.
				ticketId: demoTickets.mediation,
				subject: expect.stringMatching(/^Answer by \d\d\/\d\d \d\d:\d\d: order 1470000000000002$/),
				text: expect.stringMatching(/^Ticket \d+ .*Por favor, informe o código de rastreio\.$/),
				link: 'https://seller.magalu.com/',
			},
		]);
	});

	describe('9, where what was written cannot be told,', () => {
		const dueFirst = () => {
			const dueDate = world.simulator.clock.now() + 1_800_000;
			return world.simulator.magalu.addTicket({ dueDate, messages: [] });
		};
		const texts = ({ output }: Execution) =>
			output['Tell a person'][0].map(({ json }) => [json.ticketId, json.text]);
		const told = ({ id }: { id: string }) => [
			[
				id,
				expect.stringMatching(/waits for our answer\. Written last: nothing that Magalu shows$/),
			],
		];

		it('tells a person of the ticket all the same: it has no message', async () => {
			const ticket = dueFirst();
			const execution = await run(example(9));

			expect(execution).toMatchObject({ status: 'success' });
			expect(texts(execution)).toEqual(told(ticket));
		});

		it('tells a person of the ticket all the same: its messages cannot be read', async () => {
			const ticket = dueFirst();
			world.simulator.faults.push({ operation: 'magalu.messages', kind: 'status', status: 403 });
			const execution = await run(example(9));

			expect(execution).toMatchObject({ status: 'success' });
			expect(texts(execution)).toEqual(told(ticket));
		});
	});

	describe('11', () => {
		interface Table {
			id: string;
			name: string;
		}
		let tables: string;

		beforeAll(async () => {
			const { id } = await world.n8n.api<{ id: string }>('GET', '/projects/personal');
			tables = `/projects/${id}/data-tables`;
		});

		/** The table that the workflow keeps clean, made by its first run. */
		async function table(): Promise<string> {
			await run(example(11));
			const { data } = await world.n8n.api<{ data: Table[] }>('GET', tables);
			return `${tables}/${data.find(({ name }) => name === 'ebay_buyers')!.id}`;
		}

		async function namesIn(place: string): Promise<unknown[]> {
			const { data } = await world.n8n.api<{ data: Array<{ username: unknown }> }>(
				'GET',
				`${place}/rows`,
			);
			return data.map(({ username }) => username);
		}

		it('deletes the rows of the member who closed the account, by name and by ID', async () => {
			const place = await table();
			const data = [
				{ username: 'closed_account', userId: '1' },
				{ username: 'an_older_name', userId: 'ma8vp1jySJC' },
				{ username: 'buyer_one', userId: '2' },
			];
			await world.n8n.api('POST', `${place}/insert`, { data, returnType: 'count' });
			const { status, error } = await run(example(11));

			expect({ status, error }).toEqual({ status: 'success', error: undefined });
			expect(await namesIn(place)).toEqual(['buyer_one']);
		});

		it('does so when eBay tells of it, and n8n keeps no execution that names the member', async () => {
			const { n8n, simulator } = world;
			const place = await table();
			const data = [{ username: 'leaving_member', userId: '3' }];
			await n8n.api('POST', `${place}/insert`, { data, returnType: 'count' });
			const id = await n8n.importWorkflow(example(11));
			await n8n.activate(id);
			const { webhookId } = nodeOf(example(11), 'Account deleted');
			simulator.ebay.state.notifications.accountDeletion = {
				endpoint: `${n8n.origin}/webhook/${String(webhookId)}/ebay`,
				verificationToken: '',
			};
			const { statuses } = await simulator.ebay.notify('MARKETPLACE_ACCOUNT_DELETION', {
				username: 'leaving_member',
				userId: '3',
				eiasToken: 'nY+',
			});
			await until(
				'the row is gone',
				async () => !(await namesIn(place)).includes('leaving_member'),
			);
			await until('the execution is gone', async () => (await n8n.executions(id)).length === 0);
			await n8n.deactivate(id);

			expect(statuses).toEqual([204]);
		});
	});

	describe('12', () => {
		const workflow = demoCopy(all.find(({ file }) => file === publishedInDemo)!.workflow, '');
		let id: string;

		beforeEach(async () => {
			id = await world.n8n.importWorkflow(workflow);
			await world.n8n.activate(id);
		});
		afterEach(async () => await world.n8n.deactivate(id));

		/** As the simulator's page does. @returns what n8n answered to eBay */
		async function writeAsBuyer(from: string, text: string): Promise<number[]> {
			const response = await fetch(`${world.simulator.origin}/control/buyer-message`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ marketplace: 'ebay', from, text }),
			});
			const { told } = (await response.json()) as { told: { statuses: number[] } };
			return told.statuses;
		}

		const ended = async (count: number) => {
			const executions = await world.n8n.executions(id);
			return executions.filter(({ status }) => status === 'success').length === count;
		};

		it('is started by what a buyer writes on the page, and says at once when the answer comes', async () => {
			const statuses = await writeAsBuyer('buyer_one', 'When will my mug arrive?');
			await until('the execution ended', async () => await ended(1));

			expect(statuses).toEqual([204]);
			expect(world.simulator.received).toEqual([
				expect.objectContaining({
					recipient: 'buyer_one',
					text: expect.stringMatching(/^Thank you for your message!/),
				}),
			]);
		});

		it('says so once a day in each conversation', async () => {
			for (const from of ['buyer_one', 'buyer_one', 'buyer_two'])
				await writeAsBuyer(from, 'Hello?');
			await until('the executions ended', async () => await ended(3));

			expect(world.simulator.received.map(({ recipient }) => recipient).sort()).toEqual([
				'buyer_one',
				'buyer_two',
			]);
		});
	});

	describe('13', () => {
		const told = ({ output }: Execution) => output['Tell a person']?.[0]?.[0]?.json;

		it('tells a person what ends within 30 days', async () => {
			const execution = await run(example(13));

			expect(execution).toMatchObject({ status: 'success', error: undefined });
			expect(execution.output['All accounts'][0]).toHaveLength(29);
			expect(told(execution)).toEqual({
				subject: 'Your accounts: 1 to look at',
				text: expect.stringMatching(
					/^Amazon, Client secret: The client secret ends in 19 days, on \S+\. In Seller Central/,
				) as unknown,
			});
		});

		it('tells nobody while all is well', async () => {
			const [{ id, ...amazon }] = demoCredentials(world.simulator.origin);
			Object.assign(amazon.data, {
				refreshToken: `Atzr|seller-${sellers}`,
				lwaCredentialsExpireOn: '2099-12-31',
			});
			await world.n8n.api('PATCH', `/credentials/${id}`, amazon);
			const execution = await run(example(13));

			expect(execution.status).toBe('success');
			expect(told(execution)).toBeUndefined();
		});

		it('tells of each account what fails, in one message', async () => {
			const { amazon, ebay, magalu } = world.simulator;
			amazon.state.sellers[0].withoutRole = ['amazon.createUpload'];
			for (const grant of ebay.state.refreshTokens.values()) {
				grant.scopes = grant.scopes.filter((scope) => !scope.endsWith('/sell.inventory'));
			}
			for (const token of ebay.state.accessTokens.values()) token.expiresAt = 0;
			const isAdmin = (admin: boolean) => {
				for (const token of magalu.state.accessTokens.values()) token.admin = admin;
				for (const token of magalu.state.refreshTokens.values()) token.admin = admin;
			};
			isAdmin(false);
			const { text } = told(await run(example(13))) as { text: string };
			isAdmin(true);

			expect(text).toContain('Amazon, Attachments: The app may not send files.');
			expect(text).toContain('eBay, Pictures: Your consent does not cover the upload of pictures.');
			expect(text).toContain('Magalu, Store: The person who connected the credential is not');
		});
	});
});
