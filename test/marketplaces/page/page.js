/** The page's own script: its buttons, and the mail that comes while it is open. */
const wide = window.matchMedia('(min-width: 70rem)');
for (const details of document.querySelectorAll('.trials')) details.open = wide.matches;

/** The server escapes what messages say; what one has opened stays open. */
function replace(place, html) {
	const open = [...place.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key);
	place.innerHTML = html;
	for (const key of open) {
		const details = place.querySelector(`details[data-key="${key}"]`);
		if (details) details.open = true;
	}
}

let shown;

/** A part is put in anew only where it changed, and not while somebody is in it. */
function show(parts) {
	for (const [name, html] of Object.entries(parts.mails)) {
		const place = document.querySelector(`[data-mails="${name}"]`);
		const changed = shown !== undefined && shown.mails[name] !== html;
		if (changed && !place.contains(document.activeElement)) replace(place, html);
		else if (changed) parts.mails[name] = shown.mails[name];
	}
	for (const [name, html] of Object.entries(parts.toTry)) {
		const place = document.querySelector(`[data-to-try="${name}"]`);
		const changed = shown !== undefined && shown.toTry[name] !== html;
		const inUse = place.contains(document.activeElement) || !getSelection().isCollapsed;
		if (changed && !inUse) replace(place, html);
		else if (changed) parts.toTry[name] = shown.toTry[name];
	}
	for (const [name, count] of Object.entries(parts.counts)) {
		const place = document.querySelector(`[data-count="${name}"]`);
		const more = count - Number(place.textContent);
		place.textContent = String(count);
		if (more > 0) {
			const title = document.querySelector(`#${name}-title`).textContent.split(':')[0];
			document.querySelector('#news').textContent =
				`${title}: ${more} new ${more === 1 ? 'message' : 'messages'}.`;
		}
	}
	shown = parts;
}

async function renew() {
	const parts = await fetch('/parts.json').then(
		(answer) => (answer.ok ? answer.json() : undefined),
		() => undefined,
	);
	document.body.classList.toggle('gone', parts === undefined);
	if (parts) show(parts);
}

async function press(form) {
	const { marketplace, trial } = form.dataset;
	const fields = Object.fromEntries(new FormData(form));
	const answer = await fetch('/control/try', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ ...fields, marketplace, trial }),
	});
	const { happened, look, error } = await answer.json();
	return { happened: happened ?? error, look: look ?? '' };
}

function tell(marketplace, { happened, look }) {
	const place = document.querySelector(`[data-told="${marketplace}"]`);
	const [what, where] = ['b', 'span'].map((tag) => document.createElement(tag));
	what.textContent = happened;
	where.textContent = look;
	place.replaceChildren(what, where);
	place.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('submit', async (event) => {
	const form = event.target.closest('form[data-trial]');
	if (!form) return;
	event.preventDefault();
	const gone = {
		happened: 'The simulator does not answer.',
		look: 'Is "npm start" still running?',
	};
	tell(form.dataset.marketplace, await press(form).catch(() => gone));
	await renew();
});

void renew();
setInterval(renew, 1500);
