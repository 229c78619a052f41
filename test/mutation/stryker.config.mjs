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
	jsonReporter: { fileName: `${process.env.MUTATION_REPORT}/report.json` },
	htmlReporter: { fileName: `${process.env.MUTATION_REPORT}/report.html` },
	ignorePatterns: ['.cache', 'dist', 'coverage', '.n8n-home', 'test/n8n', '/shared'],
	timeoutMS: 20_000,
	warnings: { slow: false },
	allowEmpty: false,
};
