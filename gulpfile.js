/**
 * The build: `npx gulp build` makes `dist/`, which is what n8n loads.
 *
 * All nodes and credentials are bundled into one file, with n8n-workflow left outside, so that they
 * share what must be shared in a process (the pacing of an account, above all); beside it stands a file
 * for each node and credential, where n8n looks for them.
 */
const { readFileSync, rmSync, mkdirSync, writeFileSync } = require('node:fs');
const { basename, dirname, join, relative } = require('node:path');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { dest, parallel, series, src } = require('gulp');
const esbuild = require('esbuild');

const DIST = join(__dirname, 'dist');
const BUNDLE = join(DIST, 'marketplaceMessages.js');

/** What n8n loads: `nodes/…/X.node.ts` and `credentials/X.credentials.ts`, each exporting a class X. */
async function entries() {
	const { default: glob } = await import('fast-glob');
	return await glob(['nodes/**/*.node.ts', 'credentials/*.credentials.ts'], { cwd: __dirname });
}

async function clean() {
	rmSync(DIST, { recursive: true, force: true });
}

async function typeCheck() {
	await run('tsc', ['--project', __dirname]);
}

async function run(tool, args) {
	try {
		await promisify(execFile)(join(__dirname, 'node_modules', '.bin', tool), args);
	} catch (error) {
		throw new Error(error.stdout || error.message);
	}
}

const classOf = (file) => basename(file).split('.')[0];

async function bundle() {
	const files = (await entries()).sort();
	const contents = files.map((file) => `export { ${classOf(file)} } from './${file}';`).join('\n');
	const { metafile } = await esbuild.build({
		stdin: { contents, resolveDir: __dirname, sourcefile: 'entries.ts', loader: 'ts' },
		outfile: BUNDLE,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		legalComments: 'none',
		metafile: true,
	});
	for (const file of files) {
		const place = join(DIST, file.replace(/\.ts$/, '.js'));
		const from = relative(dirname(place), BUNDLE).replaceAll('\\', '/');
		mkdirSync(dirname(place), { recursive: true });
		writeFileSync(
			place,
			`const { ${classOf(file)} } = require('${from}');\nmodule.exports = { ${classOf(file)} };\n`,
		);
	}
	writeFileSync(join(DIST, 'sbom.json'), `${JSON.stringify(billOf(metafile), null, '\t')}\n`);
}

/** What is bundled, as a CycloneDX bill of materials. */
function billOf({ outputs }) {
	const folders = new Set();
	const used = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
	for (const [file, { bytesInOutput }] of used) {
		if (bytesInOutput === 0) continue;
		const inPackage = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
		if (inPackage) folders.add(inPackage[1]);
	}
	const own = manifestIn('.');
	return {
		bomFormat: 'CycloneDX',
		specVersion: '1.5',
		version: 1,
		metadata: { component: component(own, 'application') },
		components: [...folders].sort().map((folder) => component(manifestIn(folder), 'library')),
	};
}

function manifestIn(folder) {
	return JSON.parse(readFileSync(join(__dirname, folder, 'package.json'), 'utf8'));
}

function component({ name, version, license }, type) {
	return {
		type,
		name,
		version,
		purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
		licenses: [{ license: { id: license } }],
	};
}

/** Icons and codex files stand beside what they belong to. */
function assets() {
	return src(['nodes/**/*.{svg,png}', 'nodes/**/*.node.json', 'credentials/*.{svg,png}'], {
		base: __dirname,
		encoding: false,
		allowEmpty: true,
	}).pipe(dest(DIST));
}

exports.clean = clean;
exports.build = series(clean, parallel(typeCheck, bundle, assets));
exports.default = exports.build;
