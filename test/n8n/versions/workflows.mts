/** Workflows that every n8n from 1.123 on can import: a call comes in, a file is made, a node writes to a buyer. */
import { demoTickets } from '../../marketplaces/magalu/demo.mts';
import { pdf, picture } from '../files.mts';
import type { WorkflowFile, WorkflowNode } from '../instance.mts';
import { chain, node, US } from '../reliability/workflows.mts';

interface Sending {
	type: string;
	credential: string;
	parameters: Record<string, unknown>;
	file: { fileName: string; mimeType: string; bytes: Buffer };
}

export const sendings = {
	amazon: {
		type: 'amazonMessaging',
		credential: 'amazonSellingPartnerApi',
		parameters: {
			marketplaceId: US,
			orderId: '={{ $json.body?.orderId ?? "111-1111111-1111111" }}',
			messageType: 'confirmCustomizationDetails',
			text: 'Which name shall we engrave?',
		},
		file: { fileName: 'letter.pdf', mimeType: 'application/pdf', bytes: pdf },
	},
	ebay: {
		type: 'ebayMemberMessage',
		credential: 'ebayApi',
		parameters: {
			itemId: '110000000001',
			recipientId: 'buyer_one',
			subject: 'Your mug',
			body: 'It is on its way.',
		},
		file: { fileName: 'mug.png', mimeType: 'image/png', bytes: picture },
	},
	magalu: {
		type: 'magaluTicketMessage',
		credential: 'magaluOAuth2Api',
		parameters: {
			ticketId: demoTickets.waitingSeller,
			text: 'Segue a nota fiscal.',
			ownerName: 'Ana Souza',
			ownerCode: 'ana.souza',
		},
		file: { fileName: 'nota.pdf', mimeType: 'application/pdf', bytes: pdf },
	},
} satisfies Record<string, Sending>;

export type Marketplace = keyof typeof sendings;

/** Our node, without a file. */
export function send(
	marketplace: Marketplace,
	options: object = {},
	settings: Partial<WorkflowNode> = {},
): WorkflowNode {
	const { type, credential, parameters } = sendings[marketplace];
	return {
		...node('Send', `n8n-nodes-marketplace-messages.${type}`, 1, { ...parameters, options }),
		credentials: { [credential]: { id: '', name: '' } },
		...settings,
	};
}

/** A call to `/webhook/<path>` starts it; the call is answered at once. */
function called(path: string): WorkflowNode {
	return {
		...node('Start', 'webhook', 2, { httpMethod: 'POST', path, options: {} }),
		webhookId: path,
	};
}

/** What is posted is the one item; `orders` in it become an item each. */
export const sendingWithoutFile = (path: string, one: WorkflowNode): WorkflowFile =>
	chain(path, [called(path), one]);

/** n8n itself makes the file, so that its bytes lie where this n8n keeps files. */
export function sendingWithFile(path: string, marketplace: Marketplace): WorkflowFile {
	const { fileName, mimeType, bytes } = sendings[marketplace].file;
	const sending = send(marketplace);
	sending.parameters.attachments = { file: [{ binaryPropertyName: 'data', fileName: '' }] };
	return chain(path, [
		called(path),
		node('Given', 'set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ file: bytes.toString('base64') }),
		}),
		node('File', 'convertToFile', 1.1, {
			operation: 'toBinary',
			sourceProperty: 'file',
			options: { fileName, mimeType },
		}),
		sending,
	]);
}

/** Two orders, one item each. */
export function sendingTwo(path: string, one: WorkflowNode): WorkflowFile {
	return chain(path, [
		called(path),
		node('Orders', 'splitOut', 1, { fieldToSplitOut: 'body.orders', options: {} }),
		{ ...one, parameters: { ...one.parameters, orderId: '={{ $json.orderId }}' } },
	]);
}

/** What fails goes its own way. */
export function withErrorBranch(path: string): WorkflowFile {
	const workflow = sendingTwo(path, send('amazon', {}, { onError: 'continueErrorOutput' }));
	workflow.nodes.push(node('Good', 'noOp', 1, {}), node('Bad', 'noOp', 1, {}));
	const to = (name: string) => [{ node: name, type: 'main', index: 0 }];
	workflow.connections.Send = { main: [to('Good'), to('Bad')] };
	return workflow;
}

/** An agent that may write to the buyer: what it says is the message's text. */
export function agent(path: string, settings: Partial<WorkflowNode> = {}): WorkflowFile {
	const tool = send('amazon', {}, settings);
	const workflow = chain(path, [
		called(path),
		node('Agent', '@n8n/n8n-nodes-langchain.agent', 2.2, {
			promptType: 'define',
			text: 'Ask the buyer which name to engrave.',
			options: {},
		}),
	]);
	workflow.nodes.push(
		{
			...node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, {
				model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' },
				options: {},
			}),
			credentials: { openAiApi: { id: '', name: '' } },
		},
		{
			...tool,
			type: `${tool.type}Tool`,
			parameters: {
				...tool.parameters,
				orderId: '111-1111111-1111111',
				text: "={{ $fromAI('text', 'What the buyer reads', 'string') }}",
			},
		},
	);
	const into = (type: string) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	Object.assign(workflow.connections, { Model: into('ai_languageModel'), Send: into('ai_tool') });
	return workflow;
}
