import type { Job, Outcome } from './job.mts';
import { sameUser, type SentMessage } from './state.mts';
import { child, tag, textAt, wrap } from './xml.mts';

/** Folders that everybody has: the sender's own is the second. */
const SENT = '1';
const folders = ['0', SENT];
const MOST_IDS = 10;
const yearMs = 365 * 86_400_000;

/**
 * GetMyMessages, of the folder of sent messages: the inbox of the simulator is empty. Headers by folder and
 * time, texts by the IDs of messages.
 * @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetMyMessages.html
 */
export function getMyMessages({ state, request, seller, now }: Job): Outcome {
	const level = textAt(request, 'DetailLevel')?.trim();
	const folder = textAt(request, 'FolderID')?.trim();
	const from = Date.parse(textAt(request, 'StartTime') ?? '');
	const to = Date.parse(textAt(request, 'EndTime') ?? '');
	const ids = child(request, 'MessageIDs')?.children.map(({ text }) => text.trim());
	if (level === undefined) return failed('A detail level is required.');
	if (folder !== undefined && !folders.includes(folder)) return failed('There is no such folder.');
	if (ids && ids.length > MOST_IDS) return failed('At most 10 message IDs are allowed.');
	if (level === 'ReturnMessages' && !ids) return failed('MessageIDs are required for the texts.');
	if (from >= to) return failed('StartTime is not before EndTime.');

	const shown = state.sentMessages
		.filter((one) => sameUser(one.seller, seller) && folder !== '0')
		.filter(({ at }) => at + state.sentShowsAfterMs <= now && now - at <= yearMs)
		.filter(({ messageId }) => !ids || ids.includes(messageId))
		.filter(({ at }) => !(at < from) && !(at > to))
		.sort((one, other) => other.at - one.at);
	return {
		payload: [
			wrap(
				'Messages',
				shown.map((one) => messageXml(one, level)),
			),
		],
	};
}

function messageXml(message: SentMessage, level: string): string {
	const { messageId, seller, recipient, itemId, subject, text, media, at } = message;
	const whole = level === 'ReturnMessages';
	return wrap('Message', [
		tag('Sender', seller),
		tag('RecipientUserID', recipient),
		tag('SendToName', recipient),
		tag('Subject', subject),
		tag('MessageID', messageId),
		tag('Text', whole ? `<html><body><p>Dear ${recipient},</p><p>…</p></body></html>` : undefined),
		tag('Flagged', false),
		tag('Read', true),
		tag('ReceiveDate', new Date(at).toISOString()),
		tag('ExpirationDate', new Date(at + yearMs).toISOString()),
		tag('ItemID', itemId),
		wrap('Folder', [tag('FolderID', SENT)]),
		tag('Content', whole ? text : undefined),
		...(whole ? media : []).map((name) => wrap('MessageMedia', [tag('MediaName', name)])),
	]);
}

function failed(long: string): Outcome {
	return { errors: [{ code: '37', long }] };
}
