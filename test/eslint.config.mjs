/**
 * The rules of the tests and of the scripts: `npm run lint:tests`. n8n's strict mode wants the project's own
 * eslint.config.mjs as it is, and that one knows no `.mts`.
 */
import { config as n8n } from '@n8n/node-cli/eslint';

const ofEslint = n8n.find(({ name, rules }) => name === undefined && rules?.['no-unreachable']);
const ofTypeScript = n8n.filter(({ name }) => name?.startsWith('typescript-eslint/'));

const files = ['**/*.mts'];

const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true };

/** Tests that do not run, and expectations that expect nothing. */
const idle = [
	{
		selector:
			'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(only|skip|todo|failing)$/]',
		message: 'Every test runs.',
	},
	{
		selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
		message: 'Every test runs.',
	},
	{
		selector: 'CallExpression[callee.name="expect"]:not(MemberExpression > CallExpression)',
		message: 'Say what is expected.',
	},
];

export default [
	{
		...ofEslint,
		files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
		rules: { ...ofEslint.rules, 'no-undef': 'off' },
	},
	...[ofEslint, ...ofTypeScript].map((one) => ({ ...one, files })),
	{
		files,
		languageOptions: {
			parserOptions: { project: 'tsconfig.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			'@typescript-eslint/no-unused-vars': ['error', unused],
			'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
			'no-restricted-syntax': ['error', ...idle],
		},
	},
];
