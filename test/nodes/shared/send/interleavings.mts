/**
 * Processes of n8n with one de-duplication store, in time that only this file moves: whoever drives it
 * says which of the things that could happen next does happen. So every store call, every wait and every
 * crash can be put before or after any other.
 */
import * as nodeCrypto from 'node:crypto';

import * as n8nWorkflow from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { LookUp } from '../../../../nodes/shared/send/lookUp.ts';
import type { sentOnce } from '../../../../nodes/shared/send/preventDuplicates.ts';
import type { RightToSend } from '../../../../nodes/shared/send/rightToSend.ts';
import type { SendOptions, WhenInDoubt } from '../../../../nodes/shared/send/sendOptions.ts';

type SentOnce = typeof sentOnce;

/** What a process said of a message that it was asked to send. */
export interface Said {
	process: number;
	message: string;
	/** `sent`, `skipped`, or the outcome of the error. */
	word: string;
	/** The error, where it was one. */
	error?: { message: string; code?: string; details?: { code?: string; outcome?: string } };
	at: number;
}

/** A call to the store on its way: it reads, it writes, it answers. */
interface Call {
	process: number;
	since: number;
	/** When it does the next, where nobody drives it. */
	due: number;
	next: 'read' | 'write' | 'answer';
	entries: string[];
	removes: boolean;
	list: string[];
	answer(processed: string[]): void;
	/** What the process that made the call no longer hears of. */
	orphan: boolean;
}

interface Timer {
	process: number;
	due: number;
	fire(): void;
}

/** Something that may happen next. */
export type Choice =
	| { kind: 'store'; call: Call }
	| { kind: 'timer'; timer: Timer }
	| { kind: 'pass'; ms: number }
	| { kind: 'hold' | 'release'; process: number }
	| { kind: 'crash'; process: number; writeLands: boolean };

/** What is possible in a world. */
export interface Rules {
	/** The longest that a call to the store of a process takes (milliseconds). */
	longestCall(process: number): number;
	/** Whether a process may be held up for any time while it waits for no store. */
	mayStall(process: number): boolean;
	/** How often a process dies. */
	crashes: number;
	/** Whether an answer of the store may be later than what it wrote. */
	lateAnswers: boolean;
	/** Times that may go by while a call is on its way, and nobody does anything (milliseconds). */
	passes: number[];
	mostPasses: number;
	/** Nothing goes wrong earlier than this after the start; from the start on where it is left out. */
	mishapsFrom?: number;
	/** Nothing new goes wrong later than this after the start (milliseconds). */
	mishapsWithin: number;
	/** Who is held up longer than this after the start goes on when nothing else happens any more. */
	releasedWithin?: number;
	/** How far the clock of each process is ahead of the marketplace's; nothing where it is left out. */
	clocks?: number[];
	/** How long after its arrival a message shows at the marketplace (milliseconds). */
	showsMs?: number;
}

export interface Job {
	process: number;
	message: string;
	/** Milliseconds from now. */
	at: number;
	/** How long the message is prepared (milliseconds). */
	prepareMs?: number;
	/** How long it waits until it may leave, for the marketplace's limit (milliseconds). */
	waitsMs?: number;
	/** How long it is on its way, whatever becomes of its sender (milliseconds). */
	arrivesMs?: number;
	/** Its sender dies: when it is prepared, or when it has left. */
	dies?: 'prepared' | 'left';
	/** How long the marketplace takes to answer (milliseconds). */
	answerMs?: number;
	/** It is refused: while it is prepared, or by the marketplace. */
	refused?: 'early' | 'late';
	whenInDoubt?: WhenInDoubt;
}

export const EPOCH = Date.UTC(2026, 0, 1);
/** How long a marketplace takes to answer (milliseconds). */
const ANSWER_MS = 20;

/** Who has said nothing by then never says anything (milliseconds). */
const LONGEST_ASK_MS = 3_600_000;

/** A message on its way needs no process any more. */
const NOBODY = -1;

/** Where nobody drives the store, a call takes no time. */
const AT_ONCE = () => 0;

/** Nothing is held up, and nobody dies. */
export const undisturbed: Rules = {
	longestCall: () => Infinity,
	mayStall: () => false,
	crashes: 0,
	lateAnswers: false,
	passes: [],
	mostPasses: 0,
	mishapsWithin: 0,
};

