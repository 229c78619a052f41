/**
 * The nine message types of Messaging API v1. Source: models/messaging-api-model in
 * github.com/amzn/selling-partner-api-models, and the use case guide for titles and schemas.
 */
export interface MessageType {
	/** Last part of the POST path, and of the upload's resource. */
	segment: string;
	/** Its name in the list of actions; differs from the segment for the invoice alone. */
	action: string;
	title: string;
	description: string;
	/** Code points. Absent: the type takes no text. Where present, at least one is needed. */
	textMaxLength?: number;
	/** Absent: the type takes no attachments. */
	attachments?: { min: number; max: number };
	coverageDates?: boolean;
}

export const messageTypes: MessageType[] = [
	{
		segment: 'confirmCustomizationDetails',
		action: 'confirmCustomizationDetails',
		title: 'Confirm customization details',
		description: 'Ask the buyer to provide or verify details of a customized item.',
		textMaxLength: 800,
		attachments: { min: 0, max: 5 },
	},
	{
		segment: 'confirmDeliveryDetails',
		action: 'confirmDeliveryDetails',
		title: 'Confirm delivery details',
		description: 'Arrange a delivery, or ask where and when it suits the buyer.',
		textMaxLength: 2000,
	},
	{
		segment: 'confirmOrderDetails',
		action: 'confirmOrderDetails',
		title: 'Confirm order details',
		description: 'Ask a question about the order before it is shipped.',
		textMaxLength: 2000,
	},
	{
		segment: 'confirmServiceDetails',
		action: 'confirmServiceDetails',
		title: 'Contact Home Service customer',
		description: 'Arrange a home service with the buyer.',
		textMaxLength: 2000,
	},
	{
		segment: 'digitalAccessKey',
		action: 'digitalAccessKey',
		title: 'Send a digital access key',
		description: 'Give the buyer a key to the digital content of the order.',
		textMaxLength: 400,
		attachments: { min: 0, max: 5 },
	},
	{
		segment: 'invoice',
		action: 'sendInvoice',
		title: 'Send invoice',
		description: 'Send the buyer the invoice of the order.',
		attachments: { min: 1, max: 5 },
	},
	{
		segment: 'legalDisclosure',
		action: 'legalDisclosure',
		title: 'Send legal disclosure',
		description: 'Send the buyer documents that the law requires.',
		attachments: { min: 1, max: 5 },
	},
	{
		segment: 'unexpectedProblem',
		action: 'unexpectedProblem',
		title: 'Problem with your order',
		description: 'Tell the buyer about an unexpected problem with the order.',
		textMaxLength: 2000,
	},
	{
		segment: 'warranty',
		action: 'warranty',
		title: 'Send warranty information',
		description: 'Send the buyer the warranty of the order.',
		attachments: { min: 1, max: 5 },
		coverageDates: true,
	},
];

/** File types that a message may carry ("text files, PDFs, Word documents, .jpg, .gif, .png"). */
export const attachmentTypes: Record<string, string> = {
	txt: 'text/plain',
	pdf: 'application/pdf',
	doc: 'application/msword',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	png: 'image/png',
};

/** All attachments of a message together have to stay below this. */
export const ATTACHMENTS_TOTAL = 10 * 1024 * 1024;
