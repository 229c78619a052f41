import { textOf, type Json } from '../../shared/values';

/** Who is who in what two members write to each other. */

/** @returns who wrote a message; eBay spells the field in two ways */
export const senderOf = ({ senderUsername, senderUserName }: Json) =>
	textOf(senderUsername) ?? textOf(senderUserName);

/** @returns whom a message is for; eBay spells the field in two ways */
export const recipientOf = ({ recipientUsername, recipientUserName }: Json) =>
	textOf(recipientUsername) ?? textOf(recipientUserName);

/** @returns a user's name without what tells nobody apart: eBay's names are the same in any casing */
export const bareName = (name: string) => name.trim().toLowerCase();

/** @returns whether a name is that of a user */
export function isUser(name: unknown, user: string): boolean {
	const said = textOf(name);
	return said !== undefined && bareName(said) === bareName(user);
}

/** @returns whether eBay names at least one of the two */
export const isNamed = (message: Json) => (senderOf(message) ?? recipientOf(message)) !== undefined;

/** Of a message that names nobody: it may be the seller's own, and an answer to it would be answered for ever. */
export const NAMELESS =
	'eBay names neither who wrote a message nor to whom: such messages start no workflow';

export type Side = 'ours' | 'theirs' | 'unknown';

/**
 * Whose a message between two members is. Where eBay names one of them only, that one tells.
 *
 * @param own the seller's user name
 * @returns `unknown` where eBay names nobody, or two others
 */
export function sideOf(message: Json, own: string): Side {
	const [sender, recipient] = [senderOf(message), recipientOf(message)];
	if (isUser(sender, own)) return 'ours';
	if (isUser(recipient, own)) return 'theirs';
	if ((sender === undefined) === (recipient === undefined)) return 'unknown';
	return sender === undefined ? 'ours' : 'theirs';
}
