/** Small pictures side by side on one: `await contactSheet(editor, 'output-amazon', [{ title, picture }])`. */
import { type Editor, pictureFile } from './browser.mts';

export interface SheetPart {
	title: string;
	/** A PNG. */
	picture: Buffer;
}

const style = `
body { margin: 0; padding: 12px; background: #fff; font: 600 14px/1.4 'DejaVu Sans', sans-serif; color: #333 }
body { display: flex; flex-wrap: wrap; gap: 12px }
figure { margin: 0; width: 482px; border: 1px solid #ccc; border-radius: 6px; overflow: hidden }
figcaption { padding: 6px 10px; background: #f3f3f5; border-bottom: 1px solid #ccc }
img { display: block; width: 480px }`;

/** Writes them to `docs/images/<name>.png`, two in a row. */
export async function contactSheet(
	{ page }: Editor,
	name: string,
	parts: SheetPart[],
): Promise<void> {
	const figures = parts.map(
		({ title, picture }) =>
			`<figure><figcaption>${title}</figcaption><img src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
	);
	const browser = page.context().browser()!;
	const context = await browser.newContext({ viewport: { width: 1004, height: 600 } });
	try {
		const sheet = await context.newPage();
		await sheet.setContent(`<style>${style}</style>${figures.join('')}`, { waitUntil: 'load' });
		await sheet.screenshot({ path: pictureFile(name), fullPage: true });
	} finally {
		await context.close();
	}
}