/** Loads the code under test once for each process. */
export class Processes {
	private world: World | undefined;

	private readonly codes: SentOnce[] = [];

	/** Numbers that count in the same way in every run. */
	private readonly ids: number[] = [];

	random: () => number = () => 0.5;

	private undo: Array<() => void> = [];

	constructor(private readonly count: number) {
		const realNow = Date.now;
		Date.now = () => this.world?.clock ?? realNow();
		const { performance } = globalThis;
		const realSteady = performance.now.bind(performance);
		performance.now = () => this.world?.now ?? realSteady();
		const realRandom = Math.random;
		Math.random = () => (this.world ? this.random() : realRandom());
		this.undo.push(
			() => (Date.now = realNow),
			() => (performance.now = realSteady),
			() => (Math.random = realRandom),
		);
		this.load();
	}

	/** What earlier runs left in the memory of the processes goes. */
	load(): void {
		for (let process = 0; process < this.count; process++) {
			jest.resetModules();
			jest.doMock('n8n-workflow', () => ({
				...n8nWorkflow,
				sleep: async (ms: number) => await this.world!.sleep(process, ms),
			}));
			jest.doMock('node:crypto', () => ({
				...nodeCrypto,
				randomUUID: () => `p${process}n${(this.ids[process] = (this.ids[process] ?? 0) + 1)}`,
			}));
			// eslint-disable-next-line @typescript-eslint/no-require-imports
			const loaded = require('../../../../nodes/shared/send/preventDuplicates.ts') as {
				sentOnce: SentOnce;
			};
			this.codes[process] = loaded.sentOnce;
		}
		jest.dontMock('n8n-workflow');
		jest.dontMock('node:crypto');
	}

	enter(world: World): void {
		this.world = world;
		this.ids.fill(0);
	}

	codeOf(process: number): SentOnce {
		return this.codes[process];
	}

	close(): void {
		this.world = undefined;
		for (const back of this.undo) back();
	}
}

let worlds = 0;

const OPTIONS: SendOptions = {
	validateOnly: false,
	preventDuplicates: true,
	duplicateKey: '',
	whenInDoubt: 'stop',
	lookUpAfterLoss: true,
	allowContactData: false,
};

export class World {
	now = EPOCH;

	list: string[] = [];

	readonly said: Said[] = [];

	/** Messages that reached the buyer, in order. */
	readonly arrived: Array<{ process: number; message: string; at: number }> = [];

	/** Whose code runs. */
	private running = 0;

	readonly crashed = new Set<number>();

	private readonly held = new Set<number>();

	/** What happened, in words; only where that is wanted. */
	readonly trace: string[] = [];

	/** What was asked of the store, in order. */
	readonly asked: Array<{ process: number; at: number; removes: boolean; entries: string[] }> = [];

	/** Messages of which a process was asked and has said nothing. */
	readonly waitedFor = new Map<string, Job>();

	private calls: Call[] = [];

	private timers: Timer[] = [];

	private passes = 0;

	/** What each process has seen: the same code that saw the same does the same. */
	private readonly seen: number[] = [];

	private readonly id = `w${++worlds}`;

	constructor(
		private readonly processes: Processes,
		private readonly rules: Rules,
		jobs: Job[],
		private readonly tells = false,
	) {
		processes.enter(this);
		for (const job of jobs) this.add(job);
	}

	/** What the process whose code runs takes the time to be. */
	get clock(): number {
		return this.now + this.aheadOf(this.running);
	}

	private aheadOf(process: number): number {
		return this.rules.clocks?.[process] ?? 0;
	}

	/** A process is asked for a message. */
	add(job: Job): void {
		this.waitedFor.set(`${job.process} ${job.message}`, job);
		this.timers.push({
			process: job.process,
			due: this.now + job.at,
			fire: () => void this.run(job),
		});
	}

	async sleep(process: number, ms: number): Promise<void> {
		await new Promise<void>((fire) => {
			if (!this.crashed.has(process)) this.timers.push({ process, due: this.now + ms, fire });
		});
	}

