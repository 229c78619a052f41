/** n8n's window of a credential, as a seller uses it: `const window = await newCredential(page, origin, 'eBay API')`. */
import type { Page } from 'playwright-core';

export interface CredentialWindow {
	/** Types into fields, by their internal names. */
	fill(fields: Record<string, string>): Promise<void>;
	/** Picks from a list by the name that the seller reads. */
	choose(field: string, option: string): Promise<void>;
	/** Gives the credential another name. */
	rename(name: string): Promise<void>;
	/** Presses Save and waits for n8n's test. @returns what the red box says, or `connected` */
	save(): Promise<string>;
	/** Presses Connect (OAuth2). @returns the pop-up window that opens */
	connect(): Promise<Page>;
	/** What stands in the window, hints included. */
	text(): Promise<string>;
	/** The credential's id, once it is saved. */
	id(): string;
	close(): Promise<void>;
}

/** Makes a credential of a type, found by the name that the seller reads. */
export async function newCredential(
	page: Page,
	origin: string,
	type: string,
): Promise<CredentialWindow> {
	await showCredentials(page, origin);
	await page.getByTestId('add-resource-credential').click();
	await page.getByTestId('new-credential-type-select').click();
	await page.keyboard.type(type);
	await page.getByTestId('new-credential-type-select-option').filter({ hasText: type }).click();
	await page.getByTestId('new-credential-type-button').click();
	return await windowOn(page);
}

/** The list of credentials; where it is shown already, n8n is not loaded anew. */
async function showCredentials(page: Page, origin: string): Promise<void> {
	const button = page.getByTestId('add-resource-credential');
	const isCovered = await page.getByTestId('editCredential-modal').isVisible();
	if ((await button.isVisible()) && !isCovered) return;
	await page.goto(`${origin}/home/credentials`);
	await button.waitFor();
}

async function windowOn(page: Page): Promise<CredentialWindow> {
	const dialog = page.getByTestId('editCredential-modal');
	const button = dialog.getByTestId('credential-save-button');
	await button.waitFor();
	const input = (field: string) => dialog.getByTestId(`parameter-input-${field}`);
	let saved: string | undefined;

	/** What the press of a button makes n8n write down. */
	const stored = async () => {
		const answer = await page.waitForResponse(
			(response) =>
				/\/rest\/credentials(\/\w+)?(\?|$)/.test(response.url()) &&
				['POST', 'PATCH'].includes(response.request().method()),
		);
		saved = ((await answer.json()) as { data: { id: string } }).data.id;
	};

	return {
		async fill(fields) {
			for (const [field, text] of Object.entries(fields)) {
				const box = input(field).locator('input, textarea').first();
				await box.fill(text);
				await box.blur();
			}
		},
		async choose(field, option) {
			await input(field).click();
			const items = page.locator('.el-select-dropdown__item:visible');
			await items.filter({ hasText: option }).first().click();
		},
		async rename(name) {
			await dialog.getByTestId('inline-edit-preview').click();
			await dialog.getByTestId('inline-edit-input').fill(name);
			await page.keyboard.press('Enter');
		},
		async save() {
			const storing = stored();
			const tested = page.waitForResponse((answer) => answer.url().endsWith('/credentials/test'));
			await button.getByRole('button').or(button).last().click();
			await storing;
			const { data } = (await (await tested).json()) as { data: { status: string } };
			if (data.status === 'OK') {
				await dialog.getByTestId('credentials-config-container-test-success').waitFor();
				return 'connected';
			}
			const box = dialog.locator('.el-tag--danger:visible');
			const more = box.getByText('More details');
			await box.first().waitFor();
			if (await more.isVisible()) await more.click();
			return (await box.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
		},
		async connect() {
			const opened = page.waitForEvent('popup');
			const storing = stored();
			await dialog.getByTestId('quick-connect-button').first().click();
			await storing;
			return await opened;
		},
		text: async () => await dialog.innerText(),
		id() {
			if (!saved) throw new Error('Not saved yet');
			return saved;
		},
		async close() {
			await dialog.getByRole('button', { name: 'Close this dialog' }).click();
			await dialog.waitFor({ state: 'hidden' });
		},
	};
}
