import { isWord, recordOf, textOf, type Json } from '../../shared/values';

/**
 * What Magalu's moderation makes of a message (`Moderation` of the specification). It comes after the
 * message was created, and takes its own time.
 * @see https://developers.magalu.com/docs/plataforma-do-seller-sac/get_messages.en
 */

/** What it decided, in plain words. */
export type Decision = 'approved' | 'rejected' | 'waiting';

/** @returns Magalu's own word: `approved`, `rejected`, `new` …; nothing where Magalu does not say */
export function moderationIn(message: Json): string | undefined {
	return textOf(recordOf(message.moderation).status);
}

/** @returns nothing where Magalu does not say; a word that nobody knows is no decision */
export function decisionIn(message: Json): Decision | undefined {
	const status = moderationIn(message);
	if (status === undefined) return undefined;
	if (isWord(status, 'approved')) return 'approved';
	return isWord(status, 'rejected') ? 'rejected' : 'waiting';
}

/** @returns the rules that a message broke, in Magalu's words */
export function rulesIn(message: Json): string[] {
	const rules: unknown = recordOf(message.moderation).block_rules;
	return Array.isArray(rules) ? rules.flatMap((rule) => textOf(rule) ?? []) : [];
}
