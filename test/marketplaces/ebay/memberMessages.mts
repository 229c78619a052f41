import { own } from './errors.mts';
import type { Job, Outcome } from './job.mts';
import { picturesOf } from './pictures.mts';
import { findItem, nextId, sameUser } from './state.mts';
import type { EbayState, Question } from './state.mts';
import { child, tag, textAt, wrap } from './xml.mts';
import type { Element } from './xml.mts';

/** Order partners may write to each other until then. */
const partnerMs = 90 * 86_400_000;

/** AddMemberMessageAAQToPartner. */
export function messagePartner(job: Job): Outcome {
	const { state, request, seller, now } = job;
	const itemId = textAt(request, 'ItemID') ?? '';
	const message = child(request, 'MemberMessage') as Element;
	const recipient = textAt(message, 'RecipientID') ?? '';
	const text = textAt(message, 'Body') ?? '';
	const blank = ['Subject', 'Body'].find((name) => textAt(message, name)?.trim() === '');
	if (blank) return failed('37', `Input data for tag <${blank}> is missing.`);

	if (!findItem(state, itemId)) return failed('17');
	const partners = state.orders.some(
		(order) =>
			sameUser(order.seller, seller) &&
			sameUser(order.buyer, recipient) &&
			order.lineItems.some((line) => line.itemId === itemId) &&
			now - order.createdAt <= partnerMs,
	);
	if (!partners) return failed(own.partner);

	const attachments = picturesOf(job, message);
	if (!Array.isArray(attachments)) return { errors: [attachments] };

	const counter = `${itemId} ${recipient.toLowerCase()}`;
	const sent = (state.sent.get(counter) ?? 0) + 1;
	if (state.volumeCap !== undefined && sent > state.volumeCap) return failed('20957');
	state.sent.set(counter, sent);

	const subject = textAt(message, 'Subject') ?? '';
	const media = attachments.map(({ fileName }) => fileName);
	const messageId = nextId(state);
	state.sentMessages.push({ messageId, seller, recipient, itemId, subject, text, media, at: now });
	job.context.deliver({
		marketplace: 'ebay',
		type: 'AddMemberMessageAAQToPartner',
		reference: itemId,
		recipient,
		subject,
		text,
		attachments,
		fields: {
			seller,
			questionType: textAt(message, 'QuestionType')?.trim(),
			emailCopyToSender: flag(message, 'EmailCopyToSender'),
			messageId: textAt(request, 'MessageID'),
			mediaUrls: mediaUrls(message),
		},
		at: now,
	});
	return { payload: [] };
}

/** AddMemberMessageRTQ: the parent must come from GetMemberMessages, the listing must be active. */
export function answerQuestion(job: Job): Outcome {
	const { state, request, seller, now } = job;
	const itemId = textAt(request, 'ItemID');
	const message = child(request, 'MemberMessage') as Element;
	const recipient = textAt(message, 'RecipientID');
	const parent = textAt(message, 'ParentMessageID');
	const text = textAt(message, 'Body') ?? '';
	if (text.trim() === '') return failed('37', 'Input data for tag <Body> is missing.');

	if (itemId !== undefined && !findItem(state, itemId)) return failed('17');
	const question = state.questions.find(
		({ messageId, recipient: asked }) => messageId === parent && sameUser(asked, seller),
	);
	if (!question || (itemId !== undefined && question.itemId !== itemId)) {
		return failed(own.parentMessage);
	}
	if (!findItem(state, question.itemId)?.active) return failed('17');
	if (recipient !== undefined && !sameUser(recipient, question.sender)) return failed(own.partner);

	const attachments = picturesOf(job, message);
	if (!Array.isArray(attachments)) return { errors: [attachments] };

	question.replies.push(text);
	question.modifiedAt = now;
	question.displayToPublic = flag(message, 'DisplayToPublic') ?? question.displayToPublic;
	state.sentMessages.push({
		messageId: nextId(state),
		seller,
		recipient: question.sender,
		itemId: question.itemId,
		subject: `Re: ${question.subject}`,
		text,
		media: attachments.map(({ fileName }) => fileName),
		at: now,
	});
	job.context.deliver({
		marketplace: 'ebay',
		type: 'AddMemberMessageRTQ',
		reference: question.itemId,
		recipient: question.sender,
		text,
		attachments,
		fields: {
			seller,
			parentMessageId: parent,
			displayToPublic: flag(message, 'DisplayToPublic'),
			emailCopyToSender: flag(message, 'EmailCopyToSender'),
			messageId: textAt(request, 'MessageID'),
			mediaUrls: mediaUrls(message),
		},
		at: now,
	});
	return { payload: [] };
}

