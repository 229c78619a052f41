import assert from 'node:assert/strict';

import type { INodeParameters } from 'n8n-workflow';

import { checks, eventsIn, operationsIn, type Case, type Sensed, type Street } from './case.mts';
import { MagaluOAuth2Api } from '../../../credentials/MagaluOAuth2Api.credentials.ts';
import {
	attachmentLimits,
	destinations,
	sellerTicketReasons,
	sellerTicketTypes,
	TEXT_MAX,
} from '../../../nodes/Magalu/api/limits.ts';
import { MagaluTicketMessage } from '../../../nodes/Magalu/MagaluTicketMessage.node.ts';
import { MagaluTicketTrigger } from '../../../nodes/Magalu/MagaluTicketTrigger.node.ts';
import {
	attached,
	itemWithFiles,
	magaluCredential,
	magaluTicketMessage,
	messageForm,
	TICKET,
} from '../../engine/magalu.mts';
import type { Simulator } from '../../marketplaces/simulator.mts';
import type { Tree } from '../documents.mts';
import type { Adapt } from '../mocks.mts';

const MESSAGES = 'GET /seller/v0/tickets/{ticket_id}/messages';
const TICKETS = 'GET /seller/v0/tickets';
const TRANSACTION = 'GET /seller/v0/transactions/{transaction_id}';

/** The example knows nothing of the files that were announced, and its transaction never ends. */
const fitting: Adapt = (operation, body, { requestBody }) => {
	if (operation.endsWith(TRANSACTION)) {
		Object.assign(body, { status: 'completed', events: [] });
	}
	if (!operation.endsWith('POST /seller/v0/tickets/{ticket_id}/messages')) return;
	const { attachments } = JSON.parse(requestBody) as Tree;
	if (!attachments) return;
	Object.assign(body, { data: { attachments: attachments.map(linkFor) } });
};

function linkFor(announced: Tree): object {
	const { file_name, file_extension, file_type } = announced;
	return {
		id: String(file_name),
		file_name,
		file_extension,
		file_type,
		file_path: String(file_name),
		provided_file_name: file_name,
		signed_link: {
			url: 'https://storage.example/file?X-Goog-Expires=3600',
			method: 'PUT',
			content_type: file_type,
			headers: { 'Content-Type': file_type },
			expires_at: new Date(Date.now() + 3_600_000).toISOString(),
			max_size: attachmentLimits.maxFileSize,
			expired: false,
		},
	};
}

/** One page, as long as it was asked for: the example is one of one row, and names a next one for ever. */
const lastPage: Adapt = (_operation, { meta }, { rawUrl }) => {
	const limit = Number(/_limit=(\d+)/.exec(rawUrl)?.[1] ?? 50);
	if (meta?.links) Object.assign(meta.links, { next: null });
	if (meta?.page) Object.assign(meta.page, { limit, max_limit: 100, count: 1 });
};

function send(variant: string, more: Record<string, unknown>, status = 'sent'): Case {
	return {
		operation: 'message.send',
		variant,
		parameters: messageForm(more as never),
		items: [itemWithFiles],
		adapt: fitting,
		sense({ error, items }) {
			assert.equal(error, undefined);
			assert.equal(items[0].json.status, status);
		},
	};
}

/** The example's transaction is of anything and never ends; the order is the simulator's. */
const opening: Adapt = (operation, body, asked) => {
	lastPage(operation, body, asked);
	if (!operation.endsWith(TRANSACTION)) return;
	Object.assign(body, { status: 'completed', content_type: 'ticket', content_id: TICKET });
};

function open(variant: string, more: INodeParameters, status = 'sent'): Case {
	const form = { resource: 'ticket', operation: 'create', orderId: '1470000000000002' };
	return {
		operation: 'ticket.create',
		variant,
		parameters: { ...form, ...more },
		adapt: opening,
		sense({ error, items }) {
			assert.equal(error, undefined);
			assert.equal(items[0].json.status, status);
			assert.equal(items[0].json.ticketId, status === 'sent' ? TICKET : null);
		},
	};
}

function listed(path: string): Case['sense'] {
	return ({ error, items }, answers) => {
		assert.equal(error, undefined);
		const ids = answers.to(path).flatMap(({ results }) => results.map(({ id }) => id));
		assert.ok(ids.length > 0);
		assert.equal(items.length, 1);
		assert.ok(JSON.stringify(items[0].json).includes(JSON.stringify(ids[0])));
	};
}

const read = { options: {} };
const every = '2026-01-01T00:00:00';

let stores = 0;

/** Each with limits of its own. */
const ofOneStore = (simulator: Simulator) => ({
	...magaluCredential(simulator),
	clientId: `store-${++stores}`,
});

