import { BinaryDataService } from 'n8n-core';
import { Container } from '@n8n/di';

import { OTHER_CONTENT_TYPES } from '../../../nodes/Magalu/api/limits.ts';
import { keepFilesOnDisk, storedFileOf } from '../../engine/engine.mts';
import { attached, magaluWorld, messageForm } from '../../engine/magalu.mts';

/** One clock for the node and for Magalu; whoever sleeps moves it. */
let mockNow = Date.parse('2026-11-20T12:00:00Z');
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		mockNow += ms;
		await new Promise(setImmediate);
	},
}));
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => mockNow));

const world = magaluWorld();
const settings = () => world.simulator.magalu.state.settings;
const puts = () => world.simulator.calls.filter(({ operation }) => operation === 'gcs.put');
const transactionId = () => world.simulator.magalu.state.transactions[0]!.id;

const xml = (code: string, details = '') =>
	`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>No.</Message><Details>${details}</Details></Error>`;

it.each([
	['three hours ahead of', 3],
	['three hours behind', -3],
])("a file gets through with n8n's clock %s Magalu's", async (_clock, hours) => {
	world.simulator.clock.advance(-hours * 3_600_000);
	const { items } = await world.run(messageForm(attached('data')));
	expect(items[0]?.json.status).toBe('sent');
});

describe('a link that names its content type', () => {
	it.each(['application/pdf', 'application/octet-stream', 'application/x-pdf; v=1'])(
		'gets the file as just that: %s',
		async (type) => {
			settings().signedContentType = type;
			const { items } = await world.run(messageForm(attached('data')));
			expect(items[0]!.json.status).toBe('sent');
			expect(puts().map(({ status, headers }) => [status, headers['content-type']])).toEqual([
				[200, type],
			]);
		},
	);

	it.each([null, 7, '', 'a picture', 'a/b\r\nx-goog-meta: 1'])(
		'which is none is not believed: %j',
		async (type) => {
			const signed_link = {
				url: `${world.simulator.origin}/gcs/b/x`,
				content_type: type,
				method: 'PUT',
				headers: {},
			};
			world.simulator.faults.push({
				operation: 'magalu.send',
				kind: 'status',
				status: 202,
				body: {
					transaction_id: 't-1',
					data: { attachments: [{ provided_file_name: 'nota.pdf', signed_link }] },
				},
			});
			world.simulator.faults.push({ operation: 'gcs.put', kind: 'status', status: 200 });
			await world.run(messageForm({ ...attached('data'), options: { waitForCompletion: false } }));
			expect(puts().map(({ headers }) => headers['content-type'])).toEqual(['application/pdf']);
		},
	);
});

describe('a link that is signed for another content type', () => {
	beforeEach(() => {
		settings().linksNameContentType = false;
	});

	it.each(OTHER_CONTENT_TYPES)('takes the file as %s in the end', async (type) => {
		settings().signedContentType = type;
		const { items } = await world.run(messageForm(attached('data')));
		expect(items[0]!.json.status).toBe('sent');
		expect(puts().map(({ status }) => status)).toEqual(
			type === OTHER_CONTENT_TYPES[0] ? [403, 200] : [403, 403, 200],
		);
		expect(puts().at(-1)!.headers['content-type']).toBe(type);
	});

	it('is tried with each type once, and then given up', async () => {
		world.simulator.faults.push({
			operation: 'gcs.put',
			kind: 'status',
			status: 403,
			body: xml('SignatureDoesNotMatch'),
			times: 10,
		});
		const { error } = await world.run(messageForm(attached('data')));
		expect(puts().map(({ headers }) => headers['content-type'])).toEqual([
			'application/pdf',
			...OTHER_CONTENT_TYPES,
		]);
		expect(error!.message).toContain('nota.pdf');
		expect(error!.context.details).toMatchObject({
			outcome: 'notSent',
			code: 'SignatureDoesNotMatch',
		});
	});
});

describe('a file that fails for good', () => {
	it.each([
		[400, 'MalformedSecurityHeader'],
		[400, 'ExpiredToken'],
		[400, 'EntityTooLarge'],
		[403, 'AccessDenied'],
		[404, 'NoSuchBucket'],
	])('with %i %s loses the message, and surely so', async (status, code) => {
		const body = xml(code, 'Ask somebody.');
		world.simulator.faults.push({
			operation: 'gcs.put',
			kind: 'status',
			status,
			body,
			containing: '.png',
		});
		const { error } = await world.run(messageForm(attached('data', 'photo')));
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: String(status) });
		expect(error!.message).toContain("The file 'foto.png' could not be uploaded");
		expect(error!.message).toContain('The message will not be created');
		expect(error!.description).toContain(transactionId());
		expect(error!.context.details).toMatchObject({
			outcome: 'notSent',
			retryable: true,
			code,
			httpStatus: status,
			requestId: expect.any(String),
			marketplace: 'magalu',
			marketplaceMessage: 'No. Ask somebody.',
		});
		expect(puts()).toHaveLength(2);

		mockNow += 20 * 60_000;
		world.simulator.magalu.settle();
		expect(world.simulator.received).toEqual([]);
	});

	it('because a link has run out before it was used', async () => {
		settings().linkLifetime = -2;
		const { error } = await world.run(messageForm(attached('data')));
		expect(error!.message).toContain('The time for its upload is over');
		expect(error!.context.details).toMatchObject({ outcome: 'notSent' });
		expect(puts()).toEqual([]);
	});

	it('because 15 minutes have passed since the message was posted', async () => {
		await keepFilesOnDisk();
		const data = await storedFileOf('%PDF stored', 'nota.pdf', 'application/pdf');
		jest.spyOn(Container.get(BinaryDataService), 'getAsBuffer').mockImplementation(async () => {
			mockNow += 16 * 60_000;
			return Buffer.from('%PDF stored');
		});
		const { error } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error!.message).toContain('The time for its upload is over');
		expect(puts()).toEqual([]);
	});

	it('because n8n lost it after the message was posted', async () => {
		await keepFilesOnDisk();
		const data = await storedFileOf('%PDF stored', 'nota.pdf', 'application/pdf');
		jest
			.spyOn(Container.get(BinaryDataService), 'getAsBuffer')
			.mockRejectedValue(new Error('gone'));
		const { error } = await world.run(messageForm(attached('data')), {
			items: [{ json: {}, binary: { data } }],
		});
		expect(error!.message).toBe(
			"The file 'nota.pdf' could not be uploaded: gone. The message will not be created",
		);
		expect(error!.context.details).toMatchObject({ outcome: 'notSent' });
	});
});

