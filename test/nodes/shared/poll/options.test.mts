/** The option "Look Back", what a test in the editor says, and what an entry is known by. */
import type { IPollFunctions } from 'n8n-workflow';

import { identityOf } from '../../../../nodes/shared/poll/identity.ts';
import { lookBackField, lookBackOf } from '../../../../nodes/shared/poll/lookBack.ts';
import { testEventPanel } from '../../../../nodes/shared/poll/testEvent.ts';

const HOUR = 3_600_000;

describe('"Look Back"', () => {
	const of = (lookBackHours?: unknown) => {
		const getNodeParameter = (name: string) => (name === 'options' ? { lookBackHours } : undefined);
		return lookBackOf({ getNodeParameter } as unknown as IPollFunctions, 6);
	};

	test.each([
		[undefined, 6],
		[null, 6],
		['', 6],
		[1, 1],
		['2.5', 2.5],
		[72, 72],
	])('%j is so many hours: %d', (given, hours) => {
		expect(of(given)).toBe(hours * HOUR);
	});

	test.each([0, 0.9, 72.1, -1, 'much'])('%j is refused', (given) => {
		expect(() => of(given)).toThrow(
			expect.objectContaining({
				message: "'Look Back (Hours)' is not a number from 1 to 72",
				description:
					'Write how many hours late something may be shown, or take the option away for 6.',
			}),
		);
	});

	test('says in its field what it takes', () => {
		expect(lookBackField(6, 'A hint')).toMatchObject({
			...{ displayName: 'Look Back (Hours)', name: 'lookBackHours', type: 'number' },
			...{ default: 6, hint: 'A hint' },
			description: expect.stringMatching(/^How late the marketplace may show something/) as string,
			typeOptions: { minValue: 1, maxValue: 72 },
		});
	});
});

describe('an entry is known by', () => {
	test('the first of its names', () => {
		expect(identityOf({}, undefined, '', 7, 'other')).toBe('7');
	});

	test('its fingerprint where it has none', () => {
		const one = identityOf({ a: 1 }, undefined);
		expect(one).toMatch(/^like [0-9a-f]{24}$/);
		expect(identityOf({ a: 1 })).toBe(one);
		expect(identityOf({ a: 2 })).not.toBe(one);
	});
});

test('a test in the editor says that the buyer is real', () => {
	const help = testEventPanel('Acme order') as {
		executionsHelp: { inactive: string; active: string };
	};
	const { inactive, active } = help.executionsHelp;
	for (const text of [inactive, active]) {
		expect(text).toMatch(/your newest Acme order.*a real one.*writes to that buyer.*'Poll Times'/s);
	}
	expect(inactive).toContain("Once you're happy with your workflow, publish it.");
	expect(active).toContain('The workflow is published.');
});
