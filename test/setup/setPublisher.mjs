/**
 * Puts a publisher's own values in place of the neutral ones, everywhere they stand:
 *
 *   node test/setup/setPublisher.mjs --repository https://github.com/you/your-repository --author "You <you@example.org>"
 *
 * May be run again with other values. It changes files and nothing else.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { root, SetUpError } from './steps.mjs';

const USAGE =
	'node test/setup/setPublisher.mjs --repository https://github.com/you/your-repository --author "You <you@example.org>"';

/** Where the values and links to the project's own pages stand: these folders, and the top one itself. */
const folders = ['.github', 'credentials', 'docs', 'examples', 'nodes'];
const kinds = /\.(json|md|ts|yml)$/;

try {
	const changed = setPublisher(optionsOf(process.argv.slice(2)));
	console.log(changed.length > 0 ? changed.join('\n') : 'Nothing to change.');
} catch (error) {
	console.error(error instanceof SetUpError ? error.message : error);
	process.exit(1);
}

/** @returns the files that were changed */
function setPublisher({ folder, repository, name, email }) {
	const before = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	return filesOf(folder).filter((file) => {
		const path = join(folder, file);
		const text = readFileSync(path, 'utf8');
		let changed = text.replaceAll(before.homepage, repository);
		if (file === 'package.json') changed = withAuthor(changed, name, email);
		else changed = changed.replaceAll(before.author.email, email);
		if (file === 'LICENSE.md') changed = changed.replaceAll(before.author.name, name);
		if (changed !== text) writeFileSync(path, changed);
		return changed !== text;
	});
}

function filesOf(folder) {
	const below = folders
		.filter((name) => existsSync(join(folder, name)))
		.flatMap((name) =>
			readdirSync(join(folder, name), { recursive: true }).map((file) => join(name, file)),
		);
	const top = readdirSync(folder).filter((file) => file === 'package.json' || file.endsWith('.md'));
	return [...top, ...below].filter((file) => kinds.test(file)).sort();
}

/** The file keeps its form: tabs, the order of its keys, a line at its end. */
function withAuthor(text, name, email) {
	const manifest = JSON.parse(text);
	manifest.author = { name, email };
	return `${JSON.stringify(manifest, undefined, '\t')}\n`;
}

function optionsOf(args) {
	const { values } = parsed(args);
	const repository = String(values.repository ?? '').replace(/(\.git)?\/*$/, '');
	// n8n's scan reads the sources from GitHub, nowhere else.
	if (!/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(repository)) {
		throw new SetUpError(`--repository has to be an address on GitHub.\n${USAGE}`);
	}
	const author = /^\s*([^<>]*[^<>\s])\s*<([^<>@\s]+@[^<>@\s]+)>\s*$/.exec(values.author ?? '');
	if (!author) throw new SetUpError(`--author has to be a name and an e-mail address.\n${USAGE}`);
	const folder = values.folder ?? root;
	return { folder, repository, name: author[1], email: author[2] };
}

function parsed(args) {
	const text = { type: 'string' };
	try {
		return parseArgs({ args, options: { repository: text, author: text, folder: text } });
	} catch (error) {
		throw new SetUpError(`${error.message}\n${USAGE}`);
	}
}
