/** The fast tests: everything under test/ but the real n8n (test/n8n) and the benchmarks (test/bench). */
module.exports = {
	testEnvironment: '<rootDir>/test/setup/environment.cjs',
	runtime: '<rootDir>/test/setup/runtime.cjs',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.mts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/', '<rootDir>/test/bench/'],
	modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/.n8n-home/', '<rootDir>/dist/'],
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
	testTimeout: 30_000,
	// jest's own choice leaves a core to the user: on two cores that is one test file after the other.
	maxWorkers: '100%',
	testSequencer: '<rootDir>/test/setup/sequencer.cjs',
	transform: {
		'^.+\\.m?ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text-summary', 'lcovonly', 'json-summary'],
	coverageThreshold: { global: { statements: 95 } },
};