	/**
	 * What may happen now. The first is what happens by itself, as long as nobody is held up; what is held
	 * up goes on when it is released, or when the rules allow nothing else.
	 */
	choices(): Choice[] {
		const found: Choice[] = [];
		const released = this.calls.find((call) => !this.held.has(call.process) || call.orphan);
		if (released) found.push({ kind: 'store', call: released });
		else {
			const timer = this.nextTimer();
			if (timer && this.mayBecome(timer.due, timer)) found.push({ kind: 'timer', timer });
		}
		const past = this.now - EPOCH;
		const { mishapsFrom = 0, mishapsWithin, releasedWithin = Infinity } = this.rules;
		if (past <= releasedWithin || found.length === 0) {
			for (const process of this.held) found.push({ kind: 'release', process });
		}
		if (past < mishapsFrom || past > mishapsWithin) return found;
		if (this.calls.length > 0 && this.passes < this.rules.mostPasses) {
			for (const ms of this.rules.passes) {
				if (this.mayBecome(this.now + ms)) found.push({ kind: 'pass', ms });
			}
		}
		// Where another process is next, this can be done later as well.
		const next = released?.process ?? this.nextTimer()?.process;
		if (next === undefined || !this.busy().has(next)) return found;
		found.push({ kind: 'hold', process: next });
		if (this.crashed.size < this.rules.crashes) {
			found.push({ kind: 'crash', process: next, writeLands: false });
			if (released?.next === 'write') {
				found.push({ kind: 'crash', process: next, writeLands: true });
			}
		}
		return found;
	}

	/** Processes that were asked for something and have not said what became of it. */
	private busy(): Set<number> {
		return new Set([...this.waitedFor.values()].map(({ process }) => process));
	}

