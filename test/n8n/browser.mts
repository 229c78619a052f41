/** n8n's editor, as a seller uses it, in headless Chromium: `const editor = await openEditor(n8n)`. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';

import { type N8n, owner } from './instance.mts';

const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const flags = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** What n8n lays over the canvas. */
const overCanvas = [
	'canvas-controls',
	'canvas-minimap',
	'execute-workflow-button',
	'node-creator-plus-button',
	'command-bar-button',
	'add-sticky-button',
	'toggle-focus-panel-button',
]
	.map((id) => `[data-test-id="${id}"]`)
	.join(', ');

/** Nodes without the notes, with large names. */
const alone = `
	.vue-flow__node:has([data-test-id="sticky"]), .vue-flow__background, [data-test-id="canvas-handle-plus"],
	[data-test-id="canvas-node"] [class*="_subtitle_"] { visibility: hidden !important }
	[data-test-id="canvas-node"] [class*="_label_"] { font-size: 22px !important; line-height: 24px !important }
`;

const note = (page: Page) => page.getByTestId('sticky');

interface Bounds {
	left: number;
	right: number;
	top: number;
	bottom: number;
}

async function boundsOf(things: Locator): Promise<Bounds> {
	const found = await Promise.all((await things.all()).map((thing) => thing.boundingBox()));
	const boxes = found.filter((box) => box !== null);
	return {
		left: Math.min(...boxes.map(({ x }) => x)),
		right: Math.max(...boxes.map(({ x, width }) => x + width)),
		top: Math.min(...boxes.map(({ y }) => y)),
		bottom: Math.max(...boxes.map(({ y, height }) => y + height)),
	};
}

/** @returns as much as is within the canvas */
function within(canvas: { x: number; y: number; width: number; height: number }, part: Bounds) {
	const x = Math.max(canvas.x, part.left);
	const y = Math.max(canvas.y, part.top);
	const width = Math.min(canvas.x + canvas.width, part.right) - x;
	return { x, y, width, height: Math.min(canvas.y + canvas.height, part.bottom) - y };
}

/** A third as large as the same as PNG, and as good where it is drawn small. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
	const other = await page.context().newPage();
	const url = await other.evaluate(async (data) => {
		const image = new Image();
		image.src = `data:image/png;base64,${data}`;
		await image.decode();
		const canvas = document.createElement('canvas');
		canvas.width = image.width;
		canvas.height = image.height;
		canvas.getContext('2d')!.drawImage(image, 0, 0);
		return canvas.toDataURL('image/webp', 0.85);
	}, png.toString('base64'));
	await other.close();
	return Buffer.from(url.split(',')[1]!, 'base64');
}

export function pictureFile(name: string, ending = 'png'): string {
	const file = join(process.cwd(), 'docs/images', `${name}.${ending}`);
	mkdirSync(dirname(file), { recursive: true });
	return file;
}

export interface Editor {
	/** For what the functions below do not cover. */
	page: Page;
	/** Opens an empty workflow, saved under this name. */
	newWorkflow(name: string): Promise<void>;
	openWorkflow(id: string): Promise<void>;
	/** What the panel offers for a search, by name, best first. */
	search(text: string): Promise<string[]>;
	/** Finds a node in the panel by its full name and adds it; `action` picks from its list, e.g. `Send message`. */
	addNode(name: string, action?: string): Promise<void>;
	/** The same from the plus at a node's output: connected behind it. */
	addNodeAfter(previous: string, name: string, action?: string): Promise<void>;
	/** Opens a node of the canvas by its name. */
	openNode(name: string): Promise<void>;
	closeNode(): Promise<void>;
	/** A field by its internal path, e.g. `orderId`, `attachments.file[0].fileName`. Text that begins with `=` is an expression. */
	fill(path: string, text: string): Promise<void>;
	/** Picks from a list by the name that the seller reads. */
	choose(path: string, option: string): Promise<void>;
	/** What a list offers. */
	optionsOf(path: string): Promise<string[]>;
	toggle(path: string): Promise<void>;
	/** Presses the button of a fixed collection, e.g. `attachments`: one more entry. */
	addEntry(collection: string): Promise<void>;
	/** Adds an option to a collection, e.g. `addOption('options', 'Validate Only')`. */
	addOption(collection: string, option: string): Promise<void>;
	/** The labels of the form, top to bottom. */
	labels(): Promise<string[]>;
	/** Executes the open node. @returns what its output panel shows: items as text, or the error */
	executeStep(): Promise<string>;
	/** Executes the workflow from the canvas and waits for the end. @returns n8n's message about it */
	executeWorkflow(): Promise<string>;
	/** Picks from a list that the marketplace fills, after a search. @returns what the search found */
	chooseFound(path: string, search: string): Promise<string[]>;
	/** Writes the open node, as far as the window is high, to `docs/images/<name>.png`. */
	nodePicture(name: string): Promise<void>;
	/** Writes the output panel with its table to `docs/images/<name>.png`. */
	tablePicture(name: string): Promise<void>;
	/**
	 * Writes a workflow's canvas, as it opens on a laptop, without n8n's own buttons, to `docs/images/<name>.png`,
	 * and its nodes alone, with names that are still read where it is drawn small, to `docs/images/<small>.webp`.
	 * @returns how large it is drawn: 1 is the full size
	 */
	canvasPicture(workflowId: string, name: string, small: string): Promise<number>;
	/**
	 * Writes another site's page, in a window of this width, to `docs/images/<name>.png`, and each of its
	 * articles to a picture of its own, by the names in `articles`.
	 */
	pagePicture(url: string, name: string, width?: number, articles?: string[]): Promise<void>;
	/** Opens a credential, presses "Connect", and waits until n8n says that it is connected. */
	connect(credentialId: string, consent: (popup: Page) => Promise<void>): Promise<string>;
	close(): Promise<void>;
}

