import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { MarketplaceError } from '../../shared/outcome';
import { markOf } from '../../shared/poll/identity';
import { recordOf, textOf, type Json } from '../../shared/values';
import { sellerName } from '../api/account';
import { connectionOf, refuseWithoutOAuth, type Connection } from '../api/connection';
import { getConversations, type ConversationFilter } from '../api/conversations';
import { isUser, recipientOf, senderOf } from '../api/members';
import { plainTextOf } from '../api/plainText';
import { itemIdIn } from './parameters';

/** Lists of the editor. */

/** A search reads so many pages before it shows what it found. */
const PAGES_A_SEARCH = 10;

const WITH_MEMBERS = { conversation_type: 'FROM_MEMBERS' } as const;

/**
 * Conversations with members, the latest first. A search asks eBay for those of the member and of the item
 * that its text may name, however old they are, and looks through the rest page by page.
 */
export async function searchConversations(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectionOf(this);
	refuseWithoutOAuth(connection, 'Reading conversations');
	// Without its name the list can do: no limit is waited for.
	const own = await sellerName(connection, 'poll').catch(() => undefined);
	const wanted = (filter ?? '').trim();
	const item = itemNamedIn(wanted);
	const words = (item ?? wanted).toLowerCase();

	const found = new Map<string, string>();
	const show = (conversations: Json[]) => {
		for (const one of conversations) {
			const id = textOf(one.conversationId);
			if (id !== undefined) found.set(id, nameOf(one, own));
		}
	};
	if (wanted !== '' && paginationToken === undefined) show(await named(connection, wanted, item));

	const [place = '0', before] = paginationToken?.split(' ') ?? [];
	let [offset, mark]: [number | undefined, string | undefined] = [Number(place), before];
	for (let pages = 0; offset !== undefined && pages < PAGES_A_SEARCH; pages++) {
		const page = await getConversations(connection, WITH_MEMBERS, offset);
		show(page.rows.filter((one) => searchedIn(one, own).toLowerCase().includes(words)));
		// Ever the same page: there is no more behind it.
		offset = page.rows.length > 0 && markOf(page.rows) === mark ? undefined : page.next;
		mark = markOf(page.rows);
		if (found.size > 0 && wanted === '') break;
	}
	return {
		results: [...found].map(([value, name]) => ({ name, value })),
		...(offset === undefined ? {} : { paginationToken: `${offset} ${mark}` }),
	};
}

/** What eBay itself finds for the member or the item of that name; it refuses a member who is none. */
async function named(connection: Connection, member: string, item?: string): Promise<Json[]> {
	const filters: ConversationFilter[] = [];
	if (!/\s/.test(member)) filters.push({ ...WITH_MEMBERS, other_party_username: member });
	if (item) filters.push({ ...WITH_MEMBERS, reference_id: item, reference_type: 'LISTING' });
	const answers = await Promise.all(
		filters.map(async (filter) => {
			const asked = getConversations(connection, filter);
			return await asked.then(({ rows }) => rows).catch(unlessNotFound);
		}),
	);
	return answers.flat();
}

function unlessNotFound(error: unknown): Json[] {
	const status = error instanceof MarketplaceError ? error.details.httpStatus : undefined;
	if (status === 400 || status === 404) return [];
	throw error;
}

function itemNamedIn(text: string): string | undefined {
	try {
		return itemIdIn(text);
	} catch {
		return undefined;
	}
}

/** The other member, the item and the latest words; eBay's title would only say the words again. */
function nameOf(conversation: Json, own?: string): string {
	const item = textOf(conversation.referenceId);
	const about = [withWhom(conversation, own), ...(item ? [`item ${item}`] : [])].join(', ');
	const words = latestWords(conversation);
	const short = [...words].slice(0, 40).join('').trim();
	return short === '' ? about : `${about}: ${short}${short.length < words.length ? '…' : ''}`;
}

/** Both members where it cannot be told which one is the seller. */
function withWhom({ conversationId, latestMessage }: Json, own?: string): string {
	const latest = recordOf(latestMessage);
	const members = [senderOf(latest), recipientOf(latest)].filter((one) => one !== undefined);
	const isOwn = (member: string) => own !== undefined && isUser(member, own);
	const others = members.some(isOwn) ? members.filter((member) => !isOwn(member)) : members;
	return others.join(' and ') || `Conversation ${textOf(conversationId) ?? ''}`;
}

/** On one line; what eBay itself writes is a whole page. */
function latestWords({ conversationTitle, latestMessage }: Json): string {
	const written = textOf(recordOf(latestMessage).messageBody) ?? textOf(conversationTitle) ?? '';
	return plainTextOf(written).replace(/\s+/g, ' ').trim();
}

/** What is shown, whole. */
const searchedIn = (conversation: Json, own?: string): string =>
	[textOf(conversation.conversationId), nameOf(conversation, own), latestWords(conversation)].join(
		' ',
	);
