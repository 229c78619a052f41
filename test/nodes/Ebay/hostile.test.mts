import fc from 'fast-check';

import { ebayWorld, messageForm } from '../../engine/ebay.mts';
import { waitsPass } from '../../engine/quickTime.mts';
import { memberMessagePlans } from '../../../nodes/Ebay/api/limits.ts';
import { restApi } from '../../../nodes/Ebay/api/restErrors.ts';
import { tradingApi } from '../../../nodes/Ebay/api/errors.ts';
import type { HttpResponse } from '../../../nodes/shared/http/service.ts';

const CALL = 'AddMemberMessageAAQToPartner';

function answer(status: number, text: string, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, text, bytes: Buffer.from(text) };
}

const status = fc.oneof(
	fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 429, 500, 502),
	fc.integer({ min: 100, max: 599 }),
);
const word = fc.oneof(
	fc.constantFrom('Success', 'Failure', 'Warning', 'PartialFailure', 'x', ''),
	fc.string({ unit: fc.constantFrom('a', '&amp;', '1', ' ', '&#0;', '&nope;') }),
);
const element = (name: string) => word.map((text) => `<${name}>${text}</${name}>`);
const fault = fc
	.tuple(
		element('ShortMessage'),
		element('ErrorCode'),
		element('SeverityCode'),
		element('ErrorClassification'),
	)
	.map((parts) => `<Errors>${parts.join('')}</Errors>`);

/** From almost right to not at all. */
const document = fc
	.tuple(
		fc.constantFrom('', '<?xml version="1.0"?>', '<!DOCTYPE a>', '\ufeff', 'x'),
		fc.constantFrom(`${CALL}Response`, `${CALL}Request`, 'GetUserResponse', 'html', 'eBayResponse'),
		fc.array(
			fc.oneof(element('Ack'), element('Timestamp'), element('HardExpirationWarning'), fault, word),
			{ maxLength: 5 },
		),
		fc.integer({ min: 0, max: 400 }),
	)
	.map(([prolog, root, parts, cut]) => {
		const whole = `${prolog}<${root}>${parts.join('')}</${root}>`;
		return cut > 200 ? whole : whole.slice(0, whole.length - cut);
	});
const body = fc.oneof(document, fc.string(), fc.json());

/** What a success looks like: a whole document of this call whose one Ack says so. */
const SUCCESS = new RegExp(
	`^(\ufeff|<\\?xml[^>]*\\?>)?<${CALL}Response>[^]*<Ack>\\s*(Success|Warning)\\s*</Ack>[^]*</${CALL}Response>$`,
);

describe('whatever the gateway answers', () => {
	it('is a verdict and words, and a success only where it says so itself', () => {
		fc.assert(
			fc.property(status, body, (code, text) => {
				const service = tradingApi(CALL);
				const given = answer(code, text);
				const kind = service.kindOf(given);
				if (kind === 'done') {
					expect(code).toBeGreaterThanOrEqual(200);
					expect(code).toBeLessThan(300);
					expect(text).toMatch(SUCCESS);
				}
				const { message, description } = service.explain(given);
				expect(message).not.toBe('');
				expect(description).not.toBe('');
			}),
			{ numRuns: 2000 },
		);
	});

	it('finds the successes among them', () => {
		for (const ack of ['Success', 'Warning', ' Success\n']) {
			const text = `<?xml version="1.0"?><${CALL}Response><Ack>${ack}</Ack></${CALL}Response>`;
			expect(tradingApi(CALL).kindOf(answer(200, text))).toBe('done');
		}
	});
});

describe('whatever a REST API answers', () => {
	const json = fc.oneof(
		fc.json(),
		fc
			.record({
				errors: fc.oneof(
					fc.jsonValue(),
					fc.array(fc.record({ errorId: fc.jsonValue(), message: fc.jsonValue() })),
				),
				messageId: fc.jsonValue(),
			})
			.map((value) => JSON.stringify(value)),
		fc.string(),
	);

	it('is a verdict and words', () => {
		fc.assert(
			fc.property(status, json, (code, text) => {
				const service = restApi({ reads: true });
				const given = answer(code, text);
				if (code < 200 || code >= 300) expect(service.kindOf(given)).not.toBe('done');
				else expect(service.kindOf(given)).toMatch(/^(done|refused|failing|unreadable)$/);
				const { message, description } = service.explain(given);
				expect(message).not.toBe('');
				expect(description).not.toBe('');
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('a send that gets a hostile answer', () => {
	const world = ebayWorld();
	waitsPass();
	afterEach(() => jest.restoreAllMocks());

	it('ends as sent, notSent or unknown, and never as sent without a success', async () => {
		// Limits and waits are another test's matter.
		jest.replaceProperty(memberMessagePlans.partner, 'calls', 100_000);
		const answered = status.filter((code) => code >= 200 && code !== 429);
		await fc.assert(
			fc.asyncProperty(answered, body, async (code, text) => {
				world.simulator.faults.length = 0;
				world.simulator.faults.push({
					operation: `ebay.${CALL}`,
					kind: 'status',
					status: code,
					body: text,
					times: 9,
				});
				const settings = { onError: 'continueErrorOutput' as const };
				const { items, errors, error } = await world.run(messageForm(), { settings });
				expect(error).toBeUndefined();
				expect(items.length + errors.length).toBe(1);
				if (items.length === 1) {
					expect(text).toMatch(SUCCESS);
				} else {
					const { details } = errors[0]!.json as { details: { outcome: string } };
					expect(['notSent', 'unknown']).toContain(details.outcome);
				}
			}),
			{ numRuns: 120 },
		);
	}, 60_000);
});
