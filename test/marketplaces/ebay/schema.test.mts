import { connect, partnerMessage } from './client.mts';
import { violations } from './schema.mts';
import { validateAgainstSchema } from './validateAgainstSchema.mts';
import { readXml } from './xml.mts';

const partner = (parts?: Parameters<typeof partnerMessage>[0]) =>
	document('AddMemberMessageAAQToPartner', partnerMessage(parts));
const reply = (message: string, item = '') =>
	document('AddMemberMessageRTQ', `${item}<MemberMessage>${message}</MemberMessage>`);
const document = (call: string, inner: string, attributes = '') =>
	`<${call}Request xmlns="urn:ebay:apis:eBLBaseComponents"${attributes}>${inner}</${call}Request>`;

const body = '<Body>Yes</Body>';
const parent = '<ParentMessageID>7</ParentMessageID>';
const picture =
	'<MessageMedia><MediaURL>https://i.ebayimg.com/a$_1.JPG?set_id=8</MediaURL><MediaName>x</MediaName></MessageMedia>';

/** Document by document: the gateway's own checker and libxml2 with the schema say the same. */
const documents: Array<[verdict: 'valid' | 'invalid', what: string, xml: string]> = [
	['valid', 'a message', partner()],
	[
		'valid',
		'a message with everything',
		partner({
			standard:
				'<ErrorLanguage>en_US</ErrorLanguage><MessageID>1</MessageID><Version>1391</Version><WarningLevel>High</WarningLevel>',
			copy: '<EmailCopyToSender>true</EmailCopyToSender>',
			media: picture + picture,
		}),
	],
	[
		'valid',
		'white space between the elements',
		partner({ question: '\n\t<QuestionType> General </QuestionType>\n' }),
	],
	['valid', '2000 emoji', partner({ body: `<Body>${'😀'.repeat(2000)}</Body>` })],
	['invalid', '2001 characters', partner({ body: `<Body>${'x'.repeat(2001)}</Body>` })],
	['invalid', 'an empty body', partner({ body: '<Body></Body>' })],
	['invalid', 'no subject', partner({ subject: '' })],
	['invalid', 'no question type', partner({ question: '' })],
	[
		'invalid',
		'two recipients',
		partner({ recipient: '<RecipientID>a</RecipientID><RecipientID>b</RecipientID>' }),
	],
	[
		'invalid',
		'body before subject',
		partner({ subject: '', body: '<Body>a</Body><Subject>b</Subject>' }),
	],
	[
		'invalid',
		'the name of a picture before its URL',
		partner({
			media:
				'<MessageMedia><MediaName>a</MediaName><MediaURL>https://a.b/c</MediaURL></MessageMedia>',
		}),
	],
	[
		'invalid',
		'a picture URL of 201 characters',
		partner({
			media: `<MessageMedia><MediaURL>https://a.b/${'c'.repeat(189)}</MediaURL></MessageMedia>`,
		}),
	],
	[
		'valid',
		'a picture URL of 200 characters',
		partner({
			media: `<MessageMedia><MediaURL>https://a.b/${'c'.repeat(188)}</MediaURL></MessageMedia>`,
		}),
	],
	[
		'invalid',
		'a picture name of 101 characters',
		partner({ media: `<MessageMedia><MediaName>${'n'.repeat(101)}</MediaName></MessageMedia>` }),
	],
	['invalid', 'an unknown element', partner({ copy: '<EmailCopy>true</EmailCopy>' })],
	[
		'invalid',
		'an element of another namespace',
		partner({ subject: '<Subject xmlns="">a</Subject>' }),
	],
	['invalid', 'an attribute', partner({ subject: '<Subject lang="en">a</Subject>' })],
	['invalid', 'text between the elements', partner({ copy: 'hello' })],
	['invalid', 'markup in the subject', partner({ subject: '<Subject>a<b>b</b></Subject>' })],
	[
		'invalid',
		'a question type that is none',
		partner({ question: '<QuestionType>None</QuestionType>' }),
	],
	['invalid', 'yes for a boolean', partner({ copy: '<EmailCopyToSender>yes</EmailCopyToSender>' })],
	['valid', '1 for a boolean', partner({ copy: '<EmailCopyToSender>1</EmailCopyToSender>' })],
	['invalid', 'letters in the item number', partner({ item: '<ItemID>v1|1|0</ItemID>' })],
	['invalid', 'white space around the item number', partner({ item: '<ItemID> 1 </ItemID>' })],
	[
		'invalid',
		'a language that is none',
		partner({ standard: '<ErrorLanguage>en-US</ErrorLanguage>' }),
	],
	[
		'invalid',
		'standard elements at the end',
		partner({
			standard: '',
			media: '</MemberMessage><WarningLevel>Low</WarningLevel><MemberMessage>',
		}),
	],
	[
		'invalid',
		'an attribute of the root',
		document('AddMemberMessageAAQToPartner', partnerMessage(), ' id="1"'),
	],
	[
		'valid',
		'credentials first',
		partner({
			standard: '<RequesterCredentials><eBayAuthToken>a</eBayAuthToken></RequesterCredentials>',
		}),
	],
	[
		'invalid',
		'credentials later',
		partner({
			standard:
				'<MessageID>1</MessageID><RequesterCredentials><eBayAuthToken>a</eBayAuthToken></RequesterCredentials>',
		}),
	],
	['valid', 'a reply', reply(`<RecipientID>a</RecipientID>${body}${parent}`)],
	['valid', 'a reply by item', reply(body + parent, '<ItemID>1</ItemID>')],
	[
		'valid',
		'a reply with everything',
		reply(
			`<EmailCopyToSender>0</EmailCopyToSender><DisplayToPublic>true</DisplayToPublic><RecipientID>a</RecipientID>${body}${parent}${picture}`,
		),
	],
	['invalid', 'a reply to nothing', reply(`<RecipientID>a</RecipientID>${body}`)],
	['invalid', 'a reply with its parent first', reply(parent + body)],
	['invalid', 'a reply with a subject', reply(`<Subject>a</Subject>${body}${parent}`)],
];

describe('the schema', () => {
	it.each(documents)('finds %s: %s', async (verdict, _, xml) => {
		const call = xml.slice(1, xml.indexOf('Request'));
		const ownVerdict = violations(call, readXml(Buffer.from(xml))).length === 0;
		const complaints = await validateAgainstSchema(xml);
		expect([ownVerdict, complaints.length === 0]).toEqual([
			verdict === 'valid',
			verdict === 'valid',
		]);
	});

	it('fits what the gateway answers, well or badly', async () => {
		const client = await connect();
		const call = 'AddMemberMessageAAQToPartner';
		client.ebay.state.nextAnswers.push({
			call,
			errors: [
				{ code: '518', parameters: ['a & b'] },
				{ code: '1', severity: 'Warning' },
			],
			hardExpirationWarning: '2026-11-27T00:00:00.000Z',
		});
		const bad = await client.call(call, partnerMessage());
		const good = await client.call(call, partnerMessage({ standard: '<MessageID>1</MessageID>' }));
		expect([bad.ack, good.ack]).toEqual(['Failure', 'Success']);
		expect(await validateAgainstSchema(bad.xml)).toEqual([]);
		expect(await validateAgainstSchema(good.xml)).toEqual([]);
	});
});
