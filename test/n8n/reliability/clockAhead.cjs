/** Loaded into n8n before anything else: its clock is ahead by CLOCK_AHEAD_MS, as if so much time had passed. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const { Date: RealDate } = globalThis;
// Kept, as somebody may set the one that is seen.
const realNow = RealDate.now;
const now = () => realNow() + ahead;

globalThis.Date = new Proxy(RealDate, {
	apply: () => new RealDate(now()).toString(),
	construct: (target, args, asked) =>
		Reflect.construct(target, args.length === 0 ? [now()] : args, asked),
	get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
RealDate.prototype.constructor = globalThis.Date;
