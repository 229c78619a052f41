import type { INodeExecutionData } from 'n8n-workflow';

import { checked } from '../engine/account.mts';
import * as amazonStreet from '../engine/amazon.mts';
import * as ebayStreet from '../engine/ebay.mts';
import { fileOf, keepNotes, type RunResult, type ThrownByNode } from '../engine/engine.mts';
import * as magaluStreet from '../engine/magalu.mts';
import type { World } from '../engine/world.mts';
import { idsOf } from '../marketplaces/amazon/marketplaces.mts';
import { demoTickets } from '../marketplaces/magalu/demo.mts';
import { allScopes } from '../marketplaces/magalu/state.mts';

/** The likeliest mistakes of a seller, and what the output panel shows for each: to be read aloud. */

const amazon = amazonStreet.amazonWorld();
const ebay = ebayStreet.ebayWorld();
const magalu = magaluStreet.magaluWorld();

interface Mistake {
	mistake: string;
	/** Makes it. */
	run: () => Promise<RunResult>;
	/** The error's title. */
	message: string;
	/** What stands below: what to do. */
	description: string;
}

const { ORDER } = amazonStreet;
const [germany] = idsOf('DE');
const pdfFile = (bytes: Buffer | string = '%PDF-1.4', name = 'warranty.pdf') =>
	fileOf(bytes, name, 'application/pdf');
const having = (data: INodeExecutionData['binary']): INodeExecutionData[] => [
	{ json: {}, binary: data },
];
const megabytes = (count: number, name: string) => ({
	...pdfFile('%PDF', name),
	bytes: count * 1024 * 1024,
});
/** An expression that finds nothing; n8n itself refuses a required field that is left empty. */
const NOTHING = '={{ "" }}';

const warranty = (more = amazonStreet.attached('data'), orderId = ORDER) =>
	amazonStreet.messageForm(orderId, 'warranty', more);
const problem = (text: string) => amazonStreet.messageForm(ORDER, 'unexpectedProblem', { text });

const TAKE_IT_OUT =
	"Take it out: the buyer answers through the marketplace. If it is something else, or has to be there, add the option 'Allow Contact Data': it is sent then, with a warning in its item.";

