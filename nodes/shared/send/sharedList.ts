import { randomUUID } from 'node:crypto';

import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { jittered, LONGEST_WAIT_MS, SLICE_MS } from '../sleep';
import { beginningOf, begunIn } from './begun';
import {
	entriesOf,
	GAP_MS,
	isNew,
	isOurs,
	LIMIT_MS,
	openEntriesOf,
	openOf,
	othersNeed,
	READ_REPEATED_FOR_MS,
	REPEATED_FOR_MS,
	repeatedOf,
	takenOf,
	timesOf,
	wrote,
	type Ask,
	type Forget,
	type Kept,
	type Look,
	type Question,
} from './listEntries';
import { Passing } from './passing';
import { StoreCalls, type StoreHelpers } from './storeCalls';

/**
 * n8n's de-duplication store: one list a node, for all processes of n8n. It has no lock. Every call reads
 * the whole list and writes it whole, and the list cannot be looked at without adding what is asked for.
 * So a call that takes long puts an old list over a newer one. What follows from that, and why a message
 * is not sent twice all the same, stands in docs/reliability.md; the times in listEntries.ts are those of its proof.
 */

const lists = new Map<string, SharedList>();

/** The list of the node that is running. */
export function listOf(context: IExecuteFunctions): SharedList {
	const id = `${context.getWorkflow().id} ${context.getNode().id}`;
	const list = lists.get(id) ?? new SharedList(id);
	lists.set(id, list);
	list.use(context.helpers);
	return list;
}

/**
 * This process's side of the list. All items of the process use it in turns; what is asked for while a
 * turn runs or the list is left alone is done in one go in the next.
 */
export class SharedList {
	private helpers!: StoreHelpers;

	private asks: Ask[] = [];

	private forgets: Forget[] = [];

	private readonly kept = new Map<string, Kept>();

	/** Of the turn whose notes are looked for in the next. */
	private mark: string | undefined;

	/** Nobody looks for them any more. */
	private oldMarks: string[] = [];

	/** What this turn only asked for, and is no part of a note. */
	private asked: string[] = [];

	private readonly passing = new Passing();

	private running = false;

	private wakeUp: () => void = () => {};

	/** Until then the list is left alone. */
	private quietUntil = 0;

	/** Until then nothing is asked. */
	private askFrom = 0;

	/** Until then the list may lack what a late call has replaced. */
	private trustFrom = 0;

	constructor(readonly id: string) {}

	/** The calls of the newest execution serve for all. */
	use({ checkProcessedAndRecord, removeProcessed }: StoreHelpers): void {
		this.helpers = { checkProcessedAndRecord, removeProcessed };
	}

	/** Whether this process knows by itself that the message was sent. */
	isSent(key: string): boolean {
		return this.kept.get(key)?.state === 'sent';
	}

	/** Whether it was this process that sent the message, or began to. */
	isOurs(key: string): boolean {
		return this.kept.has(key);
	}

	/** Looks for a message, and notes it; with a mark: is that note still there? */
	async ask(question: Question): Promise<Look> {
		return await new Promise<Look>((done, failed) => {
			this.asks.push({ ...question, done, failed });
			this.wake();
		});
	}

	/** The message is out, or counts as sent. Ends when that is written. */
	async confirm(key: string, at: number): Promise<void> {
		const begun = this.kept.get(key)?.at ?? at;
		await new Promise<void>((done, failed) => {
			this.keep(key, 'sent', REPEATED_FOR_MS, begun).waiting.push({ done, failed });
			this.wake();
		});
	}

	/** The message was surely not sent: its note goes. Only for whose note stood. */
	async forget(key: string, at: number): Promise<void> {
		if (this.isSent(key)) return;
		this.kept.delete(key);
		await new Promise<void>((done, failed) => {
			this.forgets.push({ key, at, done, failed });
			this.wake();
		});
	}

