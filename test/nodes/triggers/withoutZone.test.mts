/** A time that names no zone means UTC, wherever n8n runs: a shop's own zone would shift what is read by hours. */
import { execFileSync } from 'node:child_process';

const SCRIPT = `
const readers = {
	Amazon: ['Amazon/triggers/orderFeed', ({ events }, shipTime) =>
		events.orderShipped.happenedAt({ packages: [{ shipTime }] })],
	'eBay orders': ['Ebay/triggers/orderEvents', ({ events }, createdTime) =>
		events.orderCreated.at({ order: { createdTime }, lines: [] })],
	'eBay messages': ['Ebay/actions/sought', ({ timeOf }, createdDate) => timeOf({ createdDate })],
	'eBay clock': ['Ebay/triggers/window', ({ EbayClock }, timestamp) => {
		const clock = new EbayClock();
		clock.heard(timestamp);
		return Math.round(clock.now() / 60_000) * 60_000;
	}],
	Magalu: ['Magalu/triggers/orderFeed', ({ events }, approved_at) =>
		events.orderApproved({ status: 'approved', approved_at })],
};
const said = {};
for (const [name, [file, read]] of Object.entries(readers)) {
	const module = await import('./nodes/' + file + '.ts');
	const times = ['2026-08-07T13:42:00', '2026-08-07 13:42:00.000', '2026-08-07T13:42:00Z'];
	said[name] = times.map((time) => new Date(read(module.default, time)).toISOString());
}
console.log(JSON.stringify(said));
`;

it('is read as UTC by every street', () => {
	const env = { ...process.env, TZ: 'America/Sao_Paulo' };
	const run = ['--import', 'tsx', '--input-type=module', '-e', SCRIPT];
	const said = JSON.parse(String(execFileSync(process.execPath, run, { env }))) as object;
	const times = Array.from({ length: 3 }, () => '2026-08-07T13:42:00.000Z');
	const streets = ['Amazon', 'eBay orders', 'eBay messages', 'eBay clock', 'Magalu'];
	expect(said).toEqual(Object.fromEntries(streets.map((street) => [street, times])));
});
