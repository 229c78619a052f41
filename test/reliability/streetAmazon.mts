import { amazonMessaging, amazonSecrets, attached, messageForm, US } from '../engine/amazon.mts';
import { fileOf } from '../engine/engine.mts';
import type { Numbered, Street } from './streets.mts';

const letter = Buffer.from('%PDF-1.4 two years of warranty');
const photo = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

export const amazonStreet: Street = {
	title: 'Amazon',
	paths: [
		{
			name: 'message with two attachments',
			connect: amazonMessaging,
			parameters: messageForm('111-1111111-1111111', 'confirmCustomizationDetails', {
				text: 'Which name shall we engrave?',
				...attached('letter', 'photo'),
			}),
			items: [
				{
					json: {},
					binary: {
						letter: fileOf(letter, 'letter.pdf', 'application/pdf'),
						photo: fileOf(photo, 'photo.png', 'image/png'),
					},
				},
			],
			files: { 'letter.pdf': letter, 'photo.png': photo },
			doubtful: ['amazon.send'],
		},
		{
			name: 'review request',
			connect: amazonMessaging,
			parameters: {
				resource: 'reviewRequest',
				operation: 'send',
				marketplaceId: US,
				orderId: '111-4444444-4444444',
			},
			items: [{ json: {} }],
			files: {},
			doubtful: ['amazon.solicit'],
		},
	],
	tokenOperations: ['lwa.token'],
	storage: {
		operations: ['s3.put'],
		digestRefused: {
			status: 400,
			body: '<Error><Code>BadDigest</Code><Message>The Content-MD5 you specified did not match what we received.</Message></Error>',
		},
	},
	refusal: (status) => ({
		body: {
			errors: [{ code: `Code${status}`, message: 'No, said the marketplace.', details: '' }],
		},
	}),
	endTokens: ({ amazon }) => amazon.state.tokens.clear(),
	secrets: amazonSecrets,
	many: {
		connect: amazonMessaging,
		parameters: messageForm('={{ $json.orderId }}', 'confirmCustomizationDetails', {
			text: '={{ $json.text }}',
			...attached('={{ $json.file }}'),
		}),
		prepare({ amazon, clock }, messages) {
			amazon.state.plans.set('*', { rate: 100_000, burst: 100_000 });
			const now = new Date(clock.now()).toISOString();
			amazon.state.addOrders(
				messages.map((message) => ({
					orderId: orderIdOf(message),
					marketplaceId: US,
					createdTime: now,
					lastUpdatedTime: now,
					fulfillmentStatus: 'SHIPPED',
					actions: ['confirmCustomizationDetails'],
				})),
			);
		},
		itemOf: (message) => ({
			json: {
				orderId: orderIdOf(message),
				text: message.text,
				file: message.file ? 'data' : '',
			},
			...(message.file ? { binary: { data: message.file } } : {}),
		}),
	},
};

function orderIdOf({ number }: Numbered): string {
	return `902-1000000-${String(1_000_000 + number)}`;
}
