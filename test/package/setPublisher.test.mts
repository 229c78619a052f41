/** The one command that puts a publisher's own values in place of the neutral ones. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = process.cwd();
const copied = [
	...['package.json', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE.md'],
	...['.github', 'credentials', 'docs', 'examples', 'nodes'],
];
const repository = 'https://github.com/loja-azul/n8n-nodes-recados';
const author = 'Loja Azul <contato@loja-azul.test>';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'publisher-'));
	for (const name of copied) {
		cpSync(join(root, name), join(folder, name), {
			recursive: true,
			filter: (path) => !/\.(png|webp)$/.test(path),
		});
	}
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

function setPublisher(...args: string[]): {
	status: number | null;
	stdout: string;
	stderr: string;
} {
	const script = join(root, 'test/setup/setPublisher.mjs');
	return spawnSync(process.execPath, [script, '--folder', folder, ...args], { encoding: 'utf8' });
}

const read = (file: string) => readFileSync(join(folder, file), 'utf8');

function filesWith(words: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => statSync(join(folder, file)).isFile())
		.filter((file) => read(file).includes(words));
}

test('the package names the publisher and the repository', () => {
	setPublisher('--repository', repository, '--author', author);
	expect(JSON.parse(read('package.json'))).toMatchObject({
		author: { name: 'Loja Azul', email: 'contato@loja-azul.test' },
		homepage: repository,
		repository: { type: 'git', url: `git+${repository}.git` },
	});
});

test('package.json changes in these values alone', () => {
	const before = read('package.json').split('\n');
	setPublisher('--repository', repository, '--author', author);
	const after = read('package.json').split('\n');
	const changed = before.filter((line, at) => line !== after[at]).map((line) => line.trim());
	expect(after).toHaveLength(before.length);
	expect(changed.map((line) => line.split(':')[0])).toEqual([
		...['"name"', '"email"', '"homepage"', '"url"'],
	]);
});

test.each(['github.com/example', 'marketplace-messages@example.com'])(
	'nothing says %s any more',
	(neutral) => {
		expect(filesWith(neutral)).not.toEqual([]);
		setPublisher('--repository', repository, '--author', author);
		expect(filesWith(neutral)).toEqual([]);
	},
);

test('every link to documentation in the editor leads to the repository', () => {
	const linking = filesWith('blob/main/docs/');
	setPublisher('--repository', `${repository}.git`, '--author', author);
	expect(filesWith(`${repository}/blob/main/docs/`)).toEqual(linking);
});

test('the licence names the publisher', () => {
	setPublisher('--repository', repository, '--author', author);
	expect(read('LICENSE.md')).toContain('Loja Azul');
});

test('it says which files it changed, and that a second run changes none', () => {
	const first = setPublisher('--repository', repository, '--author', author);
	const second = setPublisher('--repository', repository, '--author', author);
	expect(first.stdout.trim().split('\n')).toEqual(
		expect.arrayContaining(['package.json', 'nodes/Ebay/EbayMemberMessage.node.json']),
	);
	expect(second.stdout.trim()).toBe('Nothing to change.');
});

test('other values can follow', () => {
	setPublisher('--repository', repository, '--author', author);
	setPublisher('--repository', 'https://github.com/other/place', '--author', 'O <o@other.test>');
	expect(filesWith('loja-azul')).toEqual([]);
});

test.each([
	['no repository', ['--author', author]],
	['a repository elsewhere', ['--repository', 'https://gitlab.com/a/b', '--author', author]],
	['an author without an address', ['--repository', repository, '--author', 'Loja Azul']],
	['an option that there is not', ['--repo', repository]],
])('%s is refused with how to call it, and nothing is changed', (_, args) => {
	const before = read('package.json');
	const { status, stderr } = setPublisher(...args);
	expect({ status, stderr, after: read('package.json') }).toEqual({
		status: 1,
		stderr: expect.stringContaining('--repository https://github.com/you') as string,
		after: before,
	});
});
