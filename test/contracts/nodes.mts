/** Every operation of every node against the mock servers that Prism makes of the documents. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { amazon, amazonTrigger } from './cases/amazon.mts';
import type { Answers, Case, Sensed, Street } from './cases/case.mts';
import { ebay, ebayMessages, ebayNotifications } from './cases/ebay.mts';
import { magalu, magaluTrigger } from './cases/magalu.mts';
import type { Document, Tree } from './documents.mts';
import { Group } from './findings.mts';
import { startMarketplaces, type Marketplaces } from './mocks.mts';
import { withoutDocument } from './recorded.cjs';
import { following } from '../../nodes/Magalu/api/limits.ts';
import { runNode, type NodeUnderTest } from '../engine/engine.mts';
import { pollerOf } from '../engine/poller.mts';
import { webhookOf } from '../engine/webhook.mts';

/** The examples are short: who asks more often for one of them takes no answer for one. */
const MOST_REQUESTS = 20;

const streets = [
	amazon,
	amazonTrigger,
	ebay,
	ebayMessages,
	ebayNotifications,
	magalu,
	magaluTrigger,
];

/** @returns the operations of documents that were asked */
export async function checkNodes(documents: Document[]): Promise<Set<string>> {
	const asked = new Set<string>();
	everyNode();
	// The mock servers' transactions have ended.
	following.firstMs = 10;
	const marketplaces = await startMarketplaces(documents);
	try {
		for (const street of streets) await checkStreet(street, marketplaces, asked);
	} finally {
		await marketplaces.close();
	}
	return asked;
}

/** Of the nodes in the package none is forgotten. */
function everyNode(): void {
	const { n8n } = JSON.parse(readFileSync('package.json', 'utf8')) as { n8n: { nodes: string[] } };
	const group = new Group('package.json: every node is tried', 'nodes');
	const titles = streets.map(({ title }) => title.replaceAll(' ', '').toLowerCase());
	for (const path of n8n.nodes) {
		group.checked += 1;
		const name = basename(path, '.node.js');
		if (withoutDocument.includes(name) || titles.includes(name.toLowerCase())) continue;
		group.add(`${name} is not tried`);
	}
	group.print();
}

async function checkStreet(
	street: Street,
	marketplaces: Marketplaces,
	asked: Set<string>,
): Promise<void> {
	const known = new Set(street.operations);
	for (const { operation } of street.cases) known.add(operation);
	for (const operation of known) {
		const group = new Group(`${street.title}: ${operation}`, 'requests');
		const cases = street.cases.filter((one) => one.operation === operation);
		if (cases.length === 0) group.add('is not tried');
		if (!street.operations.includes(operation)) group.add('is no operation of the node');
		for (const one of cases) {
			await check(one, street.node(marketplaces.simulator), marketplaces, group);
			for (const { operation: name } of marketplaces.seen) asked.add(name);
		}
		group.print();
	}
}

async function check(
	one: Case,
	node: NodeUnderTest,
	marketplaces: Marketplaces,
	group: Group,
): Promise<void> {
	const { variant, adapt, sense } = one;
	const about = variant === undefined ? '' : `${variant}: `;
	marketplaces.begin(adapt);
	const sensed = await outcomeOf(one, node);
	const { seen } = marketplaces;
	group.checked += seen.length;
	for (const { operation, method, rawUrl, requestBody, status, body, against } of seen) {
		const example = `${method} ${rawUrl} ${requestBody}`;
		for (const says of against) group.add(`${about}${operation}: ${says}`, example);
		if (status >= 400) group.add(`${about}${operation}: refused with ${status}`, body);
	}
	if (seen.length > MOST_REQUESTS) group.add(`${about}asks ${seen.length} times`);
	try {
		sense(sensed, answersIn(marketplaces));
	} catch (error) {
		const { error: thrown, items } = sensed;
		const came = thrown
			? `${thrown.message} ${thrown.description}`
			: JSON.stringify(items.map(({ json }) => json));
		group.add(`${about}makes no sense of it: ${firstLines(error)}`, came);
	}
}

async function outcomeOf({ parameters, items }: Case, node: NodeUnderTest): Promise<Sensed> {
	const { poll, webhook } = node.node;
	if (webhook) return await switchedOnAndOff(node, parameters);
	if (!poll) return await runNode(node, { parameters, items });
	try {
		// As the editor's button: what there is, not what is new.
		return { items: (await pollerOf(node, parameters).poll('manual')) ?? [], error: undefined };
	} catch (error) {
		return { items: [], error: error as Sensed['error'] };
	}
}

/** A webhook trigger says so at the marketplace when it is switched on, and when it is switched off. */
async function switchedOnAndOff(
	node: NodeUnderTest,
	parameters: Case['parameters'],
): Promise<Sensed> {
	const hook = await webhookOf(node, parameters);
	try {
		await hook.activate();
		await hook.activate();
		await hook.deactivate();
		return { items: [{ json: { logged: hook.logged } }], error: undefined };
	} catch (error) {
		return { items: [], error: error as Sensed['error'] };
	} finally {
		await hook.close();
	}
}

function answersIn({ seen }: Marketplaces): Answers {
	return {
		all: seen,
		to: (operation) =>
			seen
				.filter((one) => one.operation.endsWith(operation))
				.map(({ body }) => JSON.parse(body || '{}') as Tree),
	};
}

function firstLines(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return text.replace(/\s+/g, ' ').slice(0, 200);
}
