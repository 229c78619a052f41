import { quickTime, type QuickTime } from './quickTime.mts';

const real = { now: Date.now, setTimeout, clearTimeout };
let time: QuickTime;
beforeEach(() => {
	time = quickTime();
});
afterEach(() => time());

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** Waits as our code does: in slices. */
async function wait(ms: number): Promise<void> {
	for (const end = Date.now() + ms; Date.now() < end;) {
		await pause(Math.min(100, end - Date.now()));
	}
}

test('an hour of waiting takes seconds, and the clock tells an hour', async () => {
	const [began, reallyBegan] = [Date.now(), real.now()];
	await wait(3_600_000);
	expect(Date.now() - began).toBeGreaterThanOrEqual(3_600_000);
	expect(Date.now() - began).toBeLessThan(3_700_000);
	expect(real.now() - reallyBegan).toBeLessThan(25_000);
});

test('who waits for less wakes first, whoever began first', async () => {
	const woken: number[] = [];
	const sleep = async (ms: number) => {
		await wait(ms);
		woken.push(ms);
	};
	await Promise.all([sleep(2000), sleep(30), sleep(70_000), sleep(500)]);
	expect(woken).toEqual([30, 500, 2000, 70_000]);
});

/** How far the clock is ahead (milliseconds): the process may stand still between two readings, but not each time. */
const ahead = () => Math.max(...Array.from({ length: 5 }, () => Date.now() - real.now()));

test('the clock does not jump while somebody works', async () => {
	const before = ahead();
	const sleeping = pause(100);
	for (let turns = 0; turns < 20; turns++) {
		for (const until = performance.now() + 2; performance.now() < until;);
		await new Promise(setImmediate);
	}
	expect(ahead() - before).toBeLessThan(20);
	await sleeping;
});

test('a time-out that is longer than a slice stays as it is', async () => {
	const began = real.now();
	await pause(120);
	expect(real.now() - began).toBeGreaterThanOrEqual(118);
});

test('a wait can be given up', async () => {
	const woken = jest.fn();
	clearTimeout(setTimeout(woken, 50));
	await wait(1000);
	expect(woken).not.toHaveBeenCalled();
});

test('time can be skipped', () => {
	const began = Date.now();
	time.skip(60_000);
	expect(Date.now() - began).toBeGreaterThanOrEqual(60_000);
});

test('afterwards time runs as usual, and who still waits is woken', async () => {
	const sleeping = pause(100);
	time();
	expect([Date.now, setTimeout, clearTimeout]).toEqual([
		real.now,
		real.setTimeout,
		real.clearTimeout,
	]);
	await sleeping;
});
