import type { FaultKind } from '../reliability/faultKinds.mts';
import { inWords, tryPath } from '../reliability/matrix.mts';
import { amazonStreet } from '../reliability/streetAmazon.mts';
import { ebayStreet } from '../reliability/streetEbay.mts';
import { magaluStreet } from '../reliability/streetMagalu.mts';

/** The work is done, and the answer is this instead of the true one. */
const answering = (name: string, body: string, contentType = 'application/json'): FaultKind => ({
	name,
	group: 'body',
	modes: ['once'],
	arrange({ simulator, step, times, passFirst }) {
		simulator.faults.push({
			...{ operation: step.operation, skip: passFirst, times, kind: 'status', status: 200 },
			...{ when: 'after', headers: { 'content-type': contentType }, body },
		});
	},
});

const LAUGHS = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">${Array.from(
	{ length: 12 },
	(_, i) => `<!ENTITY ${'abcdefghijklm'[i + 1]} "${`&${'abcdefghijkl'[i]};`.repeat(10)}">`,
).join(
	'',
)}]><AddMemberMessageAAQToPartnerResponse><Ack>&m;</Ack></AddMemberMessageAAQToPartnerResponse>`;

const POLLUTING = `{"__proto__": {"polluted": "yes", "access_token": "yes", "status": "completed", "id": "yes"},
	"constructor": {"prototype": {"polluted": "yes"}}, "errors": [{"__proto__": {"polluted": "yes"}}]}`;

const hostile: FaultKind[] = [
	answering('nine megabytes of JSON', `{"a": "${'x'.repeat(9_000_000)}"}`),
	answering('nine megabytes of XML', `<a>${'x'.repeat(9_000_000)}</a>`, 'text/xml'),
	answering('JSON a hundred thousand levels deep', '['.repeat(100_000)),
	answering('XML a hundred thousand levels deep', '<a>'.repeat(100_000), 'text/xml'),
	answering('an XML bomb', LAUGHS, 'text/xml'),
	answering('JSON that wants to change every object', POLLUTING),
	answering(
		'XML that wants to change every object',
		'<__proto__><polluted>yes</polluted><constructor><prototype><polluted>yes</polluted></prototype></constructor></__proto__>',
		'text/xml',
	),
];

describe.each([amazonStreet, ebayStreet, magaluStreet])(
	'an answer of $title that is hostile',
	(street) => {
		test.each(street.paths)(
			'never leads to a second message or a lie: $name',
			async (path) => {
				const verdicts = await tryPath(street, path, hostile);
				const wrong = verdicts.filter(({ violations }) => violations.length > 0);
				expect(wrong.map(inWords)).toEqual([]);
				expect(verdicts.length).toBeGreaterThan(hostile.length);
			},
			120_000,
		);

		test('changes no object but its own', () => {
			expect(({} as Record<string, unknown>).polluted).toBeUndefined();
			expect(([] as unknown as Record<string, unknown>).polluted).toBeUndefined();
		});
	},
);
