import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';

import type { Answer, Exchange } from '../service.mts';
import { platformError, type Problem, unprocessable } from './answers.mts';
import { inBody, isObject, jsonIn, notIn, wrongFields } from './bodies.mts';
import { naiveDate } from './dates.mts';
import {
	destinations,
	fileExtensions,
	fileTypes,
	lengthRange,
	maxFileSize,
	maxMessageLength,
} from './limits.mts';
import {
	type PostedFile,
	seller,
	type Ticket,
	type MessageTransaction,
	type World,
} from './state.mts';
import { signedLink } from './storage.mts';
import { note, settle, settleLater } from './transactions.mts';

/** `POST …/messages`: takes the message, answers 202 with its transaction and the links for its files. */
export function postMessage(world: World, exchange: Exchange, ticket: Ticket): Answer {
	const read = jsonIn(exchange);
	if ('refusal' in read) return read.refusal;
	const { content } = read;
	const problems = wrongInMessage(content, world.state.settings.maxAttachments);
	if (problems.length > 0) return unprocessable(problems);
	if (ticket.status === 'closed') {
		return platformError(400, `Ticket '${ticket.id}' is closed.`);
	}

	const transaction = open(world, ticket, content as MessageBody);
	settle(world);
	settleLater(world);
	return { status: 202, body: accepted(world, ticket, transaction) };
}

interface MessageBody {
	code?: string | null;
	message: string;
	owner: { code: string; name: string };
	destination: string;
	attachments?: Array<{ file_name: string; file_extension: string; file_type: string }> | null;
}

function wrongInMessage(content: unknown, maxAttachments: number): Problem[] {
	if (!isObject(content)) return [inBody([], 'value is not a valid dict', 'type_error.dict')];
	const problems = [
		...wrongFields(content, [], ['message', 'destination'], ['code', 'owner', 'attachments']),
	];
	const { code, message, destination, owner, attachments } = content;
	if (code !== undefined && code !== null && typeof code !== 'string') {
		problems.push(inBody(['code'], 'str type expected', 'type_error.str'));
	}
	if (typeof message === 'string' && [...message].length > maxMessageLength) {
		const most = `ensure this value has at most ${maxMessageLength} characters`;
		problems.push(inBody(['message'], most, 'value_error.any_str.max_length'));
	}
	if (typeof destination === 'string' && !destinations.includes(destination)) {
		problems.push(inBody(['destination'], notIn(destinations), 'type_error.enum'));
	}
	if (owner === undefined)
		problems.push(inBody(['owner'], 'field required', 'value_error.missing'));
	else if (isObject(owner)) problems.push(...wrongFields(owner, ['owner'], ['code', 'name'], []));
	else problems.push(inBody(['owner'], 'value is not a valid dict', 'type_error.dict'));

	if (attachments === undefined || attachments === null) return problems;
	if (!Array.isArray(attachments)) {
		return [...problems, inBody(['attachments'], 'value is not a valid list', 'type_error.list')];
	}
	if (attachments.length === 0) {
		const least = 'ensure this value has at least 1 items';
		problems.push(inBody(['attachments'], least, 'value_error.list.min_items'));
	}
	if (attachments.length > maxAttachments) {
		const most = `ensure this value has at most ${maxAttachments} items`;
		problems.push(inBody(['attachments'], most, 'value_error.list.max_items'));
	}
	return [...problems, ...attachments.flatMap(wrongInAttachment)];
}

function wrongInAttachment(file: unknown, index: number): Problem[] {
	const way = ['attachments', index];
	if (!isObject(file)) return [inBody(way, 'value is not a valid dict', 'type_error.dict')];
	const problems = wrongFields(file, way, ['file_name', 'file_extension', 'file_type'], []);
	if (problems.length > 0) return problems;

	const name = String(file['file_name']);
	const extension = String(file['file_extension']);
	const type = String(file['file_type']);
	const allowed = fileTypes[type];
	if (!allowed) {
		return [inBody([...way, 'file_type'], notIn(Object.keys(fileTypes)), 'type_error.enum')];
	}
	if (!fileExtensions.includes(extension)) {
		return [inBody([...way, 'file_extension'], notIn(fileExtensions), 'type_error.enum')];
	}
	// Not in the specification, but nobody could open what contradicts itself.
	if (!allowed.includes(extension)) {
		const message = `extension does not belong to ${type}`;
		return [inBody([...way, 'file_extension'], message, 'value_error')];
	}
	if (extname(name).toLowerCase() !== `.${extension}`) {
		return [inBody([...way, 'file_name'], 'name does not end with file_extension', 'value_error')];
	}
	return [];
}

function open(world: World, ticket: Ticket, body: MessageBody): MessageTransaction {
	const { context, state } = world;
	const id = randomUUID();
	const now = context.clock.now();
	const { signedContentType } = state.settings;
	const attachments: PostedFile[] = (body.attachments ?? []).map((file) => {
		const fileId = randomUUID();
		return {
			id: fileId,
			fileName: file.file_name,
			fileExtension: file.file_extension,
			fileType: file.file_type,
			filePath: `${id}/${fileId}.${file.file_extension}`,
			signedContentType: signedContentType === 'declared' ? file.file_type : signedContentType,
		};
	});
	const { code = null, message, owner, destination } = body;
	const transaction: MessageTransaction = {
		id,
		message: { ticketId: ticket.id, code, message, owner, destination, attachments },
		status: 'pending',
		createdAt: now,
		updatedAt: now,
		createdBy: seller.id,
		events: [],
	};
	note(transaction, 'info', 'Message received', now);
	if (attachments.length > 0) note(transaction, 'delay', 'Waiting for attachments', now);
	state.transactions.push(transaction);
	state.openTransactions.add(transaction);
	for (const file of attachments) state.files.set(file.filePath, { transaction, file });
	return transaction;
}

function accepted(world: World, ticket: Ticket, transaction: MessageTransaction): object {
	const { settings } = world.state;
	const { message } = transaction;
	const attachments = message.attachments.map((file) => ({
		id: file.id,
		file_name: `${file.id}.${file.fileExtension}`,
		provided_file_name: file.fileName,
		file_extension: file.fileExtension,
		file_type: file.fileType,
		file_path: file.filePath,
		signed_link: {
			url: signedLink(world, file),
			...(settings.linksNameContentType ? { content_type: file.signedContentType } : {}),
			method: 'PUT',
			expires_at: naiveDate(transaction.createdAt + settings.linkLifetime * 1000),
			max_size: maxFileSize,
			expired: false,
			headers: {
				'Content-Length': String(maxFileSize),
				'x-goog-content-length-range': lengthRange,
			},
		},
	}));
	if (settings.linksReversed) attachments.reverse();
	const data = {
		message: message.message,
		code: message.code,
		ticket: { id: ticket.id, code: ticket.code, type: ticket.type },
		destination: message.destination,
		attachments,
		created_by: transaction.createdBy,
	};
	return {
		transaction_id: transaction.id,
		data: settings.nullDataWithoutFiles && attachments.length === 0 ? null : data,
		links: [{ path: `/seller/v0/transactions/${transaction.id}` }],
	};
}