export const magalu: Street = {
	title: 'Magalu Ticket Message',
	node: (simulator) => ({
		...magaluTicketMessage(simulator),
		credentials: { magaluOAuth2Api: ofOneStore(simulator) },
	}),
	// Of orders there is no specification to hold them against.
	operations: operationsIn(new MagaluTicketMessage()).filter((name) => !name.startsWith('order.')),
	cases: [
		...destinations.map(({ value }) => send(`to ${value}`, { destination: value })),
		send('longest', { text: 'x'.repeat(TEXT_MAX), code: 'erp-1001' }),
		send('two files', attached('data', 'photo')),
		send(
			'most files',
			attached(...Array.from({ length: attachmentLimits.maxFiles }, () => 'data')),
		),
		send('not waited for', { options: { waitForCompletion: false } }, 'accepted'),
		{
			operation: 'message.getMany',
			parameters: { resource: 'message', operation: 'getMany', ticketId: TICKET, ...read },
			adapt: lastPage,
			sense: listed(MESSAGES),
		},
		{
			operation: 'message.getMany',
			variant: 'five',
			parameters: { resource: 'message', operation: 'getMany', ticketId: TICKET, limit: 5 },
			adapt: lastPage,
			sense: listed(MESSAGES),
		},
		{
			operation: 'message.downloadAttachment',
			parameters: {
				resource: 'message',
				operation: 'downloadAttachment',
				ticketId: TICKET,
				messageId: 'fb3d0cae-ef77-49ac-9516-21b764e7dc36',
				attachmentId: 'string',
			},
			sense({ error, items }) {
				assert.equal(error, undefined);
				assert.ok(items[0].binary);
			},
		},
		...sellerTicketTypes.map(({ value }) => open(value, { type: value })),
		...sellerTicketReasons.map(({ value }) => open(value, { reason: value })),
		open('without a reason', { reason: 'none' }),
		open('not waited for', { options: { waitForCompletion: false } }, 'accepted'),
		{
			operation: 'ticket.get',
			parameters: { resource: 'ticket', operation: 'get', ticketId: TICKET },
			sense({ error, items }, answers) {
				assert.equal(error, undefined);
				const [{ protocol }] = answers.to('GET /seller/v0/tickets/{ticket_id}');
				assert.equal(items[0].json.protocol, protocol);
			},
		},
		...[
			{},
			{ createdAfter: every, dueBefore: every, orderCode: '1470000000000001' },
			{ updatedAfter: every, updatedBefore: '2026-06-01', status: 'waiting_seller', protocol: '1' },
			{ dueAfter: every, type: 'shipping', reason: 'shipping_delay', code: 'erp-1001' },
		].map((filters) => ({
			operation: 'ticket.getMany',
			variant: Object.keys(filters).join(', ') || 'all',
			parameters: { resource: 'ticket', operation: 'getMany', filters },
			adapt: lastPage,
			sense: listed(TICKETS),
		})),
		{
			operation: 'ticket.getMany',
			variant: 'by due date',
			parameters: {
				...{ resource: 'ticket', operation: 'getMany', limit: 1 },
				options: { sort: 'dueDate' },
			},
			adapt: lastPage,
			sense: listed(TICKETS),
		},
		checks([TICKETS, MESSAGES, TRANSACTION], lastPage),
		{
			operation: 'transaction.get',
			parameters: {
				resource: 'transaction',
				operation: 'get',
				transactionId: '0fec1e58-b197-4052-99cf-2218496c5482',
			},
			sense({ error, items }: Sensed, answers) {
				assert.equal(error, undefined);
				assert.equal(items[0].json.status, answers.to(TRANSACTION)[0].status);
			},
		},
	],
};

const SENDERS: Record<string, string> = { mediationMessage: 'channel' };
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();

export const magaluTrigger: Street = {
	title: 'Magalu Ticket Trigger',
	node: (simulator) => ({
		node: new MagaluTicketTrigger(),
		credentialTypes: [new MagaluOAuth2Api()],
		credentials: { magaluOAuth2Api: ofOneStore(simulator) },
	}),
	operations: eventsIn(new MagaluTicketTrigger()),
	cases: eventsIn(new MagaluTicketTrigger()).map((event) => ({
		operation: event,
		parameters: { event, filters: {} },
		adapt: (operation, body, asked) => {
			lastPage(operation, body, asked);
			// The example's sender is none of the three that the document allows.
			for (const { sender } of body.results ?? []) {
				if (sender) Object.assign(sender, { type: SENDERS[event] ?? 'customer' });
			}
			for (const ticket of body.results ?? []) {
				if ('due_date' in ticket) Object.assign(ticket, { due_date: IN_AN_HOUR });
			}
		},
		sense: ({ items }, answers) => {
			const ids = answers.to(TICKETS).flatMap(({ results }) => results.map(({ id }) => id));
			assert.ok(items.length > 0);
			assert.ok(items.some(({ json }) => JSON.stringify(json).includes(String(ids[0]))));
		},
	})),
};
