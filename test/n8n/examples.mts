/** The demo's credentials, all for the simulator, and the workflows of `examples/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { assistantKey } from '../marketplaces/assistant.mts';
import { demoRuName } from '../marketplaces/ebay/index.mts';
import type { DemoCredential, WorkflowFile } from './instance.mts';

/** The day so many days from today. */
function dayIn(days: number): string {
	return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The simulator's demo accounts; `origin` is where it listens. None of this opens anything real. */
export function demoCredentials(origin: string): DemoCredential[] {
	return [
		{
			id: 'demoAmazon000001',
			name: 'Amazon (demo)',
			type: 'amazonSellingPartnerApi',
			data: {
				environment: 'custom',
				region: 'na',
				clientId: 'amzn1.application-oa2-client.demo',
				clientSecret: 'amzn1.oa2-cs.v1.demo',
				refreshToken: 'Atzr|demo',
				apiUrl: `${origin}/amazon`,
				tokenUrl: `${origin}/lwa/auth/o2/token`,
				// Soon enough to be told of.
				lwaCredentialsExpireOn: dayIn(20),
			},
		},
		{
			id: 'demoEbay00000001',
			name: 'eBay (demo)',
			type: 'ebayApi',
			data: {
				environment: 'custom',
				authentication: 'oAuth',
				clientId: 'demo-client',
				clientSecret: 'demo-secret',
				refreshToken: 'v^1.1#demo-refresh',
				ruName: demoRuName,
				siteId: '0',
				apiUrl: `${origin}/ebay`,
				mediaUrl: `${origin}/ebay-media`,
			},
		},
		{
			id: 'demoMagalu000001',
			name: 'Magalu (demo)',
			type: 'magaluOAuth2Api',
			data: {
				environment: 'custom',
				clientId: 'demo-magalu-client',
				clientSecret: 'demo-magalu-secret',
				apiUrl: `${origin}/magalu`,
				loginUrl: `${origin}/id-magalu/login`,
				tokenUrl: `${origin}/id-magalu/oauth/token`,
				// Not a token that Magalu knows: the first call brings a new one.
				oauthTokenData: {
					access_token: 'demo-magalu-access',
					refresh_token: 'demo-magalu-refresh',
					token_type: 'Bearer',
				},
			},
		},
		{
			id: 'demoOpenAi000001',
			name: 'OpenAI (demo)',
			type: 'openAiApi',
			data: { apiKey: assistantKey, url: `${origin}/assistant/v1` },
		},
	];
}

/** The one that the demo publishes: what the simulator's page lets a buyer write starts it at once. */
export const publishedInDemo = '12-ebay-word-at-once.json';

/** How the note of an example that writes begins: *Validate Only* is on. */
export const nothingIsSent = /^\*\*Nothing is sent yet:\*\* .*\n/;

/**
 * The workflow as the demo has it: *Validate Only* is off, because nothing there reaches a real buyer, and the
 * first line of its note says so.
 * @param page the address of the simulator's page
 */
export function demoCopy(workflow: WorkflowFile, page: string): WorkflowFile {
	const copy = structuredClone(workflow);
	for (const { parameters } of copy.nodes) {
		const options = parameters.options as { validateOnly?: boolean } | undefined;
		if (options?.validateOnly) options.validateOnly = false;
		// The demo's application has told eBay none before.
		if (parameters.alertEmail === '') parameters.alertEmail = 'shop@example.com';
	}
	const note = copy.nodes.find(({ type }) => type === 'n8n-nodes-base.stickyNote');
	if (note) {
		const content = String(note.parameters.content);
		const look = nothingIsSent.test(content)
			? `What is sent arrives in the [mailboxes](${page}); there you can also make something happen.`
			: `Make something happen on the [simulator's page](${page}).`;
		note.parameters.content = `**Demo: nothing reaches a real buyer.** ${look}\n${content.replace(nothingIsSent, '')}`;
	}
	return copy;
}

export interface Example {
	file: string;
	workflow: WorkflowFile;
}

/** Every workflow of `examples/`, by number. */
export function examples(): Example[] {
	const folder = join(process.cwd(), 'examples');
	const files = existsSync(folder) ? readdirSync(folder) : [];
	return files
		.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
		.filter((file) => file.endsWith('.json'))
		.map((file) => ({
			file,
			workflow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as WorkflowFile,
		}));
}
