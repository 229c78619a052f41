/** A time of its own: it passes only from one event to the next, so that a minute costs as much as its events. */

import type { Seeded } from './seeded.mts';

export interface Timeline {
	now(): number;
	/** Runs it at this moment; what is for the same moment runs in the order in which it was asked for. */
	at(moment: number, run: () => void): void;
	/** Lets time pass until `end` is settled. */
	until(end: Promise<unknown>): Promise<void>;
}

interface Event {
	at: number;
	order: number;
	run(): void;
}

export function timeline(start: number): Timeline {
	const events: Event[] = [];
	let now = start;
	let order = 0;
	const isBefore = (one: Event, other: Event) =>
		one.at < other.at || (one.at === other.at && one.order < other.order);

	return {
		now: () => now,
		at(moment, run) {
			const event = { at: Math.max(now, moment), order: order++, run };
			let place = events.length;
			while (place > 0 && isBefore(event, events[place - 1]!)) place -= 1;
			events.splice(place, 0, event);
		},
		async until(end) {
			let isOver = false;
			const over = () => void (isOver = true);
			void end.then(over, over);
			for (;;) {
				// Whatever runs on promises alone has run when this is over.
				await new Promise(setImmediate);
				if (isOver) return;
				const next = events.shift();
				if (!next) throw new Error('Everybody waits, and nothing comes any more');
				now = next.at;
				next.run();
			}
		},
	};
}

/** How often a process stands still, and for how long (milliseconds). */
export interface Stalls {
	/** The mean time from the end of one to the beginning of the next. */
	every: number;
	shortest: number;
	longest: number;
}

/** A process that does one thing after the other, and now and then nothing at all. */
export interface Machine {
	/** Runs it at this moment or as soon as the process is free, and keeps it busy for so long. */
	at(moment: number, run: () => void, busyMs?: number): void;
	stalls: Array<{ from: number; to: number }>;
}

export function machine(time: Timeline, random: Seeded, stalls?: Stalls): Machine {
	const all: Machine['stalls'] = [];
	let busyUntil = 0;
	let next = stalls ? time.now() + random.next() * stalls.every : Infinity;
	const stallAt = (moment: number) => {
		while (stalls && next <= moment) {
			const length = stalls.shortest * (stalls.longest / stalls.shortest) ** random.next();
			all.push({ from: next, to: next + length });
			next += length - Math.log(1 - random.next()) * stalls.every;
		}
		const last = all.findLast(({ from }) => from <= moment);
		return last && moment < last.to ? last.to : moment;
	};
	const mine: Machine = {
		stalls: all,
		at(moment, run, busyMs = 0) {
			time.at(moment, () => {
				const free = stallAt(Math.max(time.now(), busyUntil));
				if (free > time.now()) return mine.at(free, run, busyMs);
				busyUntil = time.now() + busyMs;
				run();
			});
		},
	};
	return mine;
}
