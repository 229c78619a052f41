import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { DAY_MS, utcMsOf } from '../../shared/dates';
import { lettersOf, SeenKeys, type KeptKeys } from '../../shared/poll/seenKeys';
import { isWord, parseJson, recordOf, textOf, type Json } from '../../shared/values';
import { connectionOf, CREDENTIAL } from '../api/connection';
import { isNamed, isUser, NAMELESS, sideOf } from '../api/members';
import { publicKeyOf } from '../api/notificationKeys';
import { getPublicKey, notificationApi } from '../api/notifications';
import {
	challengeResponse,
	isSigned,
	signatureIn,
	verificationTokenOf,
} from '../api/notificationSignature';
import { isPlaceholder, topicOf, topics } from './topics';

/** A larger body is no notification (bytes). */
const LARGEST_BODY = 1024 * 1024;
/** What was received is remembered so long: eBay repeats a notification within hours. */
const REMEMBERED_MS = 3 * DAY_MS;
/** What may not have been saved by n8n yet, since it saves one call's state at a time (milliseconds). */
const UNSAVED_MS = 10 * 60_000;

/**
 * A call from eBay, or from somebody who says so: first the signature, then the answer, then the workflow.
 *
 * @returns the item that starts the workflow, where it is new and meant for it
 * @see https://developer.ebay.com/api-docs/commerce/notification/overview.html
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	if (context.getWebhookName() === 'setup') return await answerChallenge(context);

	const body = (context.getRequestObject() as { rawBody?: Buffer }).rawBody ?? Buffer.alloc(0);
	if (body.length > LARGEST_BODY) return answer(context, 413);
	const proof = await proofOf(context, body);
	if (proof !== 'signed') {
		if (proof === 'forged') countForged(context);
		return answer(context, proof === 'forged' ? 412 : 503);
	}
	const { metadata, notification } = recordOf(parseJson(body.toString('utf8'))) as Json;
	const item = itemOf(context, recordOf(metadata), recordOf(notification));
	// eBay waits three seconds at the most: the workflow runs behind its back.
	return { ...answer(context, 204), ...(item ? { workflowData: [[{ json: item }]] } : {}) };
}

/** eBay asks whether the address knows its token. Nobody else is asked: the keyset may still be disabled. */
async function answerChallenge(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { challenge_code: code } = context.getQueryData() as Json;
	if (typeof code !== 'string' || code === '') return answer(context, 400);
	const { clientSecret } = await context.getCredentials(CREDENTIAL);
	const endpoint = endpointOf(context);
	const token = verificationTokenOf(String(clientSecret ?? '').trim(), endpoint);
	const response = context.getResponseObject();
	response.status(200).json({ challengeResponse: challengeResponse(code, token, endpoint) });
	return { noWebhookResponse: true };
}

/** The address as it was registered: n8n tells the one of production, also while the editor listens. */
function endpointOf(context: IWebhookFunctions): string {
	const address = context.getNodeWebhookUrl('default') ?? '';
	if (context.getMode() !== 'manual') return address;
	if ('getWebhookResourceUrl' in context)
		return context.getWebhookResourceUrl('default') ?? address;
	return (address as string).replace('/webhook/', '/webhook-test/');
}

function answer(context: IWebhookFunctions, status: number): IWebhookResponseData {
	context.getResponseObject().status(status).end();
	return { noWebhookResponse: true };
}

/** @returns `forged`: nobody but eBay could have signed it, and eBay did not; `unknown`: eBay did not tell its key */
async function proofOf(
	context: IWebhookFunctions,
	body: Buffer,
): Promise<'signed' | 'forged' | 'unknown'> {
	const said = signatureIn(context.getHeaderData()['x-ebay-signature']);
	if (said === undefined) return 'forged';
	try {
		const connection = await connectionOf(context);
		const api = notificationApi(context, connection, 'poll');
		const key = await publicKeyOf(
			connection.apiUrl,
			said.kid,
			async (kid) => await getPublicKey(api, kid),
		);
		return key && isSigned(body, said, key) ? 'signed' : 'forged';
	} catch (error) {
		context.logger.warn(`eBay's key could not be read: ${(error as Error).message}`);
		return 'unknown';
	}
}

