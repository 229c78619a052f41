/** A marketplace's mailbox as HTML. Whatever a message said is escaped. */
import { escaped } from '../html.mts';
import type { Received, ReceivedFile } from '../service.mts';
import { typeOf } from './files.mts';
import { requestText } from './request.mts';
import { toTry, type List } from './toTry.mts';
import { mailOf, moment, shown } from './words.mts';
import { titles, type MarketplaceName, type World } from './world.mts';

/** The mails of one marketplace, newest first. */
export function mailsHtml(marketplace: MarketplaceName, world: World): string {
	const mails = world.received.flatMap((message, index) =>
		message.marketplace === marketplace ? [mailHtml(message, index + 1, world)] : [],
	);
	const empty =
		'<p class="empty">No mail yet. Execute a workflow that sends, and it shows up here.</p>';
	return mails.reverse().join('\n') || empty;
}

function mailHtml(message: Received, number: number, world: World): string {
	const { marketplace, text, at, attachments } = message;
	const { title, to, from, facts } = mailOf(message, world);
	const id = `mail-${number}`;
	const files = attachments.map((file, part) => fileHtml(file, number, part + 1));
	return `<article aria-labelledby="${id}">
<h3 id="${id}">${escaped(title)}</h3>
<p class="people"><span>To <b>${escaped(to)}</b></span> <span>from ${escaped(from)}</span> <time datetime="${iso(at)}">${moment(at)}</time></p>
${text === undefined ? '' : `<p class="text">${escaped(text)}</p>`}
${files.length > 0 ? `<ul class="files" aria-label="Files">${files.join('')}</ul>` : ''}
${listHtml(facts)}
<details data-key="${id}">
<summary>The request as ${titles[marketplace]} saw it</summary>
${listHtml(rawFacts(message))}
${requestHtml(requestText(message, world))}
</details>
</article>`;
}

function rawFacts({ type, reference, recipient, fields }: Received): Array<[string, string]> {
	const facts = Object.entries({ type, reference, recipient, ...fields });
	return facts.map(([name, value]) => [name, shown(value)]);
}

function requestHtml(text: string | undefined): string {
	return text === undefined
		? ''
		: `<pre tabindex="0" aria-label="The request, as text">${escaped(text)}</pre>`;
}

function listHtml(facts: Array<[string, string]>): string {
	const rows = facts
		.filter(([, value]) => value !== '')
		.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`);
	return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
}

function fileHtml(file: ReceivedFile, number: number, part: number): string {
	const href = `/received/${number}/attachments/${part}`;
	const isPicture = typeOf(file).startsWith('image/');
	const picture = isPicture ? `<img src="${href}" alt="">` : '<span class="paper"></span>';
	return `<li><a href="${href}" target="_blank" rel="noopener">${picture}<span>Open ${escaped(file.fileName)} <small>${sizeOf(file)}</small></span></a></li>`;
}

function sizeOf({ bytes: { length } }: ReceivedFile): string {
	const units: Array<[number, string]> = [
		[1024 * 1024, 'MB'],
		[1024, 'kB'],
	];
	const [size, unit] = units.find(([least]) => length >= least) ?? [1, 'bytes'];
	const digits = size === 1 || length / size >= 10 ? 0 : 1;
	return `${(length / size).toFixed(digits)} ${unit}`;
}

function iso(at: number): string {
	return new Date(at).toISOString();
}

/** What one may put into a form, and the login of the consent page. */
export function toTryHtml(marketplace: MarketplaceName, world: World): string {
	const { lists, login } = toTry(marketplace, world);
	return `${lists.map(entriesHtml).join('\n')}
<p>${escaped(login)}</p>`;
}

function entriesHtml({ title, entries }: List): string {
	const items = entries.map(({ ids, words }) => {
		const copied = ids.map(([name, id]) => `${escaped(name)} <code>${escaped(id)}</code>`);
		return `<li><span>${copied.join(', ')}</span> ${escaped(words)}</li>`;
	});
	return `<h3>${escaped(title)}</h3>
<ul>${items.join('')}</ul>`;
}
