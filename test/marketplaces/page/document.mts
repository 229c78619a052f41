/** The page as a whole: three mailboxes, and the buttons under each. */
import { escaped } from '../html.mts';
import { mailsHtml, toTryHtml } from './mailbox.mts';
import { trials, type Field, type Trial } from './trials.mts';
import { titles, type MarketplaceName, type World } from './world.mts';

const names = Object.keys(titles) as MarketplaceName[];

/** What changes while the page is open, for its script. */
export interface Parts {
	counts: Record<string, number>;
	mails: Record<string, string>;
	toTry: Record<string, string>;
}

export function partsOf(world: World): Parts {
	const each = <T,>(what: (name: MarketplaceName) => T) =>
		Object.fromEntries(names.map((name) => [name, what(name)]));
	return {
		counts: each((name) => countOf(name, world)),
		mails: each((name) => mailsHtml(name, world)),
		toTry: each((name) => toTryHtml(name, world)),
	};
}

export function documentHtml(world: World): string {
	const link = world.n8n
		? ` <a href="${escaped(world.n8n)}" target="_blank" rel="noopener">Open n8n</a>`
		: '';
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>What your buyers received</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#mail">To the mail</a>
<header>
<h1>What your buyers received</h1>
<p>Three simulated marketplaces: nothing here reaches a real buyer.${link}</p>
<nav aria-label="Mailboxes">${names.map((name) => tabHtml(name, world)).join('')}</nav>
<p role="status" id="news" class="unseen"></p>
<noscript><p>The buttons need JavaScript, and without it the page does not renew itself.</p></noscript>
</header>
<main id="mail">
${names.map((name) => mailboxHtml(name, world)).join('\n')}
</main>
</body>
</html>`;
}

function tabHtml(name: MarketplaceName, world: World): string {
	return `<a class="${name}" href="#${name}">${titles[name]} <b data-count="${name}">${countOf(name, world)}</b></a>`;
}

function countOf(name: MarketplaceName, { received }: World): number {
	return received.filter(({ marketplace }) => marketplace === name).length;
}

function mailboxHtml(name: MarketplaceName, world: World): string {
	const { hurts, comes, note } = trials[name];
	const title = titles[name];
	return `<section id="${name}" class="${name}" aria-labelledby="${name}-title" tabindex="-1">
<h2 id="${name}-title">${title}: your buyers' mailbox</h2>
<details class="trials">
<summary>Make something happen</summary>
<h3 id="${name}-comes">What comes to you</h3>
<div class="buttons" role="group" aria-labelledby="${name}-comes">${comes.map((trial) => buttonHtml(name, trial, world)).join('')}</div>
${note === undefined ? '' : `<p class="note">${escaped(note)}</p>`}
<h3 id="${name}-hurts">What hurts when you send</h3>
<div class="buttons" role="group" aria-labelledby="${name}-hurts">${hurts.map((trial) => buttonHtml(name, trial, world)).join('')}</div>
</details>
<output class="told" data-told="${name}" aria-live="polite"></output>
<div class="mails" data-mails="${name}">${mailsHtml(name, world)}</div>
<details class="to-try" data-key="to-try-${name}">
<summary>${name === 'magalu' ? 'Tickets, orders' : name === 'ebay' ? 'Items, questions' : 'Orders'} and logins to try</summary>
<div data-to-try="${name}">${toTryHtml(name, world)}</div>
</details>
</section>`;
}

/** A button that takes nothing is a form of its own, so that all of them work in one way. */
function buttonHtml(marketplace: MarketplaceName, trial: Trial, world: World): string {
	const fields = trial.fields?.(world) ?? [];
	const form = `<form data-marketplace="${marketplace}" data-trial="${trial.id}">${fields.map((field) => fieldHtml(`${marketplace}-${trial.id}`, field)).join('')}<button>${escaped(fields.length > 0 ? 'Send it' : trial.label)}</button></form>`;
	return fields.length === 0
		? form
		: `<details class="with-fields"><summary>${escaped(trial.label)}</summary>${form}</details>`;
}

function fieldHtml(prefix: string, { name, label, value, options, long }: Field): string {
	const id = `${prefix}-${name}`;
	const head = `<label for="${id}">${escaped(label)}</label>`;
	if (options) {
		const list = options.map(
			([one, words]) =>
				`<option value="${escaped(one)}"${one === value ? ' selected' : ''}>${escaped(words)}</option>`,
		);
		return `${head}<select id="${id}" name="${name}">${list.join('')}</select>`;
	}
	return long
		? `${head}<textarea id="${id}" name="${name}" rows="2" required>${escaped(value)}</textarea>`
		: `${head}<input id="${id}" name="${name}" value="${escaped(value)}" autocomplete="off" required>`;
}