	private nextTimer(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.timers) {
			if (!this.held.has(timer.process) && (!first || timer.due < first.due)) first = timer;
		}
		return first;
	}

	/** Whether the clock may read this before anything else happens. */
	private mayBecome(time: number, fired?: Timer): boolean {
		const inTime = this.calls.every(
			({ process, since }) => time - since <= this.rules.longestCall(process),
		);
		const onTime = this.timers.every(
			(timer) => timer === fired || timer.due >= time || this.rules.mayStall(timer.process),
		);
		return inTime && onTime;
	}

	async take(choice: Choice): Promise<void> {
		if (this.tells) this.tell(this.wordsFor(choice));
		switch (choice.kind) {
			case 'store':
				this.running = choice.call.process;
				this.advance(choice.call);
				break;
			case 'timer':
				this.now = Math.max(this.now, choice.timer.due);
				this.timers.splice(this.timers.indexOf(choice.timer), 1);
				this.running = choice.timer.process;
				this.saw(choice.timer.process, []);
				choice.timer.fire();
				break;
			case 'pass':
				this.now += choice.ms;
				this.passes += 1;
				break;
			case 'hold':
				this.held.add(choice.process);
				return;
			case 'release':
				this.held.delete(choice.process);
				return;
			case 'crash':
				this.crash(choice.process, choice.writeLands);
		}
		await theCodeRuns();
	}

	private advance(call: Call): void {
		if (call.next === 'read') {
			call.list = [...this.list];
			call.next = 'write';
			call.due = this.now + this.takes(call.process);
			return;
		}
		if (call.next === 'write') {
			this.list = written(call);
			call.next = 'answer';
			if (this.rules.lateAnswers && !call.orphan) return;
		}
		this.calls.splice(this.calls.indexOf(call), 1);
		if (call.orphan) return;
		const processed = call.entries.filter((entry) => call.list.includes(entry));
		this.saw(call.process, processed);
		call.answer(processed);
	}

	private crash(process: number, writeLands: boolean): void {
		this.held.delete(process);
		this.crashed.add(process);
		this.timers = this.timers.filter((timer) => timer.process !== process);
		this.calls = this.calls.filter((call) => call.process !== process || writeLands);
		for (const call of this.calls) call.orphan ||= call.process === process;
		for (const [name, job] of this.waitedFor) {
			if (job.process === process) this.waitedFor.delete(name);
		}
	}

	private saw(process: number, entries: string[]): void {
		this.seen[process] = new Hash(this.seen[process]).add(this.now - EPOCH).addAll(entries).value;
	}

	/** Two worlds with the same signature have the same future. */
	signature(): number {
		const hash = new Hash();
		hash.add(this.now - EPOCH).add(this.passes);
		for (const process of this.crashed) hash.add(process);
		hash.add(this.crashed.size);
		for (const process of [...this.held].sort()) hash.add(process);
		hash.add(this.held.size);
		for (const seen of this.seen) hash.add(seen);
		hash.addAll(this.list);
		for (const { process, since, next, list, orphan } of this.calls) {
			hash
				.add(process)
				.add(since - EPOCH)
				.add(orphan ? 1 : 0)
				.add(next.length);
			if (next !== 'read') hash.addAll(list);
		}
		for (const { process, due } of this.timers) hash.add(process).add(due - EPOCH);
		for (const { process, message, at } of this.arrived) {
			hash
				.add(process)
				.add(numberOf(message))
				.add(at - EPOCH);
		}
		return hash.value;
	}

	/** How long the store takes to read, and then to write (milliseconds), in `settle`. */
	takes: (process: number) => number = AT_ONCE;

	/** Lets everything happen that happens by itself, in its time, until the clock reads `until`. */
	async settle(until: number): Promise<void> {
		this.held.clear();
		for (;;) {
			const [call] = [...this.calls].sort((a, b) => a.due - b.due);
			const timer = this.nextTimer();
			const due = Math.min(call?.due ?? Infinity, timer?.due ?? Infinity);
			if (due > until) break;
			this.now = Math.max(this.now, due);
			if (call && call.due <= due) await this.take({ kind: 'store', call });
			else await this.take({ kind: 'timer', timer: timer! });
		}
		this.now = Math.max(this.now, until);
	}

	/** Gives jobs, and lets the time go by until all have said what became of them. @returns what they said */
	async ask(...jobs: Job[]): Promise<Said[]> {
		const from = this.said.length;
		for (const job of jobs) this.add(job);
		const until = this.now + LONGEST_ASK_MS;
		while (this.waitedFor.size > 0) {
			if (this.now > until) throw new Error('Nobody says any more what became of it');
			await this.settle(this.now + 100);
		}
		return this.said.slice(from);
	}

	private async run(job: Job): Promise<void> {
		const { process, message, answerMs = ANSWER_MS, whenInDoubt = 'stop' } = job;
		const refusal = () => Object.assign(new Error('refused'), { details: { outcome: 'notSent' } });
		const prepare = async () => {
			if (job.prepareMs) await this.sleep(process, job.prepareMs);
			if (job.refused === 'early') throw refusal();
			if (job.dies === 'prepared') await this.die(process);
		};
		const send = async (_: unknown, _key: string, right: RightToSend) => {
			if (job.waitsMs) await this.sleep(process, job.waitsMs);
			const over = right.tooLate();
			if (over) throw over;
			this.tell(`${process} SENDS ${message}`);
			if (job.refused !== 'late') this.leave(job);
			if (job.dies === 'left') await this.die(process);
			await this.sleep(process, answerMs);
			if (job.refused === 'late') throw refusal();
			return { status: 'sent' } as const;
		};
		const lookUp: LookUp<never> = {
			where: 'the list',
			tellsAbsence: true,
			look: async ({ since, earlier }) => {
				await this.sleep(process, answerMs);
				const isThere = this.shows(message, process, since, earlier!.until);
				this.tell(`${process} is told that ${message} is ${isThere ? '' : 'not '}there`);
				return isThere ? { end: 'sent', foundBy: 'list' } : { end: 'open', isAbsent: true };
			},
		};
		const about = {
			marketplace: 'amazon' as const,
			whereToLook: 'Look',
			within: [],
			same: [message],
		};
		const said: Said = { process, message, word: '', at: 0 };
		try {
			const sentOnceHere = this.processes.codeOf(process);
			const options = { ...OPTIONS, whenInDoubt };
			const item = await sentOnceHere(this.contextOf(process), about, options, {
				prepare,
				send,
				lookUp,
			});
			said.word = String(item.status);
		} catch (error) {
			said.error = error as Said['error'];
			said.word = said.error?.details?.outcome ?? 'notSent';
		}
		said.at = this.now;
		this.tell(`${process} says ${said.word} of ${message}`);
		this.said.push(said);
		this.waitedFor.delete(`${process} ${message}`);
	}

	private leave({ process, message, arrivesMs }: Job): void {
		const arrive = () => void this.arrived.push({ process, message, at: this.now });
		if (!arrivesMs) arrive();
		else this.timers.push({ process: NOBODY, due: this.now + arrivesMs, fire: arrive });
	}

	/** Whether the marketplace shows the message among those of a time, which is told by a process's clock. */
	private shows(message: string, process: number, since: number, until: number): boolean {
		const { showsMs = 0 } = this.rules;
		const from = since - this.aheadOf(process);
		const to = until - this.aheadOf(process);
		return this.arrived.some(
			(one) =>
				one.message === message && one.at + showsMs <= this.now && one.at >= from && one.at <= to,
		);
	}

	private async die(process: number): Promise<never> {
		this.crash(process, false);
		return await new Promise<never>(() => {});
	}

	tell(words: string): void {
		if (this.tells) this.trace.push(words);
	}

	private contextOf(process: number): IExecuteFunctions {
		const call = async (entries: string[], removes: boolean) =>
			await new Promise<string[]>((answer) => {
				if (this.crashed.has(process)) return;
				this.asked.push({ process, at: this.now, removes, entries });
				this.calls.push({
					...{ process, entries, removes, answer },
					...{ since: this.now, due: this.now + this.takes(process) },
					...{ next: 'read', list: [], orphan: false },
				});
			});
		return {
			getWorkflow: () => ({ id: this.id }),
			getNode: () => ({ id: 'n' }),
			addExecutionHints: () => {},
			helpers: {
				checkProcessedAndRecord: async (entries: string[]) => ({
					processed: await call(entries, false),
				}),
				removeProcessed: async (entries: string[]) => void (await call(entries, true)),
			},
		} as unknown as IExecuteFunctions;
	}

	private wordsFor(choice: Choice): string {
		const at = `${this.now - EPOCH}`.padStart(6);
		switch (choice.kind) {
			case 'store': {
				const { process, next, entries, removes } = choice.call;
				const what = next === 'read' ? ` ${removes ? 'remove' : 'record'} ${short(entries)}` : '';
				return `${at} ${process} ${next}${what} [${short(this.list)}]`;
			}
			case 'timer':
				return `${at} ${choice.timer.process} wakes at ${choice.timer.due - EPOCH}`;
			case 'pass':
				return `${at} ${choice.ms} ms pass`;
			case 'hold':
			case 'release':
				return `${at} ${choice.process} is ${choice.kind === 'hold' ? 'held up' : 'released'}`;
			case 'crash':
				return `${at} ${choice.process} dies${choice.writeLands ? ', its write lands' : ''}`;
		}
	}
}

