import { createHash } from 'node:crypto';

import type { Answer, Exchange, Received, ReceivedFile, Service } from './service.mts';

/**
 * "What the buyer received": `/` for people, `/received.json` for programs, and
 * `/received/N/attachments/M` for the files (both count from 1, in the order of arrival).
 */
export function pageService(received: Received[]): Service {
	return {
		prefix: '',
		operationOf: () => 'page',
		answer(exchange) {
			const refusal = refusalOf(exchange);
			if (refusal) return refusal;
			if (exchange.path === '/') return page(received);
			if (exchange.path === '/received.json') {
				return {
					status: 200,
					body: received.map(summaryOf),
					headers: { 'cache-control': 'no-store' },
				};
			}
			const [, number, part] = /^\/received\/(\d+)\/attachments\/(\d+)$/.exec(exchange.path) ?? [];
			const file = received[Number(number) - 1]?.attachments[Number(part) - 1];
			return file ? attachment(file) : { status: 404, body: 'Not found' };
		},
	};
}

/** A page of another site that points its name at this address gets nothing. */
function refusalOf({ method, headers, origin }: Exchange): Answer | undefined {
	if (method !== 'GET') return { status: 405, body: 'GET only' };
	const { port } = new URL(origin);
	const own = [`127.0.0.1:${port}`, `localhost:${port}`];
	return own.includes(headers.host ?? '')
		? undefined
		: { status: 403, body: 'Only by the own address' };
}

function summaryOf(message: Received, index: number) {
	return {
		number: index + 1,
		...message,
		attachments: message.attachments.map((file) => ({
			fileName: file.fileName,
			mimeType: file.mimeType,
			size: file.bytes.length,
			sha256: createHash('sha256').update(file.bytes).digest('hex'),
		})),
	};
}

/** Types that a browser may show in place: none of them can carry a script. */
const SHOWN_IN_PLACE = [
	'image/png',
	'image/jpeg',
	'image/gif',
	'image/webp',
	'application/pdf',
	'text/plain',
];

const TYPE_BY_EXTENSION: Record<string, string> = {
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	webp: 'image/webp',
	pdf: 'application/pdf',
	txt: 'text/plain',
};

function typeOf({ fileName, mimeType }: ReceivedFile): string {
	const extension = fileName.split('.').pop()?.toLowerCase() ?? '';
	const type = (mimeType ?? TYPE_BY_EXTENSION[extension] ?? '').split(';')[0].trim().toLowerCase();
	return SHOWN_IN_PLACE.includes(type) ? type : 'application/octet-stream';
}

function attachment(file: ReceivedFile): Answer {
	const type = typeOf(file);
	const place = type === 'application/octet-stream' ? 'attachment' : 'inline';
	return {
		status: 200,
		headers: {
			'content-type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
			'content-disposition': `${place}; filename*=UTF-8''${rfc5987(file.fileName)}`,
			'x-content-type-options': 'nosniff',
			'cache-control': 'no-store',
		},
		body: file.bytes,
	};
}

/** Any name as ASCII that can't end the header (RFC 5987); half a surrogate pair becomes U+FFFD. */
function rfc5987(name: string): string {
	return encodeURIComponent(Buffer.from(name).toString()).replace(
		/['()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

function page(received: Received[]): Answer {
	const messages = received.map(messageHtml).reverse();
	const empty = '<p class="empty">Nothing yet. Send a message, and it shows up here.</p>';
	const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the buyer received</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>What the buyer received</h1><p>${received.length} message${received.length === 1 ? '' : 's'}, newest first</p></header>
<details>
<summary>Write to the seller as an eBay buyer</summary>
<form id="buyer">
<label>Buyer <input name="from" value="buyer_one" required></label>
<label>Message <textarea name="text" rows="2" required>When will my mug arrive?</textarea></label>
<button>Send as buyer</button> <output></output>
</form>
</details>
<main>${messages.join('\n') || empty}</main>
<script>
const form = document.querySelector('#buyer');
form.addEventListener('submit', async (event) => {
	event.preventDefault();
	const { from, text } = Object.fromEntries(new FormData(form));
	const answer = await fetch('/control/buyer-message', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ marketplace: 'ebay', from, text }),
	});
	const { told } = await answer.json();
	const wasTold = told && told.statuses.some((status) => status >= 200 && status < 300);
	form.querySelector('output').textContent = wasTold
		? 'Sent. eBay told n8n at once: look at the executions of the workflow.'
		: 'Sent. No workflow with an eBay Notification Trigger is active: one that polls finds it at its next poll.';
});
setInterval(async () => {
	const messages = await fetch('/received.json').then((answer) => answer.json(), () => null);
	if (messages && messages.length !== ${received.length} && !document.activeElement.form) location.reload();
}, 1500);
</script>
</body>
</html>`;
	return {
		status: 200,
		headers: {
			'content-type': 'text/html; charset=utf-8',
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff',
		},
		body: html,
	};
}

const TITLES = { amazon: 'Amazon', ebay: 'eBay', magalu: 'Magalu' };

function messageHtml(message: Received, index: number): string {
	const { marketplace, type, reference, recipient, subject, text, fields, at } = message;
	const facts: Array<[string, string | undefined]> = [
		['Reference', reference],
		['Recipient', recipient],
		...Object.entries(fields).map(([name, value]): [string, string] => [name, shown(value)]),
	];
	const rows = facts.map(([name, value]) =>
		value === undefined || value === ''
			? ''
			: `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`,
	);
	const files = message.attachments.map((file, part) => fileHtml(file, index + 1, part + 1));
	return `<article class="${escaped(marketplace)}">
<h2><b>${TITLES[marketplace]}</b> ${escaped(type)} <time>${new Date(at).toISOString()}</time></h2>
<dl>${rows.join('')}</dl>
${subject === undefined ? '' : `<h3>${escaped(subject)}</h3>`}
${text === undefined ? '' : `<p class="text">${escaped(text)}</p>`}
${files.length > 0 ? `<ul>${files.join('')}</ul>` : ''}
</article>`;
}

function fileHtml(file: ReceivedFile, number: number, part: number): string {
	const href = `/received/${number}/attachments/${part}`;
	const picture = typeOf(file).startsWith('image/')
		? `<img src="${href}" alt="${escaped(file.fileName)}">`
		: '';
	const size = file.bytes.length.toLocaleString('en-US');
	return `<li><a href="${href}" target="_blank" rel="noopener">${picture}${escaped(file.fileName)}</a> <small>${size} bytes</small></li>`;
}

function shown(value: unknown): string {
	if (value === undefined || value === null) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
h1 { font-size: 1.4rem; margin: 0; }
header p, time, small, dt, .empty { color: #777; }
article { border: 1px solid var(--line); border-left: 5px solid #888; border-radius: 8px; padding: .75rem 1.25rem; margin: 1rem 0; }
article.amazon { border-left-color: #f90; }
article.ebay { border-left-color: #0064d2; }
article.magalu { border-left-color: #0086ff; }
h2 { font-size: 1rem; font-weight: 400; margin: 0; display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; }
h2 time { margin-left: auto; font-size: .8rem; }
h3 { font-size: 1.05rem; margin: .75rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.text { background: var(--soft); border-radius: 6px; padding: .6rem .9rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 1rem; }
details { margin-top: 1rem; }
form { display: grid; gap: .5rem; margin: .5rem 0; }
label { display: grid; font-size: .85rem; }
input, textarea, button { font: inherit; padding: .3rem .5rem; }
button { justify-self: start; }
img { display: block; max-width: 14rem; max-height: 10rem; border-radius: 6px; margin-bottom: .25rem; }
`;