	private keep(key: string, state: Kept['state'], forMs: number, begun?: number): Kept {
		const now = Date.now();
		const before = this.kept.get(key);
		const [at, waiting] = [begun ?? before?.at, before?.waiting.splice(0) ?? []];
		const kept = { state, at, since: now, due: now, until: now + forMs, written: false, waiting };
		this.kept.set(key, kept);
		return kept;
	}

	private wake(): void {
		this.wakeUp();
		if (!this.running) void this.run();
	}

	private async run(): Promise<void> {
		this.running = true;
		for (let at = this.nextTurn(); at !== undefined; at = this.nextTurn()) {
			if (at > Date.now()) await this.rest(at - Date.now());
			else await this.turn();
		}
		this.running = false;
		lists.delete(this.id);
	}

	/**
	 * Ends early when something is asked for. Where nobody waits it sleeps in one piece, and not for less
	 * than a slice: so a clock that jumps over what somebody waits for does not jump over this.
	 */
	private async rest(ms: number): Promise<void> {
		const woken = new Promise<void>((wakeUp) => {
			this.wakeUp = wakeUp;
		});
		const isWaitedFor =
			this.asks.length > 0 ||
			this.forgets.length > 0 ||
			[...this.kept.values()].some(({ waiting }) => waiting.length > 0);
		const slice = isWaitedFor
			? Math.min(ms, SLICE_MS)
			: Math.min(Math.max(ms, SLICE_MS + 1), LONGEST_WAIT_MS);
		await Promise.race([sleep(Math.ceil(slice)), woken]);
	}

	/** @returns when there is something to do (milliseconds since 1970); nothing where there never is */
	private nextTurn(): number | undefined {
		const now = Date.now();
		const times = [...this.kept.values()].map(({ due }) => due);
		if (this.asks.length > 0) times.push(this.askFrom);
		if (this.forgets.length > 0) times.push(now);
		if (this.oldMarks.length > 0 && this.kept.size === 0) times.push(now);
		times.push(this.passing.nextAt());
		if (Math.min(...times) < Infinity) return Math.max(this.quietUntil, Math.min(...times));
		// Whoever comes next has to know how long the list is left alone.
		const restUntil = Math.max(this.quietUntil, this.trustFrom);
		return restUntil > now ? restUntil : undefined;
	}

	private async turn(): Promise<void> {
		const now = Date.now();
		const asks = now >= this.askFrom ? this.asks.splice(0) : [];
		const forgets = this.forgets.splice(0);
		const due = [...this.kept].filter(([, kept]) => kept.due <= now);
		const calls = new StoreCalls(this.helpers);
		this.asked = [];
		let looks: Look[];
		try {
			looks = await this.look(calls, asks, due);
		} catch (error) {
			this.leaveAlone(calls, false);
			for (const waiting of [...asks, ...forgets]) waiting.failed(error);
			for (const [, kept] of due) wrote(kept, error);
			return;
		}
		asks.forEach((ask, i) => this.found(ask, looks[i]!));
		for (const { metAt } of asks.filter((_, i) => isNew(looks[i]!))) {
			// It was there before. Whoever noted it took it away, or somebody's late call did.
			if (metAt !== undefined) this.trustAfter(Math.min(now - metAt, LIMIT_MS));
		}
		const sent = [...this.kept].filter(([, kept]) => kept.state === 'sent' && isDue(kept));
		const gone = [
			...sent.flatMap(([key, { at }]) => openEntriesOf(key, at)),
			...forgets.flatMap(({ key, at }) => [key, ...openEntriesOf(key, at)]),
			...this.asked,
			...this.passing.take(now),
		];
		// A call for nothing but old marks would only be in the way of others.
		const marks = gone.length > 0 || asks.length === 0 ? this.oldMarks.splice(0) : [];
		const error = await calls.remove([...gone, ...marks]).then(
			() => undefined,
			(failure: unknown) => failure,
		);
		if (error !== undefined) this.oldMarks.push(...marks);
		this.leaveAlone(calls, looks.some(isNew));
		for (const [, kept] of new Map([...due, ...sent])) wrote(kept, error);
		for (const [key, kept] of this.kept) if (kept.due > kept.until) this.kept.delete(key);
		for (const { done, failed } of forgets)
			if (error === undefined) done();
			else failed(error);
		asks.forEach(({ done }, i) => done(looks[i]!));
	}

