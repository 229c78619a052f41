import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import {
	attached,
	BUYER,
	ebayMemberMessage,
	ebaySecrets,
	ITEM,
	messageForm,
	pngBytes,
} from '../engine/ebay.mts';
import { fileOf } from '../engine/engine.mts';
import type { SendPath, Street } from './streets.mts';

const scratch = Buffer.concat([pngBytes, Buffer.from('a scratch')]);
const label = Buffer.concat([pngBytes, Buffer.from('a label')]);

/** The two pictures that go with every message of the matrix. */
const withPictures: Pick<SendPath, 'connect' | 'items' | 'files'> = {
	connect: ebayMemberMessage,
	items: [
		{
			json: {},
			binary: {
				scratch: fileOf(scratch, 'scratch.png', 'image/png'),
				label: fileOf(label, 'label.png', 'image/png'),
			},
		},
	],
	files: { 'scratch.png': scratch, 'label.png': label },
};
const attachments = attached('scratch', 'label');
const NAMES = Object.keys(withPictures.files);

function twinInFolder(of: { recipient: string; itemId: string; text: string }): SendPath['twin'] {
	return ({ clock, ebay }, ageMs) =>
		void ebay.state.sentMessages.push({
			...{ ...of, messageId: '4711', seller: 'demo_seller', subject: '' },
			...{ media: NAMES, at: clock.now() - ageMs },
		});
}

export const ebayStreet: Street = {
	title: 'eBay',
	paths: [
		{
			...withPictures,
			name: 'message to the buyer of an order, with two pictures',
			parameters: messageForm(attachments),
			doubtful: ['ebay.AddMemberMessageAAQToPartner'],
			twin: twinInFolder({ recipient: BUYER, itemId: ITEM, text: 'Thanks & regards' }),
		},
		{
			...withPictures,
			name: 'answer to a question, with two pictures',
			parameters: {
				resource: 'question',
				operation: 'reply',
				parentMessageId: '700000001',
				recipientId: 'shopper_one',
				itemId: '110000000009',
				body: 'Two days, and the screws come with it.',
				displayToPublic: false,
				...attachments,
			},
			doubtful: ['ebay.AddMemberMessageRTQ'],
			twin: twinInFolder({
				recipient: 'shopper_one',
				itemId: '110000000009',
				text: 'Two days, and the screws come with it.',
			}),
		},
		{
			...withPictures,
			name: 'message in a conversation, with two pictures',
			parameters: {
				resource: 'conversation',
				operation: 'send',
				conversationId: '800000000001',
				recipientId: '',
				itemId: '',
				text: 'It is on its way.',
				...attachments,
			},
			doubtful: ['ebay.sendMessage'],
			twin({ clock, ebay }, ageMs) {
				const { messages, seller, otherParty } = ebay.state.conversations.find(
					({ conversationId }) => conversationId === '800000000001',
				)!;
				messages.push({
					...{ messageId: '4711', sender: seller, recipient: otherParty, read: true },
					...{ subject: '', body: 'It is on its way.', createdAt: clock.now() - ageMs },
					media: NAMES.map((mediaName) => ({ mediaName, mediaType: 'IMAGE', mediaUrl: '' })),
				});
			},
		},
	],
	tokenOperations: ['ebay.token'],
	refusal: (status, operation) =>
		operation.startsWith('ebay.AddMember')
			? { headers: { 'content-type': 'text/html' }, body: `<html>Error ${status}</html>` }
			: { body: { errors: [{ errorId: status, domain: 'API', message: 'No, said eBay.' }] } },
	endTokens: ({ ebay }) => ebay.expireAccessTokens(),
	secrets: ebaySecrets,
	many: {
		connect: ebayMemberMessage,
		parameters: messageForm({
			body: '={{ $json.text }}',
			...attached('={{ $json.file }}'),
		}) satisfies INodeParameters,
		prepare({ ebay }) {
			ebay.state.messageLimit.plan = { calls: 100_000, windowMs: 1000, blockMs: 1000 };
			ebay.state.imageLimit.plan = { calls: 100_000, windowMs: 1000, blockMs: 1000 };
			ebay.addOrder({ buyer: BUYER });
		},
		itemOf: ({ text, file }): INodeExecutionData => ({
			json: { text, itemId: ITEM, file: file ? 'data' : '' },
			...(file ? { binary: { data: file } } : {}),
		}),
		onlyPictures: true,
	},
};
