import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { Refusal } from '../../shared/outcome';
import { refuseGaps } from '../../shared/run/expression';
import { refuseText, textIn } from '../../shared/text';
import { DEFAULT_ERROR_LANGUAGE, errorLanguages } from '../api/hosts';
import { messageLimits } from '../api/limits';
import type { Standard } from '../api/trading';
import { legalText } from '../api/xml';

/** Reading the form: everything is trimmed, checked and named by its label before anything leaves. */

/**
 * What a person typed or an expression gave, as text that XML and JSON can carry; line ends are `\n`.
 *
 * @param label as the form labels the field
 * @throws Refusal for what is no text
 */
export function cleanText(value: unknown, label: string): string {
	return legalText(textIn(value, label).replace(/\r\n?/g, '\n')).trim();
}

/** @throws Refusal for what is no text */
export function textOfField(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	return cleanText(context.getNodeParameter(name, itemIndex, ''), label);
}

/** @throws Refusal that names the field, where it is empty or no text */
export function neededText(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	return present(textOfField(context, itemIndex, name, label), label);
}

/** @throws Refusal that names the field, where it is empty */
export function present(text: string, label: string): string {
	if (text !== '') return text;
	throw new Refusal(
		`'${label}' is empty`,
		'Fill it in. If it comes from an expression, check that the item has that field.',
	);
}

/**
 * What the other person is to read.
 *
 * @throws Refusal for what is no text, and for one with a gap
 */
export function writtenText(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	const text = textOfField(context, itemIndex, name, label);
	refuseGaps(context, itemIndex, name, label);
	return text;
}

/** A body: plain text of 1 to 2000 code points. */
export function bodyOfField(context: IExecuteFunctions, itemIndex: number): string {
	const body = writtenText(context, itemIndex, 'body', 'Body');
	refuseText(body, {
		label: 'Body',
		marketplace: 'eBay',
		min: 1,
		max: messageLimits.body,
		refuseHtml: true,
	});
	return body;
}

/**
 * @param typed the number of a listing, its address, or an id of eBay's REST APIs such as `v1|110093125309|0`
 * @returns the number, as text; nothing where the field is empty
 * @throws Refusal for anything else
 */
export function itemIdIn(typed: string): string | undefined {
	if (typed === '') return undefined;
	const patterns = [
		/^(\d{1,19})$/,
		/^v1(?:\||%7C)(\d{1,19})(?:\||%7C)\d+$/i,
		/^https?:\/\/[^\s/?#]+\/itm\/(?:[^\s/?#]+\/)?(\d{6,19})(?:[/?#]\S*)?$/i,
		/^https?:\/\/[^\s/?#]+\/\S*[?&](?:item|itemid|itm)=(\d{6,19})(?:[&#]\S*)?$/i,
	];
	for (const pattern of patterns) {
		const found = pattern.exec(typed)?.[1];
		if (found) return found;
	}
	throw new Refusal(
		"'Item ID' is not the number of an eBay listing",
		'It has digits only, for example 110093125309. The address of the listing is taken, too, and the form v1|110093125309|0. An order ID or a transaction ID is something else. The eBay triggers and "Get Many" of orders give it as itemId.',
	);
}

/** @throws Refusal where it is empty or no listing's number */
export function neededItemId(context: IExecuteFunctions, itemIndex: number): string {
	return itemIdIn(neededText(context, itemIndex, 'itemId', 'Item ID'))!;
}

/** @returns nothing where the seller's account decides */
export function emailCopyOf(option: unknown): boolean | undefined {
	if (option === 'yes' || option === true) return true;
	return option === 'no' || option === false ? false : undefined;
}

export const tradingDefaults = {
	emailCopyToSender: 'default' as unknown,
	errorLanguage: DEFAULT_ERROR_LANGUAGE,
	messageId: '',
	warningLevel: '',
};

/** @throws Refusal for a language that eBay does not have */
export function standardOf(options: IDataObject): Standard {
	const errorLanguage =
		cleanText(options.errorLanguage, 'Error Language') || DEFAULT_ERROR_LANGUAGE;
	if (!errorLanguages.some(({ code }) => code === errorLanguage)) {
		throw new Refusal(
			"'Error Language' is not one of eBay's",
			'Choose one from the list. An expression must give a code such as en_US.',
		);
	}
	const warningLevel = cleanText(options.warningLevel, 'Warning Level');
	if (!['', 'Low', 'High'].includes(warningLevel)) {
		throw new Refusal("'Warning Level' is neither Low nor High", 'Choose one from the list.');
	}
	const messageId = cleanText(options.messageId, 'Message ID');
	return { errorLanguage, messageId, warningLevel };
}