	/** Writes again what is due, notes what is asked for, and says what was there before. */
	private async look(calls: StoreCalls, asks: Ask[], due: Array<[string, Kept]>): Promise<Look[]> {
		const now = Date.now();
		const mark = `turn ${randomUUID()}`;
		const there = await calls.record([
			...due.flatMap(([key, kept]) => repeatedOf(key, kept)),
			...asks.flatMap((ask) => [...entriesOf(ask), ...timesOf(ask, now)]),
			...(asks.length > 0 ? [mark] : []),
		]);
		for (const [key, { state }] of due) {
			const confirmed = there.has(key) && !there.has(openOf(key));
			if (state === 'taken' && confirmed) this.keep(key, 'sent', REPEATED_FOR_MS);
		}
		const looks = asks.map((ask) => {
			const [noted, open] = [there.has(ask.key), there.has(openOf(ask.key))];
			const stands = open && ask.mark !== undefined && there.has(ask.mark);
			const begun = ask.what === 'when' ? begunIn(there, ask.key, now) : undefined;
			return { noted, open, stands, taken: false, mark, took: calls.took, begun };
		});
		const stays = new Set([
			...there,
			...due.flatMap(([key, kept]) => repeatedOf(key, kept)),
			...asks.flatMap((ask, i) => (isOurs(ask, looks[i]!) ? beginningOf(ask.key, ask.at) : [])),
		]);
		asks.forEach((ask, i) => {
			const times = timesOf(ask, now).filter((entry) => !stays.has(entry));
			this.asked.push(...times);
			if (looks[i]!.open) this.passing.add(ask.key, times, now);
		});
		if (asks.length > 0) {
			// The notes of the turn before have been looked for now.
			if (this.mark) this.oldMarks.push(this.mark);
			this.mark = looks.some(isNew) ? mark : undefined;
			if (!this.mark) this.oldMarks.push(mark);
		}
		const standing = asks.filter((_, i) => looks[i]!.stands);
		const taken = await calls.record(standing.map(({ key }) => takenOf(key)));
		return looks.map((look, i) => ({ ...look, taken: taken.has(takenOf(asks[i]!.key)) }));
	}

	/** What is to be written because of what was found. */
	private found({ key, at }: Ask, look: Look): void {
		const kept = this.kept.get(key);
		if (look.stands) this.passing.forget(key);
		if (kept?.state === 'sent') kept.due = Date.now();
		else if (look.stands && !look.taken) wrote(this.keep(key, 'taken', REPEATED_FOR_MS, at));
		else if (look.noted && !look.open) this.keep(key, 'sent', READ_REPEATED_FOR_MS);
	}

	/** A call that took so long may have replaced what others wrote. */
	private trustAfter(took: number): void {
		this.trustFrom = Math.max(this.trustFrom, Date.now() + othersNeed(took));
	}

	/** A list in which something was noted is left alone until it is looked at again. */
	private leaveAlone({ took }: StoreCalls, hasNotes: boolean): void {
		const now = Date.now();
		if (took > GAP_MS) this.trustAfter(took);
		const gap = hasNotes ? GAP_MS : GAP_MS / 2;
		this.quietUntil = now + Math.max(gap, took) + jittered(GAP_MS / 10);
		// Also those of an earlier turn: whatever else is written meanwhile, they are not looked for sooner.
		const isLookedFor = hasNotes || this.mark !== undefined;
		this.askFrom = isLookedFor ? Math.max(this.quietUntil, this.trustFrom) : this.quietUntil;
	}
}

const isDue = ({ due }: Kept) => due <= Date.now();