let forged = 0;

/** Nothing of a stranger's words gets into the log. */
function countForged({ logger }: IWebhookFunctions): void {
	forged += 1;
	if (/^10*$/.test(String(forged))) {
		logger.warn(`eBay notifications with a wrong or missing signature so far: ${forged}`);
	}
}

/** @returns the item; nothing for what is not new, not of this topic, a test of eBay's, or our own message */
function itemOf(
	context: IWebhookFunctions,
	metadata: Json,
	notification: Json,
): IDataObject | undefined {
	const topic = topicOf(context.getNodeParameter('topic'));
	const data = recordOf(notification.data);
	const id = textOf(notification.notificationId);
	if (!isWord(metadata.topic, topic.id) || id === undefined) return undefined;

	const kept = context.getWorkflowStaticData('node');
	const names = topic.names(data);
	const manual = context.getMode() === 'manual';
	if (!manual) {
		if (isPlaceholder(topic, data)) return undefined;
		const own = textOf(kept.userName);
		// An own message that is answered would be answered again, and again.
		const isTheirs =
			topic === topics.newMessage
				? isFromMember(context, data, own)
				: !isOurs(data, names.recipientId, own);
		if (!isTheirs) return undefined;
		const happenedAt = utcMsOf(notification.eventDate) ?? Date.now();
		const isOld = Date.now() - happenedAt > DAY_MS;
		// What is remembered is bounded, so nobody knows whether it was handed over; a deletion has to be.
		if (isOld && topic !== topics.accountDeletion) return undefined;
		if (!isNew(kept, context.getNode().id, id)) return undefined;
	}
	return {
		notificationId: id,
		topic: topic.id,
		eventDate: textOf(notification.eventDate) ?? null,
		...names,
		...data,
	} as IDataObject;
}

/** Whether another member wrote a message. eBay's own, as in the trigger that polls, are none of a buyer. */
function isFromMember({ logger }: IWebhookFunctions, data: Json, own: string | undefined): boolean {
	if (isWord(data.conversationType, 'FROM_EBAY')) return false;
	const side = own === undefined ? 'unknown' : sideOf(data, own);
	if (side === 'unknown') logger.warn(isNamed(data) ? STRANGERS : NAMELESS);
	return side === 'theirs';
}

const STRANGERS =
	"eBay names other members in a message than the seller whose credential this is: such messages start no workflow, since they may be the seller's own. Publish the workflow once more, so that it learns the seller's user name anew; if it stays like this, check that the refresh token is that of the seller.";

/** Whether what is no message between members is the seller's. @param sender as far as eBay names one */
function isOurs(data: Json, sender: unknown, own: string | undefined): boolean {
	if (own === undefined) return false;
	return sender === undefined ? sideOf(data, own) === 'ours' : isUser(sender, own);
}

/** Received by this process and perhaps not saved yet, by node: the letters of each id, and when by our own clock. */
const received = new Map<string, Map<string, number>>();

/** Remembers the id, in what n8n saves and in this process. @returns whether it was new to both */
function isNew(kept: IDataObject, node: string, id: string): boolean {
	const now = Date.now();
	const mine = received.get(node) ?? new Map<string, number>();
	received.set(node, mine);
	for (const [one, at] of mine) if (now - at > UNSAVED_MS) mine.delete(one);

	const seen = new SeenKeys((kept.seen ?? {}) as KeptKeys);
	const letters = lettersOf(id);
	if (mine.has(letters) || seen.has(id)) return false;
	mine.set(letters, now);
	for (const [one, at] of mine) seen.addLetters(one, at);
	seen.forget(now - REMEMBERED_MS);
	kept.seen = seen.kept();
	return true;
}
