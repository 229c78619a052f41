import type { HttpResponse } from '../../shared/http/service';
import { isWord, recordOf, recordsOf, textOf, type Json } from '../../shared/values';
import { readXml } from './xml';

/** @see https://developer.ebay.com/devzone/xml/docs/reference/ebay/types/AckCodeType.html */
const acks = ['Success', 'Warning', 'Failure', 'PartialFailure', 'CustomCode'] as const;

export type Ack = (typeof acks)[number];

/** One `Errors` block: an error or a warning. */
export interface TradingFault {
	code: string;
	/** eBay's long text, else its short one. */
	message: string;
	severe: boolean;
	/** `RequestError` or `SystemError`. */
	classification?: string;
}

/** An answer of the Trading API that could be read. */
export interface Reading {
	ack: Ack;
	faults: TradingFault[];
	root: Json;
}

const readings = new WeakMap<HttpResponse, { reading?: Reading }>();

/** @returns nothing for a page, a cut-off document, another call's answer, or one without a known `Ack` */
export function readingOf(answer: HttpResponse, call: string): Reading | undefined {
	const known = readings.get(answer) ?? { reading: read(answer.text, call) };
	readings.set(answer, known);
	return known.reading;
}

function read(text: string, call: string): Reading | undefined {
	const document = readXml(text);
	if (!document) return undefined;
	const { name, content: root } = document;
	const ack = acks.find((one) => isWord(elementText(root.Ack), one));
	const faults = [root, listIn(root, call)].flatMap(({ Errors }) => recordsOf(Errors)).map(faultOf);
	const isOurs = name === `${call}Response`;
	// A refusal of the gateway itself is a document of no call.
	const isOfGateway = ack === 'Failure' && faults.length > 0 && !/^[A-Z]\w*Response$/.test(name);
	return ack && (isOurs || isOfGateway) ? { ack, faults, root } : undefined;
}

/** Where the calls that list have their entries. */
const lists: Readonly<Record<string, readonly [list: string, entry: string]>> = {
	GetMemberMessages: ['MemberMessage', 'MemberMessageExchange'],
	GetMyMessages: ['Messages', 'Message'],
	GetOrders: ['OrderArray', 'Order'],
};

const listIn = (root: Json, call: string): Json => recordOf(root[lists[call]?.[0] ?? '']);

/** @returns whether eBay gave entries of a list, and an error for the others */
export function isPartOfList({ ack, root }: Reading, call: string): boolean {
	const entries = listIn(root, call)[lists[call]?.[1] ?? ''];
	return ack === 'PartialFailure' && recordsOf(entries).length > 0;
}

function faultOf(block: Json): TradingFault {
	return {
		code: elementText(block.ErrorCode)?.trim() ?? '',
		message: elementText(block.LongMessage) ?? elementText(block.ShortMessage) ?? '',
		severe: !isWord(elementText(block.SeverityCode), 'Warning'),
		classification: elementText(block.ErrorClassification)?.trim(),
	};
}

/** @returns an element's text, also of one that carries attributes */
export function elementText(element: unknown): string | undefined {
	return textOf(element) ?? textOf(recordOf(element).value);
}

/**
 * Whether a list goes on after a page.
 *
 * @param flag the element that says so; where it is left out, the number of pages does
 * @param entries of this page: an empty one is the last, unless the number of pages says otherwise
 */
export function hasMore(
	root: Json,
	flag: 'HasMoreItems' | 'HasMoreOrders',
	page: number,
	entries: number,
): boolean {
	const said = elementText(root[flag]);
	const pages = Number(elementText(recordOf(root.PaginationResult).TotalNumberOfPages));
	if (said === undefined || entries === 0) return !isWord(said, 'false') && pages > page;
	return isWord(said, 'true');
}

/** The error that decided: warnings may stand before it. */
export function decisive({ faults }: Reading): TradingFault | undefined {
	return faults.find(({ severe }) => severe) ?? faults[0];
}
