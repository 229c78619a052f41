import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { DAY_MS, MINUTE_MS, utcMsOf } from '../../shared/dates';
import type { Feed, Sighting } from '../../shared/poll/feed';
import { shownQuestion, simpleQuestion } from '../actions/output';
import { cleanText, itemIdIn } from '../actions/parameters';
import { markOf } from '../../shared/poll/identity';
import { lookBackOf } from '../../shared/poll/lookBack';
import { connectionOf } from '../api/connection';
import { getMemberMessages, type Question, type QuestionFilter } from '../api/questions';
import { asPoll, EbayClock, isoOf, LOOK_BACK_HOURS } from './window';

const PAGE_SIZE = 200;
/** As far back as questions are looked for in one span. */
const OLDEST_MS = 90 * DAY_MS;

/** The questions on the seller's listings as a feed. */
export async function questionFeed(context: IPollFunctions): Promise<Feed<Question>> {
	const connection = await connectionOf(context);
	const clock = new EbayClock();
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const itemId = itemIdIn(cleanText(filters.itemId, 'Item ID'));

	const ask = async (filter: QuestionFilter, page: number) => {
		const answer = await asPoll(
			getMemberMessages(connection, { itemId, ...filter }, page, PAGE_SIZE, 'poll'),
		);
		clock.heard(answer.timestamp);
		return answer;
	};
	return {
		marketplace: 'ebay',
		title: 'eBay',
		noun: 'question',
		event: 'question',
		what: JSON.stringify(['question', itemId]),
		lateness: { least: 30 * MINUTE_MS, most: lookBackOf(context, LOOK_BACK_HOURS) },
		lookBack: 10 * MINUTE_MS,
		keep: 0,
		pageSize: PAGE_SIZE,
		pagesPerPoll: 10,
		cost: { page: 5 * MINUTE_MS },
		async now() {
			await ask({ startTime: isoOf(clock.now() - MINUTE_MS), endTime: isoOf(clock.now()) }, 1);
			return clock.now();
		},
		async page(stretch) {
			const place = clock.place(stretch, OLDEST_MS, OLDEST_MS);
			const span = { startTime: isoOf(place.from), endTime: isoOf(place.to) };
			const answer = await ask(span, place.page);
			return {
				rows: answer.questions.length,
				mark: markOf(answer.questions),
				sightings: answer.questions.map(sightingOf),
				...clock.after(place, answer.hasMore),
			};
		},
		async newest() {
			for (const back of [DAY_MS, 7 * DAY_MS, OLDEST_MS - MINUTE_MS]) {
				const endTime = isoOf(clock.now());
				const { questions } = await ask({ startTime: isoOf(clock.now() - back), endTime }, 1);
				const newest = questions.map(sightingOf).sort((one, other) => other.at - one.at)[0];
				if (newest) return newest.value;
			}
			return undefined;
		},
		itemsOf: (question) => [shownQuestion(question)],
		simple: simpleQuestion,
	};
}

function sightingOf(question: Question): Sighting<Question> {
	const at = utcMsOf(question.createdAt) ?? 0;
	return { keys: [question.key], since: at, at, value: question };
}
