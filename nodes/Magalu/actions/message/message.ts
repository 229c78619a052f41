import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Attachment } from '../../../shared/files/attachments';
import { Refusal } from '../../../shared/outcome';
import { refuseGaps } from '../../../shared/run/expression';
import { refuseText, textIn } from '../../../shared/text';
import { codePointsIn } from '../../../shared/values';
import { CODE_MAX, destinations, TEXT_MAX } from '../../api/limits';
import type { MessageBody } from '../../api/messages';

/** A message as the form gives it, checked by itself. */
export interface Message {
	text: string;
	destination: string;
	owner: { code: string; name: string };
	/** The seller's own reference; empty where one is to be made. */
	givenCode: string;
	code: string;
	/** Nothing else has this code: it was made for this one attempt. */
	codeIsUnique: boolean;
}

/** @throws Refusal that names the field */
export function messageOf(context: IExecuteFunctions, itemIndex: number): Message {
	const read = (name: string, label: string) => {
		refuseGaps(context, itemIndex, name, label);
		return textIn(context.getNodeParameter(name, itemIndex, ''), label);
	};
	const needed = (name: string, label: string) => present(read(name, label), label);
	const text = read('text', 'Text');
	refuseText(text, { label: 'Text', marketplace: 'Magalu', min: 1, max: TEXT_MAX });
	const given = read('code', 'Code');
	refuseLongCode(given);
	return {
		text,
		destination: destinationOf(read('destination', 'Destination') || 'customer'),
		owner: {
			code: needed('ownerCode', 'Your Staff Code'),
			name: needed('ownerName', 'Your Name'),
		},
		givenCode: given,
		code: given || `n8n-${randomBytes(12).toString('hex')}`,
		codeIsUnique: given === '',
	};
}

/**
 * A message that is not to be sent twice has the same code in each attempt, so that a later run finds it.
 * @param key a fingerprint of what makes it this message
 */
export function withLastingCode(message: Message, key: string): Message {
	if (message.givenCode !== '' || key === '') return message;
	return { ...message, code: `n8n-${key}`, codeIsUnique: false };
}

function refuseLongCode(code: string): void {
	const length = codePointsIn(code);
	if (length <= CODE_MAX) return;
	throw new Refusal(
		`'Code' is too long for Magalu: ${length} characters, and at most ${CODE_MAX} are allowed`,
		'Shorten it, or leave it empty: then one is made.',
	);
}

function present(text: string, label: string): string {
	if (text !== '') return text;
	throw new Refusal(
		`'${label}' is empty`,
		'Magalu wants to know who answers: write the name, and the code that your own system knows the person by.',
	);
}

function destinationOf(chosen: string): string {
	if (destinations.some(({ value }) => value === chosen)) return chosen;
	throw new Refusal(
		`'Destination' is not one that Magalu knows: ${chosen.slice(0, 40)}`,
		`It is one of ${destinations.map(({ value }) => value).join(', ')}.`,
	);
}

/** @returns the files under names that tell them apart: `a.png`, `a-1.png` */
export function distinct(files: Attachment[]): Attachment[] {
	const taken = new Set<string>();
	return files.map((file) => {
		const dot = file.fileName.lastIndexOf('.');
		let fileName = file.fileName;
		for (let i = 1; taken.has(fileName); i++) {
			fileName = `${file.fileName.slice(0, dot)}-${i}${file.fileName.slice(dot)}`;
		}
		taken.add(fileName);
		return { ...file, fileName };
	});
}

/** The body of the request; the files are announced, and uploaded later. */
export function bodyOf(
	{ text, code, owner, destination }: Message,
	files: Attachment[],
): MessageBody {
	return {
		code,
		message: text,
		owner,
		destination,
		...(files.length > 0
			? {
					attachments: files.map(({ fileName, extension, mimeType }) => ({
						file_name: fileName,
						file_extension: extension,
						file_type: mimeType,
					})),
				}
			: {}),
	};
}