/** GetMemberMessages: by item or by both creation times, newest first; of active listings only. */
export function getMemberMessages({ state, request, seller, now }: Job): Outcome {
	const itemId = textAt(request, 'ItemID');
	const from = textAt(request, 'StartCreationTime');
	const to = textAt(request, 'EndCreationTime');
	if ((from === undefined) !== (to === undefined)) {
		return failed('37', 'StartCreationTime and EndCreationTime go together.');
	}
	if (itemId === undefined && from === undefined && !textAt(request, 'MemberMessageID')) {
		return failed('37', 'ItemID, MemberMessageID or a range of creation times is required.');
	}
	if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
		return failed('37', 'StartCreationTime is not before EndCreationTime.');
	}
	if (itemId !== undefined && !findItem(state, itemId)) return failed('17');

	const wanted = state.questions
		.filter((question) => sameUser(question.recipient, seller))
		.filter((question) => (question.indexedAt ?? 0) <= now && question.createdAt <= now)
		.filter((question) => findItem(state, question.itemId)?.active)
		.filter(askedBy(request))
		.sort((one, other) => other.createdAt - one.createdAt);
	const perPage =
		state.rowsPerPage ?? Number(textAt(request, 'Pagination', 'EntriesPerPage') ?? 25);
	const page = Number(textAt(request, 'Pagination', 'PageNumber') ?? 1);
	const shown = wanted.slice((page - 1) * perPage, page * perPage);
	if (shown.length > (state.heaviestPage ?? Infinity)) return failed('219255');
	return {
		payload: [
			wrap(
				'MemberMessage',
				shown.map((question) => exchangeXml(question, state)),
			),
			wrap('PaginationResult', [
				tag('TotalNumberOfPages', Math.ceil(wanted.length / perPage)),
				tag('TotalNumberOfEntries', wanted.length),
			]),
			tag('HasMoreItems', page * perPage < wanted.length),
		],
	};
}

/** Adds a question as if a member had just asked it; what is left out gets a sensible value. */
export function newQuestion(
	now: number,
	id: string,
	question: Partial<Question> & { itemId: string },
): Question {
	const createdAt = question.createdAt ?? now;
	return {
		messageId: id,
		sender: 'shopper_one',
		recipient: 'demo_seller',
		subject: 'A question about your listing',
		body: 'Is this still available?',
		type: 'AskSellerQuestion',
		modifiedAt: createdAt,
		replies: [],
		displayToPublic: false,
		...question,
		createdAt,
	};
}

function askedBy(request: Element): (question: Question) => boolean {
	const type = textAt(request, 'MailMessageType')?.trim();
	const status = textAt(request, 'MessageStatus')?.trim();
	const itemId = textAt(request, 'ItemID');
	const time = (name: string, none: number) => {
		const text = textAt(request, name);
		return text === undefined ? none : Date.parse(text);
	};
	const from = time('StartCreationTime', -Infinity);
	const to = time('EndCreationTime', Infinity);
	const id = textAt(request, 'MemberMessageID');
	const sender = textAt(request, 'SenderID');
	const isPublic = flag(request, 'DisplayToPublic');
	return (question) =>
		(type === 'All' || type === question.type) &&
		(status === undefined || status === statusOf(question)) &&
		(itemId === undefined || itemId === question.itemId) &&
		question.createdAt >= from &&
		question.createdAt <= to &&
		(id === undefined || id === question.messageId) &&
		(sender === undefined || sameUser(sender, question.sender)) &&
		(isPublic === undefined || isPublic === question.displayToPublic);
}

function exchangeXml(question: Question, state: EbayState): string {
	const title = findItem(state, question.itemId)?.title ?? '';
	return wrap('MemberMessageExchange', [
		wrap('Item', [tag('ItemID', question.itemId), tag('Title', title)]),
		wrap('Question', [
			tag('MessageType', question.type),
			tag('QuestionType', 'General'),
			tag('DisplayToPublic', question.displayToPublic),
			tag('SenderID', question.sender),
			tag('SenderEmail', `${question.sender}@members.example.com`),
			tag('RecipientID', question.recipient),
			tag('Subject', question.subject),
			tag('Body', question.body + 'x'.repeat(state.rowBytes)),
			tag('MessageID', question.messageId || undefined),
		]),
		...question.replies.map((reply) => tag('Response', reply)),
		tag('MessageStatus', statusOf(question)),
		tag('CreationDate', new Date(question.createdAt).toISOString()),
		tag('LastModifiedDate', new Date(question.modifiedAt).toISOString()),
	]);
}

function statusOf(question: Question): string {
	return question.replies.length > 0 ? 'Answered' : 'Unanswered';
}

function mediaUrls(message: Element): string[] {
	return message.children
		.filter(({ name }) => name === 'MessageMedia')
		.map((media) => (textAt(media, 'MediaURL') ?? '').trim());
}

function flag(element: Element, name: string): boolean | undefined {
	const text = textAt(element, name)?.trim();
	return text === undefined ? undefined : text === 'true' || text === '1';
}

function failed(code: string, long?: string): Outcome {
	return { errors: [{ code, long }] };
}
