/** Looks for secrets in all that a real n8n left behind: its database and its logs. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Simulator } from '../../marketplaces/simulator.mts';
import { demoCredentials } from '../examples.mts';
import { node24 } from '../instance.mts';

const SIGNED_ADDRESS = /X-(Amz|Goog)-(Signature|Credential|Security-Token)=/gi;

/** The credentials' secrets, and every token that the simulator gave out. */
function secretsOf(simulator: Simulator): string[] {
	const { amazon, ebay, magalu, origin } = simulator;
	const fromCredentials = demoCredentials(origin).flatMap(({ data }) => {
		const { clientSecret, refreshToken, oauthTokenData = {} } = data;
		return [clientSecret, refreshToken, ...Object.values(oauthTokenData as object)];
	});
	return [
		...new Set([
			...fromCredentials.filter((value): value is string => typeof value === 'string'),
			...amazon.state.tokens.keys(),
			...[ebay.state.accessTokens, ebay.state.refreshTokens].flatMap((kept) => [...kept.keys()]),
			...[magalu.state.accessTokens, magalu.state.refreshTokens].flatMap((kept) => [
				...kept.keys(),
			]),
		]),
	].filter((secret) => secret !== 'Bearer');
}

export interface SearchResult {
	/** How many secrets were looked for. */
	secrets: number;
	/** Characters that were searched. */
	characters: number;
	/** Where a secret stands, without the secret. */
	found: string[];
}

/**
 * n8n's own credentials are encrypted, so they are searched like everything else.
 * @param dump the database as text, where it is not the SQLite file of `home`
 */
export function searchForSecrets(home: string, simulator: Simulator, dump?: string): SearchResult {
	const texts: Array<[string, string]> = readdirSync(home)
		.filter((name) => name.endsWith('.log'))
		.map((name) => [name, readFileSync(join(home, name), 'utf8')]);
	const events = join(home, '.n8n/n8nEventLog.log');
	if (existsSync(events)) texts.push(['n8nEventLog.log', readFileSync(events, 'utf8')]);
	texts.push(['database', dump ?? textsOf(join(home, '.n8n/database.sqlite'))]);

	const secrets = secretsOf(simulator);
	const found = texts.flatMap(([place, text]) => [
		...secrets
			.map((secret) => text.indexOf(secret))
			.filter((at) => at >= 0)
			.map((at) => `${place}: a secret in "${lineAround(text, at)}"`),
		...[...text.matchAll(SIGNED_ADDRESS)].map(
			({ index }) => `${place}: ${lineAround(text, index)}`,
		),
	]);
	const characters = texts.reduce((sum, [, text]) => sum + text.length, 0);
	return { secrets: secrets.length, characters, found };
}

function textsOf(database: string): string {
	const script = join(process.cwd(), 'test/n8n/reliability/strings.mjs');
	const options = { encoding: 'utf8', maxBuffer: 1 << 30 } as const;
	return execFileSync(node24, ['--no-warnings', script, database], options);
}

/** What stands before the place. */
function lineAround(text: string, at: number): string {
	return text.slice(Math.max(0, at - 60, text.lastIndexOf('\n', at) + 1), at);
}
