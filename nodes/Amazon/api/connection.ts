import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { version } from '../../../package.json';
import { customUrl } from '../../shared/http/url';
import { Refusal } from '../../shared/outcome';
import type { HttpResponse, RepeatPolicy } from '../../shared/http/service';
import { openGate, type Caller, type Gate, type GateRequest } from '../../shared/http/request';
import { laneOf, type RateLimit } from '../../shared/http/rateLimit';
import { executionOf } from '../../shared/run/execution';
import { hasToken } from '../../shared/auth/accessToken';
import { queryOf } from '../../shared/values';
import { amazonApi } from './errors';
import { apiHosts, regionNames, type Region } from './hosts';
import { accountOf } from './login';
import { marketplaceOf } from './marketplaces';

/** The credential type of this street. */
export const CREDENTIAL = 'amazonSellingPartnerApi';

/** @see https://developer-docs.amazon.com/sp-api/docs/include-a-user-agent-header-in-all-requests */
const USER_AGENT = `n8n-nodes-marketplace-messages/${version} (Language=TypeScript/5; Platform=n8n)`;

/** APIs whose models offer `application/hal+json` alone; errors may be plain JSON there, too. */
const HAL = /^\/(messaging|solicitations)\//;

/** A seller account at the Selling Partner API, for one execution. */
export interface Connection {
	gate: Gate;
	/** The seller, by a fingerprint. */
	account: string;
	region: Region;
	/** The marketplace hands out URLs of its own choice (`custom`), so hosts are not checked. */
	custom: boolean;
	/**
	 * @param path literal, beginning with `/`; whatever came from outside is already encoded in it
	 * @param body sent as JSON
	 * @param limits `timeout` of each try (milliseconds); `tooLate` is asked right before each: why it must not leave
	 */
	call(
		policy: RepeatPolicy,
		method: 'GET' | 'POST',
		path: string,
		query: Record<string, string | number | undefined>,
		plan: RateLimit,
		body?: object,
		limits?: Pick<GateRequest, 'timeout' | 'tooLate'>,
	): Promise<HttpResponse>;
	/** How many requests of an operation may leave now, for those who would rather not wait. */
	room(plan: RateLimit): number;
	/** Stays the same for the account as long as the operation is used. */
	memory(plan: RateLimit): object;
}

/** @returns the connection of this execution's credential; opened once */
export async function connectionOf(caller: Caller): Promise<Connection> {
	const execution = executionOf(caller);
	return await execution.askOnce('amazon connection', async () => {
		const credentials = await execution.credentials(CREDENTIAL);
		const account = accountOf(credentials);
		const gate = openGate(
			caller,
			CREDENTIAL,
			account,
			execution.statistics,
			hasToken(credentials, account),
		);
		const base = baseUrlOf(credentials);
		return {
			gate,
			account,
			region: credentials.region as Region,
			custom: credentials.environment === 'custom',
			room: (plan) => laneOf(account, plan).room(),
			memory: (plan) => laneOf(account, plan),
			call: async (policy, method, path, query, plan, body, limits) => {
				const search = queryOf(query);
				return await gate.ask(amazonApi, policy, {
					method,
					url: `${base}${path}${search === '' ? '' : `?${search}`}`,
					headers: {
						accept: HAL.test(path) ? 'application/hal+json, application/json' : 'application/json',
						'user-agent': USER_AGENT,
						...(body ? { 'content-type': 'application/json' } : {}),
					},
					body: body && JSON.stringify(body),
					plan,
					...limits,
				});
			},
		};
	});
}

function baseUrlOf(credentials: ICredentialDataDecryptedObject): string {
	const { environment, region } = credentials;
	if (environment !== 'custom') {
		return apiHosts[environment === 'sandbox' ? 'sandbox' : 'production'][region as Region];
	}
	return customUrl(credentials.apiUrl, 'API URL');
}

/** @throws Refusal where the credential's region is not the marketplace's */
export function refuseForeignMarketplace(marketplaceId: string, region: Region): void {
	const marketplace = marketplaceOf(marketplaceId);
	if (marketplace && marketplace.region !== region) {
		throw new Refusal(
			`${marketplace.country} (${marketplace.site}) does not belong to the credential's region, ${regionNames[region]}`,
			`Choose the marketplace of the order in 'Marketplace', or use a credential whose 'Region' is ${regionNames[marketplace.region]}.`,
		);
	}
}
