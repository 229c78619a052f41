/**
 * What these nodes do in one version of n8n, as the package is installed from the settings page:
 * `npm run test:versions -- 1.123.81`. Each test is a row of the table in docs/installing.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { modules, type Execution, type WorkflowFile } from '../instance.mts';
import { demoCredentials } from '../examples.mts';
import { callAll } from '../reliability/queueWorld.mts';
import { durableScheduler, startedBy, startsOf, until } from '../triggers.mts';
import { startWorld, type World } from '../world.mts';
import * as workflows from './workflows.mts';

const version = process.env.OTHER_N8N_VERSION!;
const manifest = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
};
const good = { orderId: '111-1111111-1111111' };
const wrong = { orderId: '000-0000000-0000000' };
const passed: string[] = [];
let world: World;
let sellers = 0;

beforeAll(async () => {
	world = await startWorld(`version-${version}`);
}, 300_000);

afterAll(async () => {
	await world?.stop();
	const folder = join(process.cwd(), '.cache/versions');
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, `${version}.json`), JSON.stringify(passed));
});

/** Each test has a seller of its own, so that no limit or token of one test is remembered in the next. */
beforeEach(async () => {
	world.simulator.reset();
	const [{ id, ...amazon }] = demoCredentials(world.simulator.origin);
	amazon.data.refreshToken = `Atzr|seller-${++sellers}`;
	world.simulator.amazon.state.sellers[0].refreshToken = `Atzr|seller-${sellers}`;
	await world.n8n.api('PATCH', `/credentials/${id}`, amazon);
});

/** A column of the table; one that fails is a mark there, too. */
function column(name: string, check: () => Promise<void>): void {
	it(name, async () => {
		await check();
		passed.push(name);
	});
}

const active = new Map<string, string>();

/** Switches the workflow on, calls it, and waits for its end. */
async function run(workflow: WorkflowFile, body: object = {}): Promise<Execution> {
	const path = workflow.name;
	if (!active.has(path)) {
		active.set(path, await world.n8n.importWorkflow(workflow));
		await world.n8n.activate(active.get(path)!);
	}
	return (await callAll(world.n8n, active.get(path)!, path, [body]))[0];
}

const sends = () => world.simulator.calls.filter(({ operation }) => operation === 'amazon.send');

column('Loads', async () => {
	const nameOf = (file: string) => {
		const className = basename(file).split('.')[0];
		return className[0].toLowerCase() + className.slice(1);
	};
	const ours = (await world.n8n.nodeTypes()).filter(({ name }) => name.startsWith(manifest.name));
	const icons = ours.flatMap(({ iconUrl }) => Object.values(iconUrl as { light: string }));
	const shown = await Promise.all(icons.map((icon) => fetch(`${world.n8n.origin}/${icon}`)));
	const credentials = (await world.n8n.credentialTypes()).map(({ name }) => name);

	expect(ours.map(({ name }) => name)).toEqual(
		expect.arrayContaining(manifest.n8n.nodes.map((file) => `${manifest.name}.${nameOf(file)}`)),
	);
	expect(credentials).toEqual(expect.arrayContaining(manifest.n8n.credentials.map(nameOf)));
	expect(icons.length).toBeGreaterThanOrEqual(2 * manifest.n8n.nodes.length);
	expect(shown.every(({ headers }) => headers.get('content-type')?.includes('svg'))).toBe(true);
});

for (const marketplace of ['amazon', 'ebay', 'magalu'] as const) {
	const titles = { amazon: 'Amazon', ebay: 'eBay', magalu: 'Magalu' };
	column(`File to ${titles[marketplace]}`, async () => {
		const { status, error } = await run(
			workflows.sendingWithFile(`file-${marketplace}`, marketplace),
		);

		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		expect(world.simulator.received).toEqual([
			expect.objectContaining({
				attachments: [
					expect.objectContaining({ bytes: workflows.sendings[marketplace].file.bytes }),
				],
			}),
		]);
	});
}

