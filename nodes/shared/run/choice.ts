import { Refusal } from '../outcome';

/**
 * What a field of the form may hold, which an imported workflow can have otherwise.
 *
 * @param label as the form labels the field
 * @param known every value that there is
 * @throws Refusal that names the field and what there is
 */
export function choiceOf(given: unknown, label: string, known: readonly string[]): string {
	const chosen = String(given ?? '').trim();
	if (known.includes(chosen)) return chosen;
	throw new Refusal(
		`'${label}' is not one that this node has: ${chosen.slice(0, 40)}`,
		`There is: ${known.join(', ')}. Choose one from the list: n8n evaluates no expression here.`,
	);
}
