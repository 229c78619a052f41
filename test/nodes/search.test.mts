/** What a seller types into n8n's panel of nodes, and which of ours n8n's own search finds by it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sublimeSearch } from '@n8n/utils/search/sublime-search';
import type { INodePropertyOptions, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { root } from '../docs/pages.mts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[] };
};

interface Offered {
	properties: { displayName: string; codex: { alias: string[] } };
	description: INodeTypeDescription;
}

const offered = manifest.n8n.nodes.map((path): Offered => {
	const source = join(root, path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const exported = Object.values(jest.requireActual<Record<string, new () => INodeType>>(source));
	const description = new exported[0]!().description as INodeTypeDescription;
	const codex = JSON.parse(readFileSync(source.replace(/\.ts$/, '.json'), 'utf8')) as {
		alias: string[];
	};
	return { properties: { displayName: description.displayName, codex }, description };
});

/** A word found letter by letter, scattered over another, has less than half of it. */
const wellFound = (words: string) => 30 * words.length;

const found = (words: string) =>
	sublimeSearch(words.toLowerCase(), offered)
		.filter(({ score }) => score >= wellFound(words))
		.map(({ item }) => item.properties.displayName);

const AMAZON = ['Amazon Messaging'];
const AMAZON_ORDERS = ['Amazon Order Trigger'];
const EBAY = ['eBay Member Message'];
const EBAY_ORDERS = ['eBay Order Trigger'];
const EBAY_MESSAGES = ['eBay Message Trigger', 'eBay Notification Trigger'];
const MAGALU = ['Magalu Ticket Message'];
const MAGALU_ORDERS = ['Magalu Order Trigger'];
const MAGALU_TICKETS = ['Magalu Ticket Trigger'];
const WRITING = [...AMAZON, ...EBAY, ...MAGALU];
const ORDERS = [...AMAZON_ORDERS, ...EBAY_ORDERS, ...MAGALU_ORDERS];

test.each([
	['buyer message', [...WRITING, ...EBAY_MESSAGES, ...MAGALU_TICKETS]],
	['message buyer', WRITING],
	['message to buyer', WRITING],
	['customer message', [...WRITING, ...EBAY_MESSAGES, ...MAGALU_TICKETS]],
	['message customer', WRITING],
	['contact buyer', WRITING],
	['write to customer', WRITING],
	['seller message', WRITING],
	['marketplace', [...WRITING, ...ORDERS]],
	['review request', AMAZON],
	['ask for review', AMAZON],
	['request a review', AMAZON],
	['feedback request', [...AMAZON, ...EBAY]],
	['send invoice', [...AMAZON, ...MAGALU]],
	['warranty', AMAZON],
	['seller central', [...AMAZON, ...AMAZON_ORDERS]],
	['reply to buyer', [...EBAY, ...MAGALU]],
	['answer question', EBAY],
	['buyer question', [...EBAY, 'eBay Question Trigger', ...MAGALU_TICKETS]],
	['send photo', EBAY],
	['thank you', EBAY],
	['tracking number', [...EBAY, ...EBAY_ORDERS]],
	['new message', EBAY_MESSAGES],
	['new order', ORDERS],
	['order shipped', ORDERS],
	['shipped order', [...AMAZON_ORDERS, ...EBAY_ORDERS]],
	['order delivered', ORDERS],
	['order paid', [...EBAY_ORDERS, ...MAGALU_ORDERS]],
	['order cancelled', ORDERS],
	['customer service', [...MAGALU, ...MAGALU_TICKETS]],
	['new ticket', MAGALU_TICKETS],
	['SAC', [...MAGALU, ...MAGALU_TICKETS]],
	['atendimento', [...MAGALU, ...MAGALU_TICKETS]],
	['nota fiscal', MAGALU],
	['enviar mensagem', MAGALU],
	['mensagem cliente', [...MAGALU, ...MAGALU_TICKETS]],
	['responder cliente', MAGALU],
	['reclamação', [...MAGALU, ...MAGALU_TICKETS]],
	['reclamacao', [...MAGALU, ...MAGALU_TICKETS]],
	['devolução', [...MAGALU, ...MAGALU_TICKETS]],
	['pedido', MAGALU_ORDERS],
	['novo pedido', MAGALU_ORDERS],
	['pedido enviado', MAGALU_ORDERS],
	['magazine luiza', [...MAGALU, ...MAGALU_ORDERS, ...MAGALU_TICKETS]],
])('"%s" finds %j', (words, names) => {
	expect(found(words)).toEqual(expect.arrayContaining(names));
});

test('what nobody here does finds none of ours', () => {
	expect(['spreadsheet', 'shopify', 'slack', 'postgres'].flatMap(found)).toEqual([]);
});

describe('in the list of actions', () => {
	const actionsOf = (name: string) =>
		offered
			.find(({ description }) => description.displayName === name)!
			.description.properties.filter(({ name: property }) => property === 'operation')
			.flatMap(({ options }) => options as INodePropertyOptions[])
			.map(({ action }) => ({ properties: { displayName: action! } }));

	test.each([
		[AMAZON[0]!, 'send message', /^Send message /],
		[AMAZON[0]!, 'message', /^Send message /],
		[AMAZON[0]!, 'send review', /^Send review request /],
		[AMAZON[0]!, 'language', /buyer/],
		[EBAY[0]!, 'send message', /^Send message /],
		[EBAY[0]!, 'reply', /^Reply to question /],
		[EBAY[0]!, 'conversation', /conversation/],
		[MAGALU[0]!, 'send', /^Send message /],
		[MAGALU[0]!, 'ticket', /ticket/],
		[MAGALU[0]!, 'attachment', /^Download attachment/],
	])('of %s "%s" finds %s first', (name, words, first) => {
		const [best] = sublimeSearch(words, actionsOf(name));
		expect(best?.item.properties.displayName).toMatch(first);
	});
});