const mistakes: Mistake[] = [
	{
		mistake: 'Amazon: an order of Germany with a credential of North America',
		run: async () => await amazon.run({ ...warranty(), marketplaceId: germany }),
		message: "Germany (amazon.de) does not belong to the credential's region, North America",
		description:
			"Choose the marketplace of the order in 'Marketplace', or use a credential whose 'Region' is Europe, Middle East, Africa and India.",
	},
	{
		mistake: 'Amazon: a marketplace that is none',
		run: async () => await amazon.run({ ...warranty(), marketplaceId: '={{ "USA" }}' }),
		message: "'Marketplace' is not a marketplace",
		description:
			'Choose one from the list. An expression must give an ID such as ATVPDKIKX0DER (United States).',
	},
	{
		mistake: 'Amazon: the order ID of an item that has none',
		run: async () => await amazon.run(warranty({}, NOTHING)),
		message: "'Order ID' is empty",
		description:
			'Write the Amazon order ID. If it comes from an expression, check that the item has that field.',
	},
	{
		mistake: 'Amazon: an order number of another system',
		run: async () => await amazon.run(warranty({}, 'Order #4711')),
		message: "'Order ID' is not an Amazon order ID",
		description:
			'It looks like 902-3159896-1390916: three groups of digits, without spaces or other characters. Seller Central shows it beside the order, and the Amazon Order Trigger gives it as orderId.',
	},
	{
		mistake: 'Amazon: an order of somebody else',
		run: async () => await amazon.run(warranty(undefined, '999-9999999-9999999')),
		message: 'Amazon does not find this order',
		description:
			"Check 'Order ID' (Amazon's look like 902-3159896-1390916), that the marketplace and the credential's region are those of the order, and that it belongs to this seller account.",
	},
	{
		mistake: 'Amazon: a message type that is not allowed now',
		run: async () => await amazon.run(warranty(undefined, '111-2222222-2222222')),
		message: "Amazon does not allow the message type 'Warranty' for this order now",
		description:
			'Allowed at the moment: Legal Disclosure, Unexpected Problem. It changes with shipping and delivery, and many types can be sent only once.',
	},
	{
		mistake: 'Amazon: a binary field that the item does not have',
		run: async () => await amazon.run(warranty(amazonStreet.attached('invoice'))),
		message: "The item has no file in the binary field 'invoice'",
		description: "Binary fields of this item: data. Write one of these into 'Input Binary Field'.",
	},
	{
		mistake: 'Amazon: no file at all before the node',
		run: async () =>
			await amazon.run(warranty(amazonStreet.attached('data')), { items: [{ json: {} }] }),
		message: "The item has no file in the binary field 'data'",
		description:
			'This item has no files. Add a node before this one that outputs a file (for example Read/Write Files, HTTP Request or Google Drive), and check that no node in between drops it.',
	},
	{
		mistake: 'Amazon: an invoice without a file',
		run: async () => await amazon.run(amazonStreet.messageForm(ORDER, 'sendInvoice')),
		message: "A message of the type 'Invoice' needs an attachment",
		description: "Add the file under 'Attachments': the name of the binary field that holds it.",
	},
	{
		mistake: 'Amazon: a file without a name',
		run: async () =>
			await amazon.run(warranty(amazonStreet.attached('data')), {
				items: having({ data: fileOf('%PDF', '', 'application/pdf') }),
			}),
		message: "The file in 'data' has no name",
		description: "Write one into 'File Name': the buyer sees it.",
	},
	{
		mistake: 'Amazon: a file of a type that is not taken',
		run: async () =>
			await amazon.run(warranty(amazonStreet.attached('data')), {
				items: having({ data: fileOf('PK', 'manual.zip', 'application/zip') }),
			}),
		message: "Amazon does not take the file 'manual.zip' (.zip)",
		description: 'Taken are: doc, docx, gif, jpeg, jpg, pdf, png, txt.',
	},
	{
		mistake: 'Amazon: files over 10 MB',
		run: async () =>
			await amazon.run(warranty(amazonStreet.attached('data')), {
				items: having({ data: megabytes(11, 'manual.pdf') }),
			}),
		message: 'The attachments are too large for Amazon',
		description:
			'Together they have 11 MB; at most 10 MB are allowed. Send smaller or fewer files.',
	},
	{
		mistake: 'Amazon: a text that is too long',
		run: async () => await amazon.run(problem('a'.repeat(2001))),
		message: "'Text' is too long for Amazon: 2001 characters, and at most 2000 are allowed",
		description:
			'Shorten it by 1. Nothing is cut off by itself, so that the buyer never gets half a message.',
	},
	{
		mistake: 'Amazon: HTML in the text',
		run: async () => await amazon.run(problem('Dear <b>buyer</b>')),
		message: "'Text' holds HTML (<b>), which Amazon does not take",
		description: 'Write plain text, with line breaks instead of tags.',
	},
	{
		mistake: 'Amazon: an e-mail address in the text',
		run: async () => await amazon.run(problem('Write to shop@example.com')),
		message: "'Text' holds an e-mail address (shop@example.com), which Amazon does not allow",
		description: `Amazon's Communication Guidelines forbid it, and Amazon may take away the right to write to buyers. ${TAKE_IT_OUT}`,
	},
	{
		mistake: 'Amazon: a duplicate key typed as its placeholder',
		run: async () => {
			await keepNotes();
			const options = { preventDuplicates: true, duplicateKey: '{{ $json.orderId }}' };
			return await amazon.run(warranty({ ...amazonStreet.attached('data'), options }));
		},
		message: "'Duplicate Key' holds an expression as plain text: {{ $json.orderId }}",
		description:
			"As it stands it is the same for every message. Drag the field, for example the order ID, from the input onto 'Duplicate Key', or switch the field to 'Expression'. To compare the whole message, leave it empty.",
	},
	{
		mistake: 'Amazon: a client secret older than 180 days',
		run: async () => {
			amazon.simulator.amazon.state.clients[0].secretExpired = true;
			return await amazon.run(warranty());
		},
		message: "Amazon does not know this 'Client ID' and 'Client Secret'",
		description:
			'Copy both again from Seller Central, Develop Apps, LWA credentials. A secret also stops working 180 days after it was made: rotate it there if yours is older.',
	},
	{
		mistake: 'Amazon: access that was revoked',
		run: async () => {
			amazon.simulator.amazon.state.sellers[0].revoked = true;
			return await amazon.run(warranty());
		},
		message: "Amazon does not accept the 'Refresh Token' (wrong, or access was revoked)",
		description:
			'In Seller Central open Develop Apps, press Authorize for your app, and paste the new refresh token (it begins with Atzr|) into the credential.',
	},
	{
		mistake: 'Amazon: an app without the role',
		run: async () => {
			amazon.simulator.amazon.state.sellers[0].withoutRole = ['amazon.actions'];
			return await amazon.run(warranty());
		},
		message: 'Amazon denied access',
		description:
			"Amazon gives no reason. Most often the app lacks a role (Buyer Communication for messages, Product Listing for attachments, Buyer Solicitation for reviews) or was authorized before it had it: add the role in Seller Central, Develop Apps, press Authorize again and paste the new refresh token. It also happens when the credential's region is wrong, when the order belongs to another seller, or when the account is suspended.",
	},
	{
		mistake: 'Amazon: an API URL that is no address',
		run: async () => {
			amazon.node.credentials.amazonSellingPartnerApi!.apiUrl = 'gateway.example.com';
			return await amazon.run(warranty());
		},
		message: "The credential's 'API URL' is not an address",
		description:
			"Write one that begins with http:// or https://, or choose 'Production' as the environment.",
	},
	{
		mistake: 'eBay: a PDF',
		run: async () =>
			await ebay.run(ebayStreet.messageForm(ebayStreet.attached('data')), {
				items: having({ data: pdfFile() }),
			}),
		message: "eBay does not take the file 'warranty.pdf' (.pdf)",
		description:
			'Taken are: avif, bmp, gif, heic, jpeg, jpg, png, tif, tiff, webp. Only pictures can go into an eBay message. A PDF, Word or text file can go into a conversation by its address: resource Conversation, Media URLs.',
	},
	{
		mistake: 'eBay: a picture over 12 MB',
		run: async () =>
			await ebay.run(ebayStreet.messageForm(ebayStreet.attached('data')), {
				items: having({ data: { ...ebayStreet.png, bytes: 13 * 1024 * 1024 } }),
			}),
		message: "The file 'crack.png' is too large for eBay",
		description: 'It has 13 MB; at most 12 MB are allowed. Send a smaller file.',
	},
	{
		mistake: 'eBay: HTML in the body',
		run: async () => await ebay.run(ebayStreet.messageForm({ body: 'Dear <b>buyer</b>' })),
		message: "'Body' holds HTML (<b>), which eBay does not take",
		description: 'Write plain text, with line breaks instead of tags.',
	},
	{
		mistake: 'eBay: a phone number in the body',
		run: async () => await ebay.run(ebayStreet.messageForm({ body: 'Call 555-123-4567' })),
		message: "'Body' holds a phone number (555-123-4567), which eBay does not allow",
		description: `eBay's policy on member-to-member contact forbids it, and eBay may restrict the account. ${TAKE_IT_OUT}`,
	},
	{
		mistake: 'eBay: a body that is too long',
		run: async () => await ebay.run(ebayStreet.messageForm({ body: 'a'.repeat(2001) })),
		message: "'Body' is too long for eBay: 2001 characters, and at most 2000 are allowed",
		description:
			'Shorten it by 1. Nothing is cut off by itself, so that the buyer never gets half a message.',
	},
	{
		mistake: 'eBay: the order ID instead of the item ID',
		run: async () => await ebay.run(ebayStreet.messageForm({ itemId: '11-00001-00001' })),
		message: "'Item ID' is not the number of an eBay listing",
		description:
			'It has digits only, for example 110093125309. The address of the listing is taken, too, and the form v1|110093125309|0. An order ID or a transaction ID is something else. The eBay triggers and "Get Many" of orders give it as itemId.',
	},
	{
		mistake: 'eBay: a recipient who did not order the item',
		run: async () => await ebay.run(ebayStreet.messageForm({ recipientId: 'buyer_two' })),
		message: "There is no order of the last 90 days between this 'Recipient ID' and this 'Item ID'",
		description:
			"Take both from the same order: 'Item ID' is the listing (not the order or the transaction), 'Recipient ID' the buyer's eBay user ID. Order messages end 90 days after the order; questions before an order are answered with the resource Question or Conversation.",
	},
	{
		mistake: 'eBay: an order that is older than 90 days',
		run: async () =>
			await ebay.run(
				ebayStreet.messageForm({ itemId: '110000000004', recipientId: 'buyer_of_spring' }),
			),
		message: "There is no order of the last 90 days between this 'Recipient ID' and this 'Item ID'",
		description:
			"Take both from the same order: 'Item ID' is the listing (not the order or the transaction), 'Recipient ID' the buyer's eBay user ID. Order messages end 90 days after the order; questions before an order are answered with the resource Question or Conversation.",
	},
	{
		mistake: 'eBay: an item that does not exist',
		run: async () => await ebay.run(ebayStreet.messageForm({ itemId: '999999999999' })),
		message: "eBay does not find this 'Item ID', or it belongs to another seller",
		description:
			'Check the number of the listing, and that the credential is the one of the seller who listed it.',
	},
	{
		mistake: 'eBay: a refresh token that has ended',
		run: async () => {
			ebay.credential({ refreshToken: 'v^1.1#ended' });
			return await ebay.run(ebayStreet.messageForm());
		},
		message: "eBay does not accept the 'Refresh Token' (wrong, ended, or access was revoked)",
		description:
			"It lives 18 months, belongs to the application that asked for it, and ends when the seller changes user name or password. Let the seller consent again: in the credential fill in 'RuName', empty 'Address After Consent' and 'Refresh Token', and save. The red box then holds the address where the seller agrees.",
	},
	{
		mistake: 'eBay: a seller who did not consent yet',
		run: async () => {
			const production = { environment: 'production', ruName: 'Shop-Shop-app-abcde' };
			ebay.credential({ ...production, refreshToken: '', consentAddress: '' });
			return await ebay.run(ebayStreet.messageForm());
		},
		message: "One step is left: the seller has to agree on eBay's page",
		description:
			"Open the address at the end of this text in a browser, sign in to eBay as the seller, and agree. Copy all that the browser's address line shows then, paste it into 'Address After Consent', and save within five minutes. If eBay shows invalid_scope and no page to agree on, write invalid_scope into 'Address After Consent' and save: you get a shorter address. The address: https://auth.ebay.com/oauth2/authorize?client_id=demo-client&redirect_uri=Shop-Shop-app-abcde&response_type=code&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%20https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%2Fsell.inventory%20https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%2Fcommerce.message%20https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%2Fsell.fulfillment.readonly",
	},
	{
		mistake: "eBay: an Auth'n'Auth token that has ended",
		run: async () => {
			ebay.useAuthToken();
			for (const token of ebay.simulator.ebay.state.authTokens.values()) token.expiresAt = 0;
			return await ebay.run(ebayStreet.messageForm());
		},
		message: "eBay does not accept the 'Auth Token'",
		description:
			"Make a new one on eBay's developer site (User Tokens, Auth'n'Auth, Sign in to Production) and paste it in.",
	},
	{
		mistake: "eBay: a picture with an Auth'n'Auth token",
		run: async () => {
			ebay.useAuthToken();
			return await ebay.run(ebayStreet.messageForm(ebayStreet.attached('data')));
		},
		message: "Uploading pictures needs OAuth, and the credential holds an Auth'n'Auth token",
		description:
			"Choose 'OAuth' as the credential's authentication and connect the seller. With an Auth'n'Auth token you can send text and pictures that eBay already hosts ('Picture URLs'), and answer questions.",
	},
	{
		mistake: "eBay: a picture of one's own web site",
		run: async () => {
			ebay.credential({ environment: 'production' });
			const picture = [{ url: 'https://example.com/parcel.jpg', name: '' }];
			return await ebay.run(ebayStreet.messageForm({ pictureUrls: { picture } }));
		},
		message: "A 'URL' of 'Picture URLs' is not a host of eBay",
		description:
			"eBay shows only pictures that it hosts itself, at https://i.ebayimg.com/…. Put the picture into a binary field and name it under 'Attachments': it is uploaded to eBay then.",
	},
	{
		mistake: 'Magalu: the order number instead of the ticket',
		run: async () => await magalu.run(magaluStreet.messageForm({ ticketId: '1470000000000001' })),
		message: "'Ticket' is not the ID of a ticket",
		description:
			"It looks like e1faf69b-336a-5415-8c33-fc63f505b766: the Magalu triggers and 'Get Many' of tickets give it as ticketId. An order number, a protocol or a code is something else: choose 'From List' and type the order number, or let 'Get Many' of tickets find it by 'Order Code'.",
	},
	{
		mistake: 'Magalu: a ticket that does not exist',
		run: async () =>
			await magalu.run(
				magaluStreet.messageForm({ ticketId: '00000000-0000-4000-8000-000000000000' }),
			),
		message:
			"Magalu does not find what was asked for: Ticket '00000000-0000-4000-8000-000000000000' não encontrado.",
		description:
			'Check the ID, that it belongs to this store, and that the credential has the right environment (production or sandbox).',
	},
	{
		mistake: 'Magalu: a ticket that is closed',
		run: async () => await magalu.run(magaluStreet.messageForm({ ticketId: demoTickets.closed })),
		message: "Magalu refused the request: Ticket '0c1d9a64-52d4-4c39-8f0b-6d0f6f0d1a04' is closed.",
		description: "Correct what Magalu's words name. A closed ticket takes no message any more.",
	},
	{
		mistake: 'Magalu: nobody who answers',
		run: async () => await magalu.run(magaluStreet.messageForm({ ownerName: NOTHING })),
		message: "'Your Name' is empty",
		description:
			'Magalu wants to know who answers: write the name, and the code that your own system knows the person by.',
	},
	{
		mistake: 'Magalu: a Word document',
		run: async () =>
			await magalu.run(magaluStreet.messageForm(magaluStreet.attached('data')), {
				items: having({ data: fileOf('PK', 'nota.docx', 'application/msword') }),
			}),
		message: "Magalu does not take the file 'nota.docx' (.docx)",
		description:
			'Taken are: gif, jpe, jpeg, jpg, pdf, png. Turn other pictures into JPG or PNG, and documents into PDF.',
	},
	{
		mistake: 'Magalu: a file over 5 MB',
		run: async () =>
			await magalu.run(magaluStreet.messageForm(magaluStreet.attached('data')), {
				items: having({ data: megabytes(6, 'nota.pdf') }),
			}),
		message: "The file 'nota.pdf' is too large for Magalu",
		description: 'It has 6 MB; at most 5 MB are allowed. Send a smaller file.',
	},
	{
		mistake: 'Magalu: a CPF in the text',
		run: async () => await magalu.run(magaluStreet.messageForm({ text: 'CPF 123.456.789-09' })),
		message: "'Text' holds a CPF (123.456.789-09), which Magalu does not allow",
		description: `Magalu's moderation stops such messages, and the customer never sees them. ${TAKE_IT_OUT}`,
	},
	{
		mistake: 'Magalu: a text that is too long',
		run: async () => await magalu.run(magaluStreet.messageForm({ text: 'a'.repeat(3001) })),
		message: "'Text' is too long for Magalu: 3001 characters, and at most 3000 are allowed",
		description:
			'Shorten it by 1. Nothing is cut off by itself, so that the buyer never gets half a message.',
	},
	{
		mistake: 'Magalu: a credential without the scope',
		run: async () => {
			magalu.connect({
				scopes: allScopes.filter((scope) => scope !== 'open:ticket-messages-seller:write'),
			});
			return await magalu.run(magaluStreet.messageForm());
		},
		message: 'The credential lacks the scope open:ticket-messages-seller:write',
		description:
			"This needs the scope open:ticket-messages-seller:write. Add it to your app (idm client add-scope) and to 'Scope' of the credential. Open the credential in n8n and connect it again, as an administrator of the store. Renewing an old token adds no scope.",
	},
	{
		mistake: 'Magalu: a credential that nobody connected',
		run: async () => {
			delete magalu.node.credentials.magaluOAuth2Api!.oauthTokenData;
			return await magalu.run(magaluStreet.messageForm());
		},
		message: 'The credential is not connected to Magalu',
		description: 'Open the credential in n8n and connect it again.',
	},
	{
		mistake: 'Magalu: somebody connected who is no administrator',
		run: async () => {
			magalu.connect({ admin: false });
			return await magalu.run(magaluStreet.messageForm());
		},
		message: 'The person who connected the credential is not an administrator of the store',
		description:
			'Magalu wants that since March 2026. Open the credential in n8n and connect it again, as an administrator of the store.',
	},
];

