/** What n8n's own gate for verified community nodes says of this package, source and tarball. */
import { packed, inModule } from './packed.mts';

interface Verdict {
	passed: boolean;
	details?: string;
}

async function verdictOn(folder: string, patterns: string): Promise<Verdict> {
	return (await inModule(`
		import * as scanner from '@n8n/scan-community-package/scanner/scanner.mjs';
		const verdict = await scanner.analyzePackage(${JSON.stringify(folder)}, ${patterns});
		process.stdout.write('\\u0001' + JSON.stringify(verdict));
	`)) as Verdict;
}

test("the community scanner passes the package's sources", async () => {
	const verdict = await verdictOn(process.cwd(), 'scanner.SOURCE_FILE_PATTERNS');
	expect(verdict.details ?? '').toBe('');
	expect(verdict.passed).toBe(true);
}, 120_000);

test('the community scanner passes the packed tarball', async () => {
	const { folder } = await packed();
	const verdict = await verdictOn(folder, "['**/*.js', 'package.json']");
	expect(verdict.details ?? '').toBe('');
	expect(verdict.passed).toBe(true);
}, 120_000);
