import type { NextStep, TryResult } from '../../../../nodes/shared/http/repeat.ts';
import type { RepeatPolicy } from '../../../../nodes/shared/http/service.ts';

/** What may be repeated: the rows that the code is tested by, and that docs/reliability.md is written from. */

/** What can come of a try, by the columns of the table. */
export const columns: ReadonlyArray<{ title: string; results: Array<Omit<TryResult, 'times'>> }> = [
	{ title: 'refused connection, DNS', results: [{ kind: 'neverLeft', mayPass: true }] },
	{ title: '429 and the like', results: [{ kind: 'throttled' }, { kind: 'again' }] },
	{ title: 'token ended', results: [{ kind: 'expired', renewable: true }] },
	{
		title: '5xx, time-out, connection lost, no readable answer',
		results: [{ kind: 'failing' }, { kind: 'lost' }, { kind: 'unreadable' }],
	},
	{ title: 'refused', results: [{ kind: 'refused' }] },
];

/** What comes next after the first try, and how the page says it. */
type Cell = [step: NextStep | NextStep[], words: string];

export const rows: ReadonlyArray<{ request: string; policy: RepeatPolicy; cells: Cell[] }> = [
	{
		request: 'reading',
		policy: 'read',
		cells: [
			['repeat', 'yes'],
			['repeat', 'yes, after the wait'],
			['renewToken', 'renewed, once'],
			['repeat', 'yes, with growing waits'],
			['giveUp', 'no'],
		],
	},
	{
		request: 'reading, for a trigger',
		policy: 'poll',
		cells: [
			['repeat', 'yes, once'],
			[['giveUp', 'repeat'], 'no: the next poll comes by itself'],
			['renewToken', 'renewed, once'],
			['repeat', 'yes, once'],
			['giveUp', 'no'],
		],
	},
	{
		request: 'preparing an attachment',
		policy: 'prepare',
		cells: [
			['repeat', 'yes'],
			['repeat', 'yes, after the wait'],
			['renewToken', 'renewed, once'],
			['repeat', 'yes: the same bytes to the same place'],
			['giveUp', 'no'],
		],
	},
	{
		request: "putting a file to Magalu's link",
		policy: 'once',
		cells: [
			['repeat', 'yes'],
			['repeat', 'yes, after the wait'],
			['renewToken', 'no token goes there'],
			[
				'giveUp',
				"only after a look at the transaction: the same bytes again, until the message's 15 minutes are nearly over",
			],
			['giveUp', 'no'],
		],
	},
	{
		request: 'sending',
		policy: 'send',
		cells: [
			['repeat', 'yes: nothing was sent'],
			['repeat', 'yes: nothing was processed'],
			['renewToken', 'renewed, once'],
			['giveUp', '**never**: `unknown`'],
			['giveUp', 'no'],
		],
	},
];

/** The table as the page has it. */
export function tableOfRepeats(): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(['request', ...columns.map(({ title }) => title)]),
		`|---|${'---|'.repeat(columns.length)}`,
		...rows.map(({ request, cells }) => line([request, ...cells.map(([, words]) => words)])),
	].join('\n');
}
