/** What a seller is told of a request that failed: the truth about the message, and what to do. */
import {
	noAnswerError,
	refusedError,
	tooLargeError,
	usedUpError,
} from '../../../../nodes/shared/http/errors.ts';
import type { RepeatPolicy, Service } from '../../../../nodes/shared/http/service.ts';
import { LoginError, MarketplaceError, Throttled } from '../../../../nodes/shared/outcome.ts';
import { answer } from '../../../engine/answer.mts';
import { acme } from './acme.mts';

const SENDS: RepeatPolicy[] = ['send', 'once'];
const READS: RepeatPolicy[] = ['read', 'prepare', 'poll'];

const said = answer(503, 'Go away', { 'x-request-id': 'r-1' });
const facts = { code: '503', httpStatus: 503, requestId: 'r-1', marketplaceMessage: 'Go away' };

const unknown = {
	message: 'It is not known whether Acme sent the message: the answer was lost',
	details: {
		outcome: 'unknown',
		retryable: false,
		marketplace: 'amazon',
		description:
			'The request left, but no readable answer came back. Look at Acme before you send it again: the buyer may have it already.',
	},
};

describe('a refusal', () => {
	test.each(SENDS)('that may not be one leaves it unknown whether a "%s" was sent', (policy) => {
		for (const kind of ['failing', 'unreadable'] as const) {
			const error = refusedError(acme, policy, said, kind, 7000);
			expect(error).toMatchObject({ ...unknown, waitMs: 7000 });
			expect(error.details).toMatchObject(facts);
		}
	});

	test.each(READS)('of a "%s" sent nothing, and may pass', (policy) => {
		const failing = refusedError(acme, policy, said, 'failing', 0);
		expect(failing).toMatchObject({ message: 'Acme refused the request', waitMs: 0 });
		expect(failing.details).toEqual({
			...{ outcome: 'notSent', retryable: true, marketplace: 'amazon' },
			...facts,
			description: 'Correct it.',
		});
		const unreadable = refusedError(acme, policy, said, 'unreadable', 0);
		expect(unreadable.message).toBe('Acme gave an answer that cannot be read');
		expect(unreadable.details).toMatchObject({
			...{ outcome: 'notSent', retryable: true, ...facts },
			description:
				'Try again later; if it stays like this, check the address of Acme in the credential.',
		});
	});

	test.each([
		['refused', false],
		['expired', false],
		['again', true],
		['throttled', true],
	] as const)('that is "%s" sent nothing; the same item can go through later: %j', (kind, may) => {
		for (const policy of [...SENDS, ...READS]) {
			const error = refusedError(acme, policy, said, kind, 0);
			expect(error.details).toMatchObject({ outcome: 'notSent', retryable: may });
			expect(error instanceof Throttled).toBe(kind === 'throttled');
		}
	});

	test('goes by what the marketplace says of it', () => {
		const knowing = (retryable: boolean): Service => ({
			...acme,
			explain: (one) => ({ ...acme.explain(one), retryable }),
		});
		const of = (retryable: boolean, kind: 'refused' | 'throttled') =>
			refusedError(knowing(retryable), 'send', said, kind, 0).details.retryable;
		expect([of(true, 'refused'), of(false, 'throttled')]).toEqual([true, false]);
	});

	test('tells of a wait that is too long to be waited for, in whole seconds', () => {
		const of = (ms: number) =>
			refusedError(acme, 'send', said, 'throttled', ms).details.description;
		expect(of(60_000)).toBe('Correct it.');
		expect(of(60_001)).toBe('Correct it. Acme asks to wait 61 seconds.');
		const polled = refusedError(acme, 'poll', said, 'throttled', 3000).details.description;
		expect(polled).toBe('Correct it. Acme asks to wait 3 seconds.');
	});
});

test('an answer that is too large leaves a send unknown, and asks a reader to read less', () => {
	for (const policy of SENDS) {
		const { message, details } = tooLargeError(acme, policy, answer(200));
		expect({ message, details }).toEqual({
			...unknown,
			details: { ...unknown.details, httpStatus: 200 },
		});
	}
	expect(tooLargeError(acme, 'read', answer(200))).toMatchObject({
		message: 'Acme gave an answer that is too large to be read',
		details: {
			...{ outcome: 'notSent', retryable: true, code: 'AnswerTooLarge', httpStatus: 200 },
			description: "Ask for less: with filters, or with a lower 'Limit'.",
		},
	});
});

test('a limit that is used up is known before anything is asked', () => {
	expect(usedUpError(acme)).toBeInstanceOf(Throttled);
	expect(usedUpError(acme)).toMatchObject({
		message: "Acme's limit of requests is used up",
		details: {
			...{ outcome: 'notSent', retryable: true, marketplace: 'amazon' },
			description: 'Nothing was asked. Try again in a few minutes.',
		},
	});
});

describe('without an answer', () => {
	test.each([...SENDS, ...READS])('a "%s" that never left sent nothing', (policy) => {
		const of = (mayPass: boolean, code: string) =>
			noAnswerError(acme, policy, { kind: 'neverLeft', code, mayPass }) as MarketplaceError;
		const passing = of(true, 'ENOTFOUND');
		expect(passing.message).toBe('Acme could not be reached');
		expect(passing.details).toEqual({
			...{ outcome: 'notSent', retryable: true, code: 'ENOTFOUND', marketplace: 'amazon' },
			marketplaceMessage: undefined,
			description: 'Check the internet connection of your n8n and try again.',
		});
		expect(of(false, 'INVALID_CA').details).toMatchObject({
			...{ outcome: 'notSent', retryable: false, code: 'INVALID_CA' },
			description:
				"The connection was refused on your side (INVALID_CA): check the credential's address and allowed domains, and your n8n's network settings.",
		});
		expect(of(false, '').details).toMatchObject({
			code: undefined,
			description: expect.stringContaining('on your side (blocked)') as string,
		});
	});

	test('a login that failed is told in its own words', () => {
		const exchange = { message: 'No login', description: 'Connect again.', code: 'invalid_grant' };
		const result = { kind: 'neverLeft', code: 'x', mayPass: false, exchange } as const;
		const error = noAnswerError(acme, 'send', result) as LoginError;
		expect(error).toBeInstanceOf(LoginError);
		expect(error.message).toBe('No login');
		expect(error.details).toEqual({
			...{ outcome: 'notSent', retryable: false, marketplace: 'amazon' },
			...{ description: 'Connect again.', code: 'invalid_grant' },
		});
		const passing = { ...result, exchange: { ...exchange, retryable: true } };
		expect((noAnswerError(acme, 'send', passing) as LoginError).details.retryable).toBe(true);
	});

	test.each(SENDS)('it is unknown whether a "%s" was sent', (policy) => {
		const of = (code: string) => noAnswerError(acme, policy, { kind: 'lost', code });
		expect(of('ECONNRESET')).toMatchObject({
			...unknown,
			details: { ...unknown.details, code: 'ECONNRESET' },
		});
		expect((of('') as MarketplaceError).details.code).toBeUndefined();
	});

	test.each(READS)('a "%s" sent nothing, and may pass', (policy) => {
		const of = (code: string) => noAnswerError(acme, policy, { kind: 'lost', code });
		expect(of('ECONNRESET')).toMatchObject({
			message: 'Acme did not answer',
			details: {
				...{ outcome: 'notSent', retryable: true, code: 'ECONNRESET', marketplace: 'amazon' },
				description: 'Try again later.',
			},
		});
		expect((of('') as MarketplaceError).details.code).toBeUndefined();
	});
});
