import { movableClock } from './clock.mts';
import { ratePlans, slidingWindow } from './rateplan.mts';

let time = 1_000_000;
const clock = movableClock(() => time);

describe('ratePlans', () => {
	const plans = ratePlans(clock, { slow: { rate: 0.5, burst: 2 } });
	const takes = (times: number, account = 'a') =>
		Array.from({ length: times }, () => plans.take('slow', account));

	beforeEach(() => plans.reset());

	it('lets a burst through and refuses the next call', () => {
		expect(takes(3)).toEqual([true, true, false]);
	});

	it('refills by the rate', () => {
		takes(2);
		time += 2000;
		expect(takes(2)).toEqual([true, false]);
	});

	it('never refills beyond the burst', () => {
		takes(1);
		time += 3_600_000;
		expect(takes(3)).toEqual([true, true, false]);
	});

	it('refills through many small steps as through one', () => {
		takes(2);
		for (let i = 0; i < 20; i++) {
			time += 100;
			if (i < 19) expect(plans.take('slow', 'a')).toBe(false);
		}
		expect(plans.take('slow', 'a')).toBe(true);
	});

	it('counts every account for itself', () => {
		takes(2);
		expect(takes(1, 'b')).toEqual([true]);
	});

	it('never refuses an operation without a plan', () => {
		expect(plans.take('free', 'a')).toBe(true);
	});

	it('gives every operation the plan of *', () => {
		plans.set('*', { rate: 1, burst: 5 });
		expect(takes(6)).toEqual([true, true, true, true, true, false]);
	});

	it('goes back to the documented plan on reset', () => {
		plans.set('slow', { rate: 100, burst: 100 });
		plans.reset();
		expect(plans.of('slow')).toEqual({ rate: 0.5, burst: 2 });
	});
});

describe('slidingWindow', () => {
	const window = slidingWindow(clock);
	const takes = (times: number) =>
		Array.from({ length: times }, () => window.take('seller')).filter(Boolean).length;

	beforeEach(() => window.reset());

	it('lets 75 calls through in any 60 seconds', () => {
		expect(takes(80)).toBe(75);
	});

	it('blocks for 100 seconds from the call too many', () => {
		takes(76);
		time += 99_999;
		expect(takes(1)).toBe(0);
		time += 1;
		expect(takes(1)).toBe(1);
	});

	it('slides: calls older than a minute no longer count', () => {
		takes(40);
		time += 30_000;
		takes(35);
		time += 30_000;
		expect(takes(41)).toBe(40);
	});

	it('takes another plan while it runs', () => {
		window.plan = { calls: 2, windowMs: 1000, blockMs: 1000 };
		expect(takes(5)).toBe(2);
	});
});