column('Error branch', async () => {
	const { output } = await run(workflows.withErrorBranch('branch'), {
		orders: [good, wrong],
	});

	expect(output.Good[0].map(({ json }) => json)).toEqual([
		expect.objectContaining({ status: 'sent', ...good }),
	]);
	expect(output.Bad[0].map(({ json }) => json.details)).toEqual([
		expect.objectContaining({ outcome: 'notSent' }),
	]);
});

column('Retry On Fail', async () => {
	const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
	const workflow = workflows.sendingTwo('retry', workflows.send('amazon', {}, settings));
	const { status } = await run(workflow, { orders: [good, wrong] });

	expect(status).toBe('error');
	expect(sends()).toHaveLength(1);
});

column('Prevent Duplicates', async () => {
	const workflow = workflows.sendingWithoutFile(
		'once',
		workflows.send('amazon', { preventDuplicates: true }),
	);
	const first = await run(workflow);
	const second = await run(workflow);

	expect([first, second].map(({ output }) => output.Send[0][0].json.status)).toEqual([
		'sent',
		'skipped',
	]);
	expect(sends()).toHaveLength(1);
});

/** An order comes in while a trigger is on. @returns the orders that started its workflow */
async function startedByOrder(code: string): Promise<unknown[]> {
	const trigger = startedBy('magaluOrderTrigger', 'magaluOAuth2Api', { event: 'orderCreated' });
	const id = await world.n8n.importWorkflow(trigger);
	await world.n8n.activate(id);
	world.simulator.magalu.addOrder({ code });
	const codes = async () => (await startsOf(world.n8n, id)).map(({ json }) => json.orderCode);
	await until('the order', async () => (await codes()).includes(code));
	await world.n8n.deactivate(id);
	return await codes();
}

column('Trigger', async () => {
	expect(await startedByOrder('NEW-1')).toEqual(['NEW-1']);
});

column("Agent's tool", async () => {
	const { status, error } = await run(workflows.agent('agent'));

	expect({ status, error }).toEqual({ status: 'success', error: undefined });
	expect(world.simulator.received).toEqual([
		expect.objectContaining({ text: expect.stringMatching(/^Hello! Thank you for writing/) }),
	]);
});

column("Agent's tool, Retry On Fail", async () => {
	world.simulator.faults.push({ operation: 'amazon.send', kind: 'status', status: 500 });
	await run(workflows.agent('stubborn', { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 }));

	expect(sends()).toHaveLength(1);
});

column('Credentials tested', async () => {
	const test = async (type: string, changed: object) => {
		const demo = demoCredentials(world.simulator.origin).find((one) => one.type === type)!;
		const credentials = { ...demo, data: { ...demo.data, ...changed } };
		const { status } = await world.n8n.api<{ status: string }>('POST', '/credentials/test', {
			credentials,
		});
		return status;
	};
	const authToken = { authentication: 'authToken', authToken: 'AgAAAA**demo-auth-token' };

	expect(await test('ebayApi', {})).toBe('OK');
	expect(await test('ebayApi', authToken)).toBe('OK');
	expect(await test('ebayApi', { clientSecret: 'wrong' })).toBe('Error');
	expect(await test('amazonSellingPartnerApi', { clientSecret: 'wrong' })).toBe('Error');
});

/** The scheduler and what goes with it; an n8n before it has parts of that which do not start anything yet. */
const hasScheduler = existsSync(join(modules, '@n8n/config/dist/configs/scheduler.config.js'));

/** What n8n 3 makes the default, as far as this n8n knows it; with the one setting that a seller has to make. */
const ofN8n3 = {
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	...(hasScheduler ? durableScheduler : {}),
};

column("n8n 3's defaults", async () => {
	await world.restart(ofN8n3);
	active.clear();
	const { status, error } = await run(workflows.sendingWithFile('as-in-3', 'amazon'));

	expect({ status, error }).toEqual({ status: 'success', error: undefined });
	expect(world.simulator.received.flatMap(({ attachments }) => attachments)).toEqual([
		expect.objectContaining({ bytes: workflows.sendings.amazon.file.bytes }),
	]);
	expect(await startedByOrder('NEW-3')).toEqual(['NEW-3']);
});
