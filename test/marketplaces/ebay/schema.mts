import type { Element } from './xml.mts';

/**
 * The requests of the Trading API as sequences, element by element. `ebay-message.xsd` says the same
 * about the two sending calls; a test holds both against each other. (xmllint-wasm needs some 85 ms a
 * document, too much for a gateway that is under load in benchmarks.)
 */
interface Rule {
	name: string;
	/** Default: exactly once. */
	occurs?: 'optional' | 'any';
	/** The element's text must fit; for elements without children. */
	fits?: (text: string) => boolean;
	children?: Rule[];
}

/** Namespace of every request and answer. */
export const ebayNamespace = 'urn:ebay:apis:eBLBaseComponents';

/**
 * What is wrong with a request: unknown, missing, repeated or misplaced elements, attributes, values
 * out of range. Empty where nothing is.
 */
export function violations(call: string, request: Element): string[] {
	const { xmlns, ...others } = request.attributes;
	if (xmlns !== ebayNamespace) return [`The namespace of ${request.name} is not ${ebayNamespace}.`];
	return checked({ ...request, attributes: others }, { name: request.name, children: calls[call] });
}

function checked(element: Element, rule: Rule): string[] {
	const found = Object.keys(element.attributes).map(
		(name) => `Attribute ${name} of ${element.name} is not allowed.`,
	);
	if (rule.children) return [...found, ...checkedSequence(element, rule.children)];
	if (element.children.length > 0) {
		return [...found, `${element.name} must not contain elements.`];
	}
	const fits = rule.fits?.(element.text) ?? true;
	return fits ? found : [...found, `Input data for tag <${element.name}> is invalid.`];
}

function checkedSequence(element: Element, rules: Rule[]): string[] {
	const found: string[] = [];
	if (/[^ \t\r\n]/.test(element.text)) found.push(`${element.name} must not contain text.`);
	let at = 0;
	for (const rule of rules) {
		const start = at;
		while (element.children[at]?.name === rule.name) {
			found.push(...checked(element.children[at], rule));
			at += 1;
			if (rule.occurs !== 'any') break;
		}
		if (at === start && rule.occurs === undefined) {
			found.push(`Input data for tag <${element.name}.${rule.name}> is missing or misplaced.`);
		}
	}
	const rest = element.children.slice(at).map(({ name }) => name);
	if (rest.length > 0) {
		found.push(`Unknown, repeated or misplaced in ${element.name}: ${rest.join(', ')}.`);
	}
	return found;
}

const anyText = () => true;
/** xs:token, xs:boolean and xs:anyURI ignore white space around the value; xs:string does not. */
const collapsed = (text: string) => text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
/** In characters, as XML Schema counts: an emoji is one. */
const length = (min: number, max: number) => (text: string) => {
	const count = [...text].length;
	return count >= min && count <= max;
};
const oneOf =
	(...values: string[]) =>
	(text: string) =>
		values.includes(collapsed(text));
