import { MarketplaceError } from '../../shared/outcome';
import type { HttpResponse } from '../../shared/http/service';
import { recordsOf, textOf, type Json } from '../../shared/values';
import type { Connection } from './connection';
import { scopes } from './login';
import { supportReads } from './limits';
import { getMessage, messagesPath } from './messages';

/** Files that came with a message. */

/** A file of a message. */
export interface Download {
	bytes: Buffer;
	/** As its sender called it. */
	fileName: string;
	mimeType: string;
}

/**
 * Downloads a file. The specification has it by its name in the storage, the guide by its id: what is not
 * found by the one is asked for by the other, as its message tells them.
 *
 * @param named its id or one of its names
 * @throws MarketplaceError, always `notSent`
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/get_message_attachment.en
 */
export async function downloadAttachment(
	connection: Connection,
	ticketId: string,
	messageId: string,
	named: string,
): Promise<Download> {
	const file = await entryOf(connection, ticketId, messageId, named);
	const known = [textOf(file.file_name), textOf(file.id)].filter((name) => name !== undefined);
	const names = [...new Set([...known, named])];
	const folder = `${messagesPath(ticketId)}/${encodeURIComponent(messageId)}/attachments`;
	const answer = await firstFound(connection, folder, names);
	const told = answer.headers['content-type']?.split(';')[0]?.trim();
	return {
		bytes: answer.bytes,
		fileName: textOf(file.provided_file_name) ?? textOf(file.file_name) ?? named,
		mimeType: told || (textOf(file.file_type) ?? 'application/octet-stream'),
	};
}

/** The file's entry in its message; an empty one where the message cannot be read, or does not name it. */
async function entryOf(
	connection: Connection,
	ticketId: string,
	messageId: string,
	named: string,
): Promise<Json> {
	const message = await getMessage(connection, ticketId, messageId).catch(orNothing);
	const files = recordsOf(message.attachments);
	const isNamed = (value: unknown) => textOf(value) === named;
	return (
		files.find(({ id, file_name }) => isNamed(id) || isNamed(file_name)) ??
		files.find(({ provided_file_name }) => isNamed(provided_file_name)) ??
		{}
	);
}

function orNothing(error: unknown): Json {
	if (error instanceof MarketplaceError) return {};
	throw error;
}

async function firstFound(
	connection: Connection,
	folder: string,
	[name, ...others]: string[],
): Promise<HttpResponse> {
	const asked = connection.call({
		policy: 'read',
		method: 'GET',
		path: `${folder}/${encodeURIComponent(name ?? '')}`,
		scope: scopes.readMessages,
		plan: supportReads,
		answer: 'bytes',
	});
	return await asked.catch(async (error: unknown) => {
		const { httpStatus } = error instanceof MarketplaceError ? error.details : {};
		// 422: the name is no id.
		const isUnknown = httpStatus === 404 || httpStatus === 422;
		if (!isUnknown || others.length === 0) throw error;
		return await firstFound(connection, folder, others);
	});
}
