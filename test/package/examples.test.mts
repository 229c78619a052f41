/** The ready workflows as files: what a seller finds who imports one, or sees it in the demo. */
import { readFileSync } from 'node:fs';

import glob from 'fast-glob';

import { demoCopy, examples, nothingIsSent } from '../n8n/examples.mts';
import type { WorkflowFile, WorkflowNode } from '../n8n/instance.mts';

const all = examples();
const WRITING = [
	...['message send', 'conversation send', 'question reply'],
	...['reviewRequest send', 'ticket create'],
];

const writersIn = ({ nodes }: WorkflowFile) =>
	nodes.filter(
		({ type, parameters: { resource = 'message', operation = 'send' } }) =>
			/^n8n-nodes-marketplace-messages\.(?!.*Trigger$)/.test(type) &&
			WRITING.includes(`${String(resource)} ${String(operation)}`),
	);

const writing = all.filter(({ workflow }) => writersIn(workflow).length > 0);
const reading = all.filter(({ workflow }) => writersIn(workflow).length === 0);

const optionsOf = ({ parameters }: WorkflowNode) =>
	(parameters.options ?? {}) as { validateOnly?: boolean; duplicateKey?: string };

/** The first line of its first note. */
function firstLine({ nodes }: WorkflowFile): string {
	const note = nodes.find(({ type }) => type === 'n8n-nodes-base.stickyNote');
	return String(note?.parameters.content).split('\n')[0]!;
}

/** What the forms of this package call their fields, options and values, with all other texts. */
const forms = glob
	.sync(['nodes/**/*.ts', 'credentials/*.ts'])
	.map((file) => readFileSync(file, 'utf8'))
	.join('\n');

/** What notes emphasize besides: n8n's own words, a customer's, and several nodes at once. */
const OTHER_WORDS = [
	...['Execute workflow', 'Fetch Test Event', 'On Error', 'Settings'],
	...['Save successful production executions', 'nota', 'NF-e', 'DANFE', 'Check …'],
];

/** What the notes of a workflow emphasize: nodes, fields and options. */
const emphasizedIn = ({ nodes }: WorkflowFile) =>
	nodes
		.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
		.flatMap(({ parameters }) => [
			...String(parameters.content).matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g),
		])
		.map(([, word]) => word!);

/** Those that write on eBay about orders, where neither item nor buyer tells one order from the next. */
const aboutEbayOrders = writing.filter(({ workflow }) =>
	workflow.nodes.some(({ type }) => type.endsWith('.ebayOrderTrigger')),
);

describe('a ready workflow', () => {
	it.each(all)('$file carries its number in its name', ({ file, workflow }) => {
		expect(workflow.name.split(' ')[0]).toBe(file.split('-')[0]);
	});

	it.each(all)('$file has no two nodes of one ID, which n8n refuses', ({ workflow }) => {
		const ids = workflow.nodes.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it.each(writing)('$file sends nothing before a seller wants it', ({ workflow }) => {
		const switches = writersIn(workflow).map((node) => optionsOf(node).validateOnly);
		expect(new Set(switches)).toEqual(new Set([true]));
	});

	it.each(writing)('$file says so first, and where to switch it off', ({ workflow }) => {
		const line = firstLine(workflow);
		expect(`${line}\n`).toMatch(nothingIsSent);
		for (const { name } of writersIn(workflow)) expect(line).toContain(`*${name}*`);
	});

	it.each(all)('$file calls nodes and fields in its notes as they are called', ({ workflow }) => {
		const nodes = workflow.nodes.map(({ name }) => name);
		const isCalled = (word: string) =>
			nodes.includes(word) || OTHER_WORDS.includes(word) || forms.includes(`'${word}'`);
		expect(emphasizedIn(workflow).filter((word) => !isCalled(word))).toEqual([]);
	});

	it.each(aboutEbayOrders)('$file writes again to who orders the same again', ({ workflow }) => {
		const keys = writersIn(workflow).map((node) => optionsOf(node).duplicateKey);
		expect(keys).toEqual(keys.map(() => expect.stringContaining('json.orderId')));
	});

	it.each(reading)('$file, which writes to nobody, says nothing of it', ({ workflow }) => {
		expect(`${firstLine(workflow)}\n`).not.toMatch(nothingIsSent);
	});
});

describe('a ready workflow in the demo', () => {
	const page = 'http://127.0.0.1:8099/';

	it.each(all)(
		'$file says first that no buyer gets anything, and where to look',
		({ workflow }) => {
			const line = firstLine(demoCopy(workflow, page));
			expect(line).toMatch(/^\*\*Demo: nothing reaches a real buyer\.\*\* /);
			expect(line).toContain(`](${page})`);
		},
	);

	it.each(writing)('$file sends, so that messages arrive on the page', ({ workflow }) => {
		const copy = demoCopy(workflow, page);
		const switches = writersIn(copy).map((node) => optionsOf(node).validateOnly);
		expect(new Set(switches)).toEqual(new Set([false]));
		expect(JSON.stringify(copy)).not.toContain('Nothing is sent yet');
	});

	it('leaves the file as it is', () => {
		const before = JSON.stringify(writing[0]);
		demoCopy(writing[0]!.workflow, page);
		expect(JSON.stringify(writing[0])).toBe(before);
	});
});