const boolean = oneOf('true', 'false', '1', '0');
const itemId = (text: string) => /^[0-9]{1,19}$/.test(text);
const count = (min: number, max: number) => (text: string) =>
	/^[0-9]{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
/** An ISO 8601 time in GMT, e.g. `2026-11-21T00:00:00.000Z`. */
const time = (text: string) =>
	/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
const address = (text: string) => {
	const url = collapsed(text);
	return length(1, 200)(url) && !/[\s<>"{}|\\^`]/.test(url);
};

const optional = (name: string, fits: (text: string) => boolean): Rule => ({
	name,
	fits,
	occurs: 'optional',
});

const credentials: Rule = {
	name: 'RequesterCredentials',
	occurs: 'optional',
	children: [{ name: 'eBayAuthToken', fits: length(1, 2000) }],
};

const standard: Rule[] = [
	optional('ErrorLanguage', (text) => /^[a-z]{2}_[A-Z]{2}$/.test(text)),
	optional('MessageID', anyText),
	optional('Version', anyText),
	optional('WarningLevel', oneOf('Low', 'High')),
];

const detail: Rule = { name: 'DetailLevel', occurs: 'any', fits: oneOf('ReturnAll') };

const media: Rule = {
	name: 'MessageMedia',
	occurs: 'any',
	children: [optional('MediaURL', address), optional('MediaName', length(0, 100))],
};

const pagination = (entries: (text: string) => boolean): Rule => ({
	name: 'Pagination',
	occurs: 'optional',
	children: [optional('EntriesPerPage', entries), optional('PageNumber', count(1, 999_999_999))],
});

const calls: Record<string, Rule[]> = {
	AddMemberMessageAAQToPartner: [
		credentials,
		...standard,
		{ name: 'ItemID', fits: itemId },
		{
			name: 'MemberMessage',
			children: [
				{
					name: 'QuestionType',
					fits: oneOf(
						'General',
						'Shipping',
						'Payment',
						'MultipleItemShipping',
						'CustomizedSubject',
					),
				},
				optional('EmailCopyToSender', boolean),
				{ name: 'RecipientID', fits: length(1, Infinity) },
				{ name: 'Subject', fits: length(1, Infinity) },
				{ name: 'Body', fits: length(1, 2000) },
				media,
			],
		},
	],
	AddMemberMessageRTQ: [
		credentials,
		...standard,
		optional('ItemID', itemId),
		{
			name: 'MemberMessage',
			children: [
				optional('EmailCopyToSender', boolean),
				optional('DisplayToPublic', boolean),
				optional('RecipientID', length(1, Infinity)),
				{ name: 'Body', fits: length(1, 2000) },
				{ name: 'ParentMessageID', fits: length(1, Infinity) },
				media,
			],
		},
	],
	GetMemberMessages: [
		credentials,
		detail,
		...standard,
		optional('ItemID', itemId),
		{ name: 'MailMessageType', fits: oneOf('All', 'AskSellerQuestion', 'ContactEbayMember') },
		optional('MessageStatus', oneOf('Answered', 'Unanswered')),
		optional('DisplayToPublic', boolean),
		optional('StartCreationTime', time),
		optional('EndCreationTime', time),
		pagination(oneOf('25', '50', '100', '200')),
		optional('MemberMessageID', length(1, Infinity)),
		optional('SenderID', length(1, Infinity)),
	],
	GetMyMessages: [
		credentials,
		{
			name: 'DetailLevel',
			occurs: 'any',
			fits: oneOf('ReturnHeaders', 'ReturnMessages', 'ReturnSummary'),
		},
		...standard,
		{
			name: 'MessageIDs',
			occurs: 'optional',
			children: [{ name: 'MessageID', occurs: 'any', fits: length(1, Infinity) }],
		},
		optional('FolderID', count(0, 999_999_999)),
		optional('StartTime', time),
		optional('EndTime', time),
	],
	GetOrders: [
		credentials,
		detail,
		...standard,
		{
			name: 'OrderIDArray',
			occurs: 'optional',
			children: [{ name: 'OrderID', occurs: 'any', fits: length(1, 100) }],
		},
		optional('CreateTimeFrom', time),
		optional('CreateTimeTo', time),
		optional('OrderRole', oneOf('Seller', 'Buyer')),
		optional('OrderStatus', oneOf('Active', 'All', 'Cancelled', 'Completed', 'Inactive')),
		{ name: 'ListingType', occurs: 'any', fits: anyText },
		pagination(count(1, 100)),
		optional('ModTimeFrom', time),
		optional('ModTimeTo', time),
		optional('NumberOfDays', count(1, 30)),
		optional('IncludeFinalValueFee', boolean),
		optional('SortingOrder', oneOf('Ascending', 'Descending')),
	],
	GetUser: [
		credentials,
		detail,
		...standard,
		optional('ItemID', itemId),
		optional('UserID', length(1, 100)),
	],
};

/** The calls that the gateway knows. */
export const callNames = Object.keys(calls);
