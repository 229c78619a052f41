/**
 * Holds our tables against Amazon's official models: `npm run check:models -- FOLDER`.
 * The models are public (see CONTRIBUTING.md); nothing of them is kept here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { attachmentLimits, messagingPlan, uploadPlan } from '../../nodes/Amazon/api/limits.ts';
import { messageTypes } from '../../nodes/Amazon/api/messageTypes.ts';

interface Schema {
	minLength?: number;
	maxLength?: number;
}
interface Operation {
	description?: string;
	parameters?: Array<{ in?: string; name?: string; schema?: { $ref?: string } }>;
}
interface Model {
	paths: Record<string, Record<string, Operation>>;
	definitions: Record<string, { properties?: Record<string, Schema> }>;
}

const differences: string[] = [];
let compared = 0;

function same(what: string, ours: unknown, theirs: unknown): void {
	compared += 1;
	const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
	if (a !== b) differences.push(`${what}: ours ${a}, Amazon's ${b}`);
}

function modelIn(folder: string, file: string): Model {
	return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Model;
}

/** Rate and burst out of the plan that an operation's description states. */
function planIn({ description = '' }: Operation): { rate: number; burst: number } | undefined {
	const row = /\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|/.exec(description);
	return row ? { rate: Number(row[1]), burst: Number(row[2]) } : undefined;
}

function checkMessaging(model: Model): void {
	const root = '/messaging/v1/orders/{amazonOrderId}';
	const posts = Object.keys(model.paths).filter((path) => model.paths[path].post);
	same(
		'message types',
		messageTypes.map(({ path }) => `${root}/messages/${path}`).sort(),
		posts.sort(),
	);
	for (const { path, text, attachments, coverageDates, messageType } of messageTypes) {
		const operation = model.paths[`${root}/messages/${path}`]?.post;
		if (!operation) continue;
		const reference = operation.parameters?.find((one) => one.in === 'body')?.schema?.$ref ?? '';
		const properties = model.definitions[reference.split('/').pop()!]?.properties ?? {};
		const limitsOf = (schema?: Schema) =>
			schema && { min: schema.minLength ?? 0, max: schema.maxLength };
		same(`${messageType}: text`, text, limitsOf(properties.text));
		// The model writes maxLength where it means maxItems, and no minimum for a legal disclosure.
		const theirs = limitsOf(properties.attachments);
		const files = messageType === 'legalDisclosure' && theirs ? { ...theirs, min: 1 } : theirs;
		same(`${messageType}: attachments`, attachments, files);
		same(
			`${messageType}: coverage dates`,
			coverageDates === true,
			'coverageStartDate' in properties,
		);
		const plan = planIn(operation);
		const { rate, burst } = messagingPlan(path);
		if (plan) same(`${messageType}: plan`, { rate, burst }, plan);
	}
	same('attachments a message', attachmentLimits.maxFiles, 5);
}

function checkUploads(model: Model): void {
	const [path, methods] = Object.entries(model.paths)[0];
	same('upload path', '/uploads/2020-11-01/uploadDestinations/{resource}', path);
	const { rate, burst } = uploadPlan;
	same('upload plan', { rate, burst }, planIn(methods.post));
}

function checkSolicitations(model: Model): void {
	const path =
		'/solicitations/v1/orders/{amazonOrderId}/solicitations/productReviewAndSellerFeedback';
	same('solicitation path', path in model.paths && 'post' in model.paths[path], true);
}

function checkOrders(model: Model): void {
	const path = '/orders/2026-01-01/orders';
	const names = (model.paths[path]?.get.parameters ?? []).map(({ name }) => name);
	for (const ours of [
		'createdAfter',
		'lastUpdatedAfter',
		'marketplaceIds',
		'paginationToken',
		'includedData',
		'maxResultsPerPage',
		'fulfillmentStatuses',
		'fulfilledBy',
	]) {
		same(`searchOrders: ${ours}`, names.includes(ours), true);
	}
}

const folder = process.argv[2];
if (!folder) {
	console.error("Name the folder with Amazon's models: npm run check:models -- FOLDER");
	process.exit(2);
}
checkMessaging(modelIn(folder, 'messaging.json'));
checkUploads(modelIn(folder, 'uploads_2020-11-01.json'));
checkSolicitations(modelIn(folder, 'solicitations.json'));
checkOrders(modelIn(folder, 'orders_2026-01-01.json'));

if (differences.length > 0) {
	console.error(`Amazon's models say otherwise:\n${differences.join('\n')}`);
	process.exit(1);
}
console.log(`Our tables agree with Amazon's models (${compared} facts compared).`);
