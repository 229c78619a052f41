/**
 * Where the documents are wrong by proof: one list, each entry with its reason. Where they may be wrong and
 * nobody has the proof: a second one, of doubts. An entry of either that is no longer needed fails the check.
 */
import type { FileName, Tree } from './documents.mts';

/** A finding that is none. */
interface Exception {
	/** The operation or fact. */
	at: RegExp;
	/** What is said against it. */
	says: RegExp;
	reason: string;
}

/** A document that has to be put right before it can be read. */
interface Correction {
	file: FileName;
	reason: string;
	/** @returns false where there is nothing to correct (any more) */
	apply(tree: Tree): boolean;
}

const exceptions: Exception[] = [
	{
		at: /^messaging\.json: our table/,
		says: /^legalDisclosure: attachments: ours \{"min":1,"max":5\}, theirs \{"min":0,"max":5\}$/,
		reason:
			"The operation's own text in the same document: the message 'contains documents that a seller is legally obligated to provide'. Its schema leaves the minimum out, and there is nothing else in it.",
	},
	{
		at: /^magalu-sac\.yaml: our limits/,
		says: /^content types: ours .*"image\/png"\], theirs .*"image\/png","image\/vnd\.ms-photo"\]$/,
		reason:
			'Magalu lists the type image/vnd.ms-photo, and none of the extensions that it takes has it.',
	},
	{
		at: /^(messaging|solicitations)\.json: GET .*\{amazonOrderId\}$/,
		says: /^answer 200: body\._embedded\.actions\.\*\S* must NOT have additional properties; found/,
		reason:
			"The model leaves the forms of actions out: Amazon's recorded answers carry a title, whether it is disabled, and the whole JSON schema.",
	},
	{
		at: /^messaging\.json: GET .*\{amazonOrderId\}$/,
		says: /^answer 200: body\._links\.self must be object$/,
		reason: 'Amazon was seen to answer with a list of links where the model has one.',
	},
	{
		at: /^messaging\.json: POST .*\/(negativeFeedbackRemoval|amazonMotors)$/,
		says: /^accepted: no such operation$/,
		reason:
			"The document contradicts itself: its examples of an order's list of actions link to both, under the very path. Their operations were taken out of it (2025-08, 2026-01).",
	},
	{
		at: /^messaging\.json: POST .*\/confirmCustomizationDetails$/,
		says: /^accepted: body\.text must NOT have more than 800 characters$/,
		reason:
			"The same document says of the schema that comes with an order's list that it 'describes the expected payload of the action': where that schema allows more, more is expected.",
	},
	{
		at: /^uploads_2020-11-01\.json: /,
		says: /^answer 201: body\.payload\.headers must be object$/,
		reason: "Amazon's own recipe answers `headers: null`.",
	},
	{
		at: /^magalu-sac\.yaml: /,
		says: /^answer (400|401|403|404|429): Unable to match the returned status code/,
		reason:
			'The specification leaves out what the gateway answers; the pages of the portal name 400, 401, 403, 404 and 429.',
	},
	{
		at: /^magalu-sac\.yaml: GET \/seller\/v0\/tickets/,
		says: /^answer 200: body\S* must NOT have additional properties; found '(alias|updated_at)'$/,
		reason:
			"The portal's pages show a channel's alias, by which the specification itself filters, and when a message was changed.",
	},
	{
		at: /^ebay_commerce_notification_v1_oas3\.json: POST \/(destination|subscription)$/,
		says: /^answer 201: (The received media type "" does not match|body must be object$)/,
		reason:
			'eBay answers 201 without a body and tells the id in the header Location, as integrators recorded it.',
	},
	{
		at: /^magalu-sac\.yaml: GET \/seller\/v0\/transactions\/\{transaction_id\}$/,
		says: /^answer 200: body must (have required property 'content_type'|NOT have additional properties; found 'trigger_endpoint')$/,
		reason:
			"The portal's page of a transaction has trigger_endpoint where the specification has content_type: both are read.",
	},
	{
		at: /^ebay_commerce_message_v1_oas3\.json: POST \/(send_message|update_conversation)$/,
		says: /^answer 404: Unable to match the returned status code/,
		reason: 'eBay answers 404 with 355000 for an unknown conversation, as integrators recorded it.',
	},
	{
		at: /^ebay_developer_analytics_v1_beta_oas3\.json: GET \/user_rate_limit\/$/,
		says: /^answer 403: Unable to match the returned status code/,
		reason:
			"The document demands scopes and leaves out what a token without them gets: eBay's REST APIs answer 403 with 1100 (Access denied), as integrators recorded it.",
	},
	{
		at: /^magalu-sac\.yaml: /,
		says: /^answer 20\d: body\S* must match format "date-time"$/,
		reason: "Magalu's own examples of tickets, messages and transactions are dates without a zone.",
	},
];

