import type { RunResult } from './engine.mts';
import { secretsIn } from './secrets.mts';

const resultWith = (where: object) => ({ run: { data: where } }) as unknown as RunResult;
const SECRET = 'Atzr|one+two';

class Told extends Error {
	override readonly cause: unknown;
	constructor(message: string, cause?: unknown) {
		super(message);
		this.cause = cause;
		Object.defineProperty(this, 'description', { value: `told: ${message}`, enumerable: false });
	}
}

test.each([
	['an output', { json: { a: [{ b: `x${SECRET}y` }] } }],
	["an error's message", { error: new Error(SECRET) }],
	["an error's description", { error: new Told(SECRET) }],
	["the cause of an error's cause", { error: new Told('', new Told('', new Error(SECRET))) }],
	['a map', { map: new Map([['key', { token: SECRET }]]) }],
	['a set', { set: new Set([SECRET]) }],
	['an address', { url: `https://a.example/?token=${encodeURIComponent(SECRET)}` }],
])('a secret is found in %s', (_where, data) => {
	expect(secretsIn([resultWith({}), resultWith(data)], ['another', SECRET])).toEqual([SECRET]);
});

test('a signed address is found', () => {
	const data = { url: 'https://a.example/?x-goog-signature=1' };
	expect(secretsIn([resultWith(data)], [])).toEqual(['x-goog-signature']);
});

test('nothing is found where there is nothing, also in circles', () => {
	const circle: Record<string, unknown> = { error: new Error('no'), ends: undefined };
	circle.self = circle;
	expect(secretsIn([resultWith(circle)], [SECRET])).toEqual([]);
});