/** @throws where no Chromium is found */
export async function openEditor(n8n: N8n): Promise<Editor> {
	const executablePath = places.find((path) => path && existsSync(path));
	if (!executablePath)
		throw new Error('No Chromium: `apt-get install chromium`, or set CHROMIUM_PATH');
	const { chromium, selectors } = createRequire(join(process.cwd(), 'test/n8n/package.json'))(
		'playwright-core',
	) as typeof import('playwright-core');
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({ executablePath, args: flags });
	try {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		const page = await context.newPage();
		page.setDefaultTimeout(60_000);
		await stayHere(page, n8n.origin);
		await keepClear(page);
		await signIn(page, n8n.origin);
		return editorOn(page, browser, n8n);
	} catch (error) {
		await browser.close();
		throw error;
	}
}

/** The editor asks the npm registry about a community package; nothing but n8n is let through. */
async function stayHere(page: Page, origin: string): Promise<void> {
	await page.route(
		(url) => url.origin !== origin && url.protocol.startsWith('http'),
		(route) => route.abort(),
	);
}

/** n8n's surprises (news, surveys, offers) are closed as soon as one stands in the way. */
async function keepClear(page: Page): Promise<void> {
	const dialog = page.locator(
		'.el-dialog:visible:not([data-test-id="editCredential-modal"], [data-test-id="selectCredential-modal"])',
	);
	await page.addLocatorHandler(dialog.first(), async () => await page.keyboard.press('Escape'));
	const survey = page.locator('[data-test-id="nps-survey-modal"] .el-drawer__close-btn:visible');
	await page.addLocatorHandler(survey.first(), async (button) => await button.click());
}

