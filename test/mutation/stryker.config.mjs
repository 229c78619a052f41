/** Changes the code a little, time after time, and looks whether a test notices: `npm run test:mutation`. */
export default {
	plugins: ['./test/mutation/runner.mjs'],
	testRunner: 'one-process',
	coverageAnalysis: 'perTest',
	mutate: JSON.parse(process.env.MUTATION_FILES),
	concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
	tempDirName: '.cache/mutation/work',
	reporters: ['json', 'html', 'progress-append-only'],
	allowConsoleColors: false,
	jsonReporter: { fileName: `.cache/mutation/${process.env.MUTATION_ROOM}/report.json` },
	htmlReporter: { fileName: `.cache/mutation/${process.env.MUTATION_ROOM}/report.html` },
	ignorePatterns: ['dist', 'coverage', '.n8n-home', 'test/n8n', '/shared'],
	timeoutMS: 20_000,
	warnings: { slow: false },
	allowEmpty: false,
};
