import { fileOf } from '../engine/engine.mts';
import { attached, magaluSecrets, magaluTicketMessage, messageForm } from '../engine/magalu.mts';
import type { Street } from './streets.mts';

const invoice = Buffer.from('%PDF-1.4 nota fiscal');
const photo = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 4, 5, 6]);

/** A refusal as OAuth words it. */
const NO_GRANT = { error: 'invalid_grant', error_description: 'The grant is not valid.' };

export const magaluStreet: Street = {
	title: 'Magalu',
	paths: [
		{
			name: 'message with two files',
			connect(simulator) {
				const connected = magaluTicketMessage(simulator);
				// The token that n8n holds has just ended: the way begins with a new one.
				magaluStreet.endTokens(simulator);
				return connected;
			},
			parameters: messageForm(attached('invoice', 'photo')),
			items: [
				{
					json: {},
					binary: {
						invoice: fileOf(invoice, 'nota.pdf', 'application/pdf'),
						photo: fileOf(photo, 'foto.png', 'image/png'),
					},
				},
			],
			files: { 'nota.pdf': invoice, 'foto.png': photo },
			// From the POST on, Magalu may create the message.
			doubtful: ['magalu.send', 'gcs.put', 'magalu.transaction', 'magalu.messages'],
		},
		{
			name: 'message without files',
			connect: magaluTicketMessage,
			parameters: messageForm(),
			items: [{ json: {} }],
			files: {},
			doubtful: ['magalu.send', 'magalu.transaction', 'magalu.messages'],
		},
	],
	tokenOperations: ['magalu.token'],
	renewedByN8n: true,
	storage: {
		operations: ['gcs.put'],
		digestRefused: {
			status: 400,
			body: '<Error><Code>BadDigest</Code><Message>The Content-MD5 you specified did not match what we received.</Message></Error>',
		},
	},
	refusal: (status, operation) => ({
		body:
			operation === 'magalu.token' && status <= 401
				? NO_GRANT
				: { error: { code: String(status), message: 'Não, disse o Magalu.', slug: `E-${status}` } },
	}),
	endTokens: ({ magalu, clock }) => {
		for (const grant of magalu.state.accessTokens.values()) grant.expiresAt = clock.now();
	},
	settle: ({ magalu }) => magalu.settle(),
	secrets: magaluSecrets,
	many: {
		connect: magaluTicketMessage,
		parameters: messageForm({
			text: '={{ $json.text }}',
			...attached('={{ $json.file }}'),
		}),
		prepare({ magalu }) {
			const unlimited = { supportReads: Infinity, supportWrites: Infinity, orders: Infinity };
			magalu.state.settings.perMinute = unlimited;
		},
		hasLostLogin({ magalu }, { credentials }) {
			const kept = credentials.magaluOAuth2Api!.oauthTokenData as { refresh_token: string };
			return magalu.state.refreshTokens.get(kept.refresh_token)?.used !== false;
		},
		itemOf: ({ text, file }) => ({
			json: { text, file: file ? 'data' : '' },
			...(file ? { binary: { data: file } } : {}),
		}),
	},
};