async function signIn(page: Page, origin: string): Promise<void> {
	await page.goto(`${origin}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(owner.email);
	await page.locator('input[name="password"]').fill(owner.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
}

function editorOn(page: Page, browser: Browser, n8n: N8n): Editor {
	const { origin } = n8n;
	const parameter = (path: string) => page.locator(`[data-parameter-path="parameters.${path}"]`);
	const listItems = page.locator('.el-select-dropdown__item:visible');

	async function openPanel(): Promise<void> {
		const search = page.getByTestId('node-creator-search-bar');
		const plus = page.getByTestId('node-creator-plus-button');
		const first = page.getByTestId('canvas-add-button');
		for (const step of [search, plus, first]) {
			if (await step.isVisible()) {
				if (step !== search) await step.click();
				break;
			}
		}
		await search.waitFor();
	}

	async function search(text: string): Promise<string[]> {
		await openPanel();
		await page.getByTestId('node-creator-search-bar').fill(text);
		// The panel filters with a delay, and says so by nothing.
		await page.waitForTimeout(600);
		const names = await page.getByTestId('node-creator-item-name').allInnerTexts();
		return names.map((name) => name.trim());
	}

	async function addNode(name: string, action?: string): Promise<void> {
		const nodes = page.getByTestId('canvas-node');
		const before = await nodes.count();
		await search(name);
		await page
			.getByTestId('node-creator-item-name')
			.getByText(name, { exact: true })
			.first()
			.click();
		const actions = page.locator('[data-keyboard-nav-type="action"]');
		if (action) return await actions.getByText(action, { exact: true }).first().click();
		// A node without actions is added at once, a community node by the button on a page of its own.
		const add = page.getByRole('button', { name: 'Add to workflow' });
		await nodes.nth(before).or(actions.first()).or(add).first().waitFor();
		if (await add.isVisible()) await add.click();
		else if (await actions.first().isVisible()) await actions.first().click();
		await nodes.nth(before).waitFor();
	}

	async function addNodeAfter(previous: string, name: string, action?: string): Promise<void> {
		const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${previous}"]`);
		await node.getByTestId('canvas-handle-plus').first().click();
		await addNode(name, action);
	}

	/** While a field has the focus, a hint hangs over the one below. */
	async function leaveField(): Promise<void> {
		await page.getByTestId('output-panel').click({ position: { x: 4, y: 4 } });
	}

	async function pick(list: Locator, option: string): Promise<void> {
		await list.click();
		const named = listItems.filter({ has: page.getByText(option, { exact: true }) });
		await named.first().click();
		await named.first().waitFor({ state: 'hidden' });
	}

	async function executed(button: Locator): Promise<void> {
		const answer = page.waitForResponse(
			(response) => /\/rest\/workflows\/[^/]+\/run/.test(response.url()) && response.ok(),
		);
		await button.click();
		const { data } = (await (await answer).json()) as { data: { executionId: string } };
		await n8n.finished(data.executionId);
	}

	return {
		page,
		search,
		addNode,
		addNodeAfter,
		async newWorkflow(name) {
			await page.goto(`${origin}/workflow/new`);
			await page.getByTestId('canvas-add-button').waitFor();
			await page.getByTestId('workflow-name-input').click();
			await page.getByTestId('workflow-name-input').getByTestId('inline-edit-input').fill(name);
			await page.keyboard.press('Enter');
		},
		async openWorkflow(id) {
			await page.goto(`${origin}/workflow/${id}`);
			await page.getByTestId('canvas-node').first().waitFor();
		},
		async openNode(name) {
			const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
			await node.locator('[data-test-id$="-node"]').first().dblclick();
			await page.getByTestId('ndv').waitFor();
		},
		async closeNode() {
			await page.getByTestId('ndv-close-button').click();
			await page.getByTestId('ndv').waitFor({ state: 'hidden' });
		},
		async fill(path, text) {
			const field = parameter(path).locator('input, textarea, .cm-content').first();
			if (text.startsWith('=')) {
				await field.fill('=');
				const code = parameter(path).locator('.cm-content');
				await code.click();
				await parameter(path).locator('.cm-focused').waitFor();
				await page.keyboard.insertText(text.slice(1));
				await code.filter({ hasText: text.slice(1) }).waitFor();
				// The editor keeps an expression with a delay, and says so by nothing.
				await page.waitForTimeout(500);
			} else {
				await field.fill(text);
			}
			await leaveField();
		},
		choose: async (path, option) => await pick(parameter(path), option),
		async optionsOf(path) {
			await parameter(path).click();
			await listItems.first().waitFor();
			const names = await listItems.allInnerTexts();
			await page.keyboard.press('Escape');
			await listItems.first().waitFor({ state: 'hidden' });
			return names.map((name) => name.trim().split('\n')[0]);
		},
		toggle: async (path) => await parameter(path).locator('.el-switch').click(),
		async addEntry(collection) {
			const box = page.getByTestId(`fixed-collection-${collection}`);
			await box.getByTestId('fixed-collection-add').click();
		},
		async addOption(collection, option) {
			const item = page
				.getByTestId('parameter-item')
				.filter({ has: page.locator(`label[for="${collection}"]`) });
			await pick(item.getByTestId('collection-parameter-add').last(), option);
		},
		async labels() {
			const labels = page.getByTestId('node-parameters').locator('label[for]:visible');
			return (await labels.allInnerTexts()).map((label) => label.trim().split('\n')[0].trim());
		},
		async executeStep() {
			await executed(page.getByTestId('ndv').getByTestId('node-execute-button'));
			const panel = page.getByTestId('output-panel');
			// Whatever view of the items n8n showed last.
			const items = ':is(table, .json-data, [data-test-id^="run-data-schema"])';
			const result = panel.locator(
				`[data-test-id="node-error-message"], [data-test-id="ndv-data-container"] ${items}`,
			);
			await result.first().waitFor();
			return await panel.innerText();
		},
		async executeWorkflow() {
			await executed(page.getByTestId('execute-workflow-button').first());
			const toast = page.locator('.el-notification:visible').last();
			await toast.waitFor();
			return await toast.innerText();
		},
		async chooseFound(path, text) {
			await parameter(path).getByTestId('rlc-input').click();
			const items = page.getByTestId('rlc-item');
			await items.first().waitFor();
			const answer = page.waitForResponse(/resource-locator-results/);
			await page.getByTestId('rlc-search').fill(text);
			await answer;
			await items.first().waitFor();
			const names = await items.allInnerTexts();
			await items.first().click();
			return names.map((name) => name.trim());
		},
		async nodePicture(name) {
			const json = page.getByTestId('output-panel').getByText('JSON', { exact: true });
			if (await json.isVisible()) await json.click();
			await leaveField();
			const style = '.el-notification { visibility: hidden !important }';
			await page.getByTestId('ndv').screenshot({ path: pictureFile(name), style });
		},
		async tablePicture(name) {
			const style = '.el-notification { visibility: hidden !important }';
			await page.getByTestId('output-panel').screenshot({ path: pictureFile(name), style });
		},
		async canvasPicture(workflowId, name, small) {
			const usual = page.viewportSize()!;
			await page.setViewportSize({ width: 1440, height: 900 });
			await page.goto(`${origin}/workflow/${workflowId}`);
			await page.getByTestId('canvas-node').first().waitFor();
			await page.getByTestId('zoom-to-fit').dispatchEvent('click');
			// The canvas glides to where it fits.
			await page.waitForTimeout(1000);
			const canvas = (await page.getByTestId('canvas').boundingBox())!;
			const { top, bottom } = await boundsOf(page.locator('.vue-flow__node'));
			// Room for the lines and labels below, within the canvas.
			const clip = within(canvas, { left: 0, right: Infinity, top: top - 24, bottom: bottom + 56 });
			const style = `${overCanvas} { visibility: hidden !important }`;
			await page.screenshot({ path: pictureFile(name), clip, style });

			const nodes = await boundsOf(page.locator('.vue-flow__node').filter({ hasNot: note(page) }));
			const close = within(canvas, {
				...{ top: nodes.top - 16, bottom: nodes.bottom + 72 },
				...{ left: nodes.left - 72, right: nodes.right + 72 },
			});
			const picture = await page.screenshot({ clip: close, style: `${style} ${alone}` });
			writeFileSync(pictureFile(small, 'webp'), await asWebp(page, picture));
			await page.setViewportSize(usual);
			const pane = page.locator('.vue-flow__transformationpane');
			return await pane.evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
		},
		async pagePicture(url, name, width = 800, articles = []) {
			const context = await browser.newContext({ viewport: { width, height: 600 } });
			try {
				const other = await context.newPage();
				await other.goto(url, { waitUntil: 'load' });
				await other.screenshot({ path: pictureFile(name), fullPage: true });
				for (const [i, article] of articles.entries()) {
					await other
						.getByRole('article')
						.nth(i)
						.screenshot({ path: pictureFile(article) });
				}
			} finally {
				await context.close();
			}
		},
		async connect(credentialId, consent) {
			await page.goto(`${origin}/home/credentials/${credentialId}`);
			const opened = page.waitForEvent('popup');
			await page.getByTestId('quick-connect-button').click();
			const popup = await opened;
			const closed = popup.waitForEvent('close');
			await consent(popup);
			await closed;
			const banner = page.getByTestId('oauth-connect-success-banner');
			await banner.waitFor();
			return await banner.innerText();
		},
		close: async () => await browser.close(),
	};
}
