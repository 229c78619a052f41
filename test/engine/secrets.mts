import type { RunResult } from './engine.mts';

/** A signed address is a key to what lies there. */
const SIGNED = /X-(Amz|Goog)-(Signature|Credential|Security-Token)/i;

/** @returns those of the secrets that stand in anything n8n stores or shows of the runs, and signed addresses */
export function secretsIn(results: RunResult[], secrets: string[]): string[] {
	const text = results.map(({ run }) => written(run)).join('\n');
	const forms = (secret: string) => [secret, encodeURIComponent(secret)];
	const found = secrets.filter((secret) => forms(secret).some((form) => text.includes(form)));
	return [...new Set([...found, ...(SIGNED.exec(text)?.slice(0, 1) ?? [])])];
}

/** As JSON, with what JSON leaves out: an error's words, what is in maps and sets. */
function written(value: unknown): string {
	const seen = new Set<unknown>();
	return JSON.stringify(value, (_key, one: unknown) => {
		if (typeof one !== 'object' || one === null) return one;
		if (seen.has(one)) return undefined;
		seen.add(one);
		if (one instanceof Map || one instanceof Set) return [...one];
		if (!(one instanceof Error)) return one;
		const { message, stack, cause } = one;
		const { description } = one as { description?: unknown };
		return { ...one, message, stack, cause, description };
	});
}
