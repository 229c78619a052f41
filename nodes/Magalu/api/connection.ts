import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { version } from '../../../package.json';
import { customUrl } from '../../shared/http/url';
import type { RateLimit } from '../../shared/http/rateLimit';
import type { HttpResponse, RepeatPolicy } from '../../shared/http/service';
import { openGate, type Caller, type Gate } from '../../shared/http/request';
import { executionOf } from '../../shared/run/execution';
import { fingerprint } from '../../shared/auth/accessToken';
import { queryOf } from '../../shared/values';
import { magaluApi } from './errors';
import { apiHosts } from './hosts';
import type { Scope } from './login';

/** The credential type of this street. */
export const CREDENTIAL = 'magaluOAuth2Api';

const USER_AGENT = `n8n-nodes-marketplace-messages/${version}`;

/** A request to the seller API. */
export interface MagaluRequest {
	policy: RepeatPolicy;
	method: 'GET' | 'POST';
	/** Literal, beginning with `/`; whatever came from outside is already encoded in it. */
	path: string;
	query?: Record<string, string | number | undefined>;
	/** Sent as JSON. */
	body?: object;
	/** What the token has to be good for. */
	scope: Scope;
	plan: RateLimit;
	/** `bytes` for files; JSON where left out. */
	answer?: 'bytes';
	/** Milliseconds. */
	timeout?: number;
	/** Asked right before each try: why it must not leave any more. */
	tooLate?(): Error | undefined;
}

/** A store at Magalu's seller API, for one execution. */
export interface Connection {
	gate: Gate;
	/** The marketplace hands out links of its own choice (`custom`), so hosts are not checked. */
	custom: boolean;
	/** What Magalu counts its limits by. */
	account: string;
	/** The store's ID, where the credential names it. */
	tenantId?: string;
	/** Says that the user stopped the execution. */
	signal?: AbortSignal;
	call(request: MagaluRequest): Promise<HttpResponse>;
	/**
	 * A time of this machine as Magalu's clock read it: rather too early than too late, by a second and as long as
	 * the last answer took. As long as none came, ours counts.
	 * @param at milliseconds since 1970
	 */
	theirTime(at: number): number;
}

/** @returns the connection of this execution's credential; opened once */
export async function connectionOf(caller: Caller): Promise<Connection> {
	const execution = executionOf(caller);
	return await execution.askOnce('magalu connection', async () => {
		const credentials = await execution.credentials(CREDENTIAL);
		// Refresh tokens are good for one use: n8n of today renews under a lock, older ones do not, and the
		// gate sends the first request alone.
		const account = accountOf(caller, credentials);
		const gate = openGate(caller, CREDENTIAL, account, execution.statistics);
		const base = baseUrlOf(credentials);
		const tenant = String(credentials.tenantId ?? '').trim();
		return {
			gate,
			account,
			theirTime: (at) => at - (execution.statistics.clockAheadMs ?? 0),
			custom: credentials.environment === 'custom',
			tenantId: tenant || undefined,
			signal: 'getExecutionCancelSignal' in caller ? caller.getExecutionCancelSignal() : undefined,
			call: async ({ policy, method, path, query, body, scope, plan, answer, ...limits }) => {
				const search = queryOf(query ?? {});
				const service = magaluApi(scope, answer ?? (policy === 'send' ? 'json' : 'record'));
				return await gate.ask(service, policy, {
					method,
					operation: `magalu.${method} ${withoutIds(path)}`,
					url: `${base}${path}${search === '' ? '' : `?${search}`}`,
					headers: {
						accept: answer ? '*/*' : 'application/json',
						'user-agent': USER_AGENT,
						...(tenant === '' ? {} : { 'X-Tenant-Id': tenant }),
						...(body ? { 'content-type': 'application/json' } : {}),
					},
					body: body && JSON.stringify(body),
					plan,
					answer,
					...limits,
				});
			},
		};
	});
}

/** The path as it is the same for every ticket, message and file. */
function withoutIds(path: string): string {
	return path.replace(/[^/]+/g, (part) => (/^([a-z_]+|v\d)$/.test(part) ? part : '{id}'));
}

/** What Magalu counts its limits by: the store. Tokens change, so the credential's own id stands for it. */
function accountOf(caller: Caller, credentials: ICredentialDataDecryptedObject): string {
	const id = caller.getNode().credentials?.[CREDENTIAL]?.id ?? '';
	return fingerprint('magalu', id, String(credentials.environment), String(credentials.clientId));
}

function baseUrlOf({ environment, apiUrl }: ICredentialDataDecryptedObject): string {
	if (environment !== 'custom') {
		return apiHosts[environment === 'sandbox' ? 'sandbox' : 'production'];
	}
	return customUrl(apiUrl, 'API URL');
}