/** What the nodes ask though no document has it, and no proof says that it is there: to be asked of the marketplace. */
const doubts: Exception[] = [
	{
		at: /^magalu-sac\.yaml: GET \/seller\/v0\/transactions$/,
		says: /^accepted: no such operation$/,
		reason:
			'The specification (January 2025) has one transaction by its ID and no list; a public client (SistemAtc/Marketplaces) asks for a list at this path, by both times of creation. A message whose answer was lost is looked for there beside its ticket: without the list it stays in doubt, and is not sent again.',
	},
];

const corrections: Correction[] = [
	{
		file: 'messaging.json',
		reason: 'Amazon writes maxLength of lists where it means maxItems: on a list it says nothing.',
		apply({ definitions }) {
			const lists = Object.values(definitions)
				.flatMap(({ properties }) => Object.values(properties ?? {}))
				.filter(({ type, maxLength }) => String(type) === 'array' && maxLength !== undefined);
			for (const list of lists) {
				Object.assign(list, { minItems: list.minLength ?? 0, maxItems: list.maxLength });
			}
			return lists.length > 0;
		},
	},
	{
		file: 'uploads_2020-11-01.json',
		reason:
			"Amazon's guide and its own samples write the resource with its slashes; a path parameter has none.",
		apply({ paths }) {
			const path = '/uploads/2020-11-01/uploadDestinations/{resource}';
			const operation = paths[path]?.post;
			if (!operation) return false;
			operation.parameters = listOf(
				operation.parameters.filter(({ name }) => String(name) !== 'resource'),
			);
			paths[path.replace('{resource}', 'messaging/v1/orders/{orderId}/messages/{type}')] =
				paths[path];
			delete paths[path];
			return true;
		},
	},
	{
		file: 'magalu-sac.yaml',
		reason:
			'The list of file extensions names pdf twice, which is no schema and would judge nothing.',
		apply({ components }) {
			const extension = components.schemas.AttachmentExtension;
			const { length } = extension.enum;
			extension.enum = listOf([...new Set(extension.enum)]);
			return extension.enum.length < length;
		},
	},
];

const listOf = (list: Tree[]) => list as Tree;

const used = new Set<Exception | Correction>();

/** Puts a document right. */
export function correct(file: FileName, tree: Tree): void {
	for (const correction of corrections.filter((one) => one.file === file)) {
		if (correction.apply(tree)) used.add(correction);
	}
}

/** @returns whether this finding is known to be the document's own mistake, or a doubt */
export function isExcepted(at: string, says: string): boolean {
	const fitting = [...exceptions, ...doubts].filter(
		(one) => one.at.test(at) && one.says.test(says),
	);
	for (const one of fitting) used.add(one);
	return fitting.length > 0;
}

/** Counted, those that are doubts apart. */
export function inUse(): { exceptions: number; doubts: number } {
	const open = doubts.filter((one) => used.has(one)).length;
	return { exceptions: used.size - open, doubts: open };
}

/** Reasons of those that nothing needs. */
export function unusedExceptions(): string[] {
	return [...exceptions, ...doubts, ...corrections]
		.filter((one) => !used.has(one))
		.map(({ reason }) => reason);
}