/** As n8n writes it: an entry that is named twice is added twice, and each time it is named one goes. */
function written({ removes, list, entries }: Call): string[] {
	if (!removes) return [...list, ...entries.filter((entry) => !list.includes(entry))];
	const left = [...list];
	for (const entry of entries) {
		const index = left.indexOf(entry);
		if (index !== -1) left.splice(index, 1);
	}
	return left;
}

/** Our code only waits for what this file gives it: node calls back when all of it has come to its next wait. */
async function theCodeRuns(): Promise<void> {
	await new Promise<void>((done) => process.nextTick(done));
}

/** Keys of messages are long. */
function short(entries: string[]): string {
	return entries
		.map((entry) => entry.replace(/[0-9a-f]{20,}/g, (key) => key.slice(0, 3)))
		.join(', ');
}

class Hash {
	private low: number;

	private high: number;

	constructor(from = 0) {
		this.low = 0xdeadbeef ^ from;
		this.high = 0x41c6ce57 ^ (from / 2 ** 32);
	}

	add(value: number): this {
		this.low = Math.imul(this.low ^ value, 2654435761);
		this.low ^= this.low >>> 15;
		this.high = Math.imul(this.high ^ value ^ (value / 2 ** 32), 1597334677);
		this.high ^= this.high >>> 13;
		return this;
	}

	/** In order, and how many. */
	addAll(entries: string[]): this {
		for (const entry of entries) this.add(numberOf(entry));
		return this.add(entries.length);
	}

	/** 53 bits */
	get value(): number {
		return (this.high & 0x1fffff) * 2 ** 32 + (this.low >>> 0);
	}
}

const numbers = new Map<string, number>();

/** A number of its own for each text. */
function numberOf(text: string): number {
	const number = numbers.get(text) ?? numbers.size + 1;
	numbers.set(text, number);
	return number;
}