describe('links that do not fit the files', () => {
	const answering = (attachments: object[]) =>
		world.simulator.faults.push({
			operation: 'magalu.send',
			kind: 'status',
			status: 202,
			body: { transaction_id: 't-1', data: { attachments } },
		});
	const link = (name: string | undefined, type: string, more = {}) => ({
		id: `id of ${name}`,
		provided_file_name: name,
		file_type: type,
		signed_link: { url: `${world.simulator.origin}/gcs/b/x`, method: 'PUT', headers: {}, ...more },
	});

	it.each<[string, () => object[]]>([
		['too few', () => [link('nota.pdf', 'application/pdf')]],
		['another type', () => [link('nota.pdf', 'application/pdf'), link('x.gif', 'image/gif')]],
		[
			'too many',
			() => [
				link('nota.pdf', 'application/pdf'),
				link('foto.png', 'image/png'),
				link('foto.png', 'image/png'),
			],
		],
	])('stop everything: %s', async (_, links) => {
		answering(links());
		const { error } = await world.run(messageForm(attached('data', 'photo')));
		expect(error!.message).toMatch(/Magalu gave \d upload links for 2 files/);
		expect(error!.description).toContain('transaction t-1');
		expect(error!.context.details).toMatchObject({ outcome: 'notSent' });
		expect(puts()).toEqual([]);
	});

	it.each<[string, number, object]>([
		['no links', 202, { transaction_id: 't-1', data: null }],
		['a message that is created already', 201, { id: 'm-1', moderation: { status: 'new' } }],
	])('may leave a message without files: %s', async (_, status, body) => {
		world.simulator.faults.push({ operation: 'magalu.send', kind: 'status', status, body });
		const { error } = await world.run(messageForm(attached('data')));
		expect(error!.message).toBe('Magalu gave 0 upload links for 1 files, or links for other files');
		expect(error!.context.details).toMatchObject({ outcome: 'unknown', retryable: false });
	});

	it.each<[string, object, RegExp]>([
		['no address', { url: undefined }, /link is missing/],
		['no real address', { url: 'storage' }, /link is not an address/],
		['a file', { url: 'file:///etc/passwd' }, /not an http address/],
		['a form', { method: 'POST' }, /for POST, not for PUT/],
		['one that has expired', { expired: true }, /expired already/],
		[
			'one that expired by its date',
			{ expires_at: '2020-01-01T00:00:00' },
			/time for its upload is over/,
		],
	])('are not used: %s', async (_, more, message) => {
		answering([link('nota.pdf', 'application/pdf', more)]);
		const { error } = await world.run(messageForm(attached('data')));
		expect(error!.message).toMatch(message);
		expect(puts()).toEqual([]);
	});

	it('are taken by position and type where Magalu wrote the names otherwise', async () => {
		answering([link('IMG', 'image/png'), link(undefined, 'application/pdf')]);
		world.simulator.faults.push({ operation: 'gcs.put', kind: 'status', status: 200, times: 2 });
		const { items } = await world.run(
			messageForm({ ...attached('data', 'photo'), options: { waitForCompletion: false } }),
		);
		expect(items[0]!.json.attachments).toMatchObject([
			{ id: 'id of undefined', fileName: 'nota.pdf' },
			{ id: 'id of IMG', fileName: 'foto.png' },
		]);
	});

	it('give their own content type where Magalu names one', async () => {
		const headers = {
			'Content-Type': 'image/x-png',
			'Content-Length': '5242880',
			Host: 'evil.example',
		};
		answering([link('foto.png', 'image/png', { headers })]);
		world.simulator.faults.push({ operation: 'gcs.put', kind: 'status', status: 200 });
		await world.run(messageForm({ ...attached('photo'), options: { waitForCompletion: false } }));
		expect(puts()[0]!.headers).toMatchObject({
			'content-type': 'image/x-png',
			'content-length': '9',
			host: new URL(world.simulator.origin).host,
		});
	});
});
