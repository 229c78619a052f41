/** A caller whose requests get prepared answers; without a server. */
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { AnswerKind, Service } from '../../../../nodes/shared/http/service.ts';
import { acme } from './acme.mts';

export const good = { statusCode: 200, headers: {}, body: '{}' };

/** What n8n throws where no answer came. */
export const lost = (code: string) => Object.assign(new Error('no'), { code });

/** What n8n throws of an answer that is no success. */
export const status = (code: number, headers = {}, data = '') =>
	Object.assign(new Error('no'), { response: { status: code, headers, data } });

/** Gives one answer after the other, the last one for good; tells what was asked, and when. */
export function answering(...answers: object[]) {
	const asked: IHttpRequestOptions[] = [];
	const at: number[] = [];
	const ask = async (options: IHttpRequestOptions) => {
		asked.push(options);
		at.push(Date.now());
		const answer = answers[Math.min(asked.length, answers.length) - 1]!;
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const caller = {
		helpers: { httpRequest: ask, httpRequestWithAuthentication: ask },
		getCredentials: async () => ({}),
		logger: { debug: () => undefined },
	} as unknown as IExecuteFunctions;
	return { caller, asked, at };
}

/** A service for which each answer that is no success means this. */
export const meaning = (kind: AnswerKind): Service => ({
	...acme,
	kindOf: (answer) => (answer.status < 300 ? 'done' : kind),
});
