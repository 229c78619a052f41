import type { Answer } from './service.mts';

/** A page of a simulated service, for a person. `content` is HTML. */
export function htmlPage(status: number, title: string, content: string): Answer {
	return {
		status,
		headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
		body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; }
label { display: block; margin: 0.75rem 0; }
input, select, button { font: inherit; width: 100%; padding: 0.5rem; box-sizing: border-box; }
button { background: #0086ff; color: #fff; border: 0; border-radius: 0.25rem; }
[role=alert] { color: #b00020; }
</style>
</head>
<body>
${content}
</body>
</html>
`,
	};
}

/** Text as it may stand in HTML and XML, in attributes too. */
export function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