test.each(mistakes)('$mistake', async ({ run, message, description }) => {
	const { error } = await run();
	const seen = error as ThrownByNode;

	expect({ message: seen.message, description: seen.description }).toEqual({
		message,
		description: `Nothing was sent. ${description}`,
	});
});

/** What the check of an account shows for what is missing: to be read aloud as well. */
const shortcomings: Array<{
	what: string;
	world: World;
	/** Takes it away. */
	spoil: () => void;
	check: string;
	message: string;
	advice: string;
}> = [
	{
		what: 'Amazon: no role for messages',
		world: amazon,
		spoil: () => (amazon.simulator.amazon.state.sellers[0]!.withoutRole = ['amazon.actions']),
		check: 'Messages',
		message: 'The app may not send messages',
		advice:
			"In Seller Central, Develop Apps, add the role Buyer Communication to your app, press Authorize again, and paste the new refresh token into the credential. If nothing is allowed, look at 'Region' first.",
	},
	{
		what: 'Amazon: a credential of another region',
		world: amazon,
		spoil() {
			amazon.simulator.amazon.state.sellers[0]!.marketplaceIds = [germany!];
			amazon.simulator.amazon.state.orders = [];
		},
		check: 'Region',
		message: 'You sell in Germany, and the credential says North America',
		advice: "Choose Europe, Middle East, Africa and India as the credential's 'Region'.",
	},
	{
		what: 'Amazon: nobody wrote down when the client secret ends',
		world: amazon,
		spoil: () => undefined,
		check: 'Client secret',
		message: 'It is not known when the client secret ends',
		advice:
			"Write the day into 'Client Secret Expires On' of the credential: Seller Central shows it beside the secret, 180 days after it was made.",
	},
	{
		what: 'eBay: no scope for conversations',
		world: ebay,
		spoil() {
			for (const grant of ebay.simulator.ebay.state.refreshTokens.values()) {
				grant.scopes = grant.scopes.filter((scope) => !scope.endsWith('/commerce.message'));
			}
		},
		check: 'Conversations',
		message: 'Your consent does not cover conversations',
		advice:
			"It lacks the scope commerce.message. Let the seller consent again: in the credential fill in 'RuName', empty 'Address After Consent' and 'Refresh Token', and save. The red box then holds the address where the seller agrees. If eBay refuses the scope, your application was not given it: do without, or ask eBay's developer support.",
	},
	{
		what: 'eBay: another site than that of the registration',
		world: ebay,
		spoil: () => (ebay.simulator.ebay.state.registration.site = 'Germany'),
		check: 'Site',
		message: 'You are registered in Germany, and the credential says United States',
		advice: "Choose Germany as the credential's 'Site'.",
	},
	{
		what: "eBay: conversations with an Auth'n'Auth token",
		world: ebay,
		spoil: () => ebay.useAuthToken(),
		check: 'Conversations',
		message: "An Auth'n'Auth token is not good for conversations",
		advice:
			'If you want it: choose OAuth in the credential, with the scope commerce.message. For messages, questions and orders the token is enough.',
	},
	{
		what: 'Magalu: no scope to write',
		world: magalu,
		spoil: () =>
			magalu.connect({
				scopes: allScopes.filter((scope) => scope !== 'open:ticket-messages-seller:write'),
			}),
		check: 'Scopes',
		message: 'Missing: open:ticket-messages-seller:write',
		advice:
			"Add them to your app (idm client add-scope) and to 'Scope' of the credential, then connect it again as an administrator of the store. What you do not use may stay away.",
	},
	{
		what: 'Magalu: somebody connected who is no administrator',
		world: magalu,
		spoil: () => magalu.connect({ admin: false }),
		check: 'Store',
		message: 'The person who connected the credential is not an administrator of the store',
		advice:
			"Magalu wants that since March 2026. Open the credential in n8n and connect it again, as an administrator of the store. When connecting, choose your store; leave 'Tenant ID' empty unless Magalu told you to fill it in.",
	},
	{
		what: 'any: a clock that is wrong',
		world: magalu,
		spoil: () => magalu.simulator.clock.advance(-5 * 60_000),
		check: 'Clock',
		message: "The clock of your n8n is 5 minutes ahead of Magalu's",
		advice:
			'Let the computer that n8n runs on set its clock by itself (NTP): orders can be missed otherwise, and logins refused.',
	},
];

test.each(shortcomings)('$what', async ({ world, spoil, check, message, advice }) => {
	spoil();
	expect((await checked(world)).get(check)).toMatchObject({ message, advice });
});

test('Amazon: the address of the order instead of its ID is no mistake', async () => {
	const address = `https://sellercentral.amazon.com/orders-v3/order/${ORDER}?ref=list`;
	const { items } = await amazon.run(warranty(undefined, address));

	expect(items[0]!.json).toMatchObject({ status: 'sent', orderId: ORDER });
});
