import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { validateXML } from 'xmllint-wasm';

/**
 * Validates a request or an answer of the two sending calls with libxml2 against `ebay-message.xsd`.
 * For tests: one call takes about 85 ms, and the working directory must be the project's.
 * @returns libxml2's complaints; empty where the document is valid
 */
export async function validateAgainstSchema(xml: string): Promise<string[]> {
	const schema = readFileSync(resolve('test/marketplaces/ebay/ebay-message.xsd'), 'utf8');
	const { valid, errors, rawOutput } = await validateXML({
		xml: { fileName: 'message.xml', contents: xml },
		schema: [{ fileName: 'ebay-message.xsd', contents: schema }],
	});
	if (valid) return [];
	return errors.length > 0 ? errors.map(({ message }) => message) : [rawOutput];
}
