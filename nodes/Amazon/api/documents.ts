import { jsonOf } from '../../shared/http/response';
import type { HttpResponse } from '../../shared/http/service';
import { isRecord, recordOf, recordsOf, textOf, type Json } from '../../shared/values';

/** @returns the document of an answer; some of Amazon's APIs wrap it into `payload` */
export function documentOf(answer: HttpResponse): Json {
	const body = recordOf(jsonOf(answer));
	return isRecord(body.payload) ? body.payload : body;
}

/** The actions of an order, as links and, where they came along, whole. */
export interface HalActions {
	links: Json[];
	embedded: Json[];
}

/**
 * HAL allows one link, or one resource, where there could be a list of them.
 * @returns nothing where the document does not tell of actions at all: that is not "none"
 */
export function actionsIn(document: Json): HalActions | undefined {
	const isTold = [document._links, document._embedded].some((part) => 'actions' in recordOf(part));
	if (!isTold) return undefined;
	const listed = (value: unknown) => recordsOf(Array.isArray(value) ? value : [value]);
	return {
		links: listed(recordOf(document._links).actions),
		embedded: listed(recordOf(document._embedded).actions),
	};
}

/** @returns an action's name, wherever it stands: the model asks for no more than an `href` */
export function actionName(action: Json): string | undefined {
	const self = recordsOf([recordOf(action._links).self].flat())[0] ?? {};
	return (
		textOf(action.name) ??
		textOf(recordOf(action.payload).name) ??
		textOf(self.name) ??
		lastPartOf(textOf(action.href) ?? textOf(self.href))
	);
}

function lastPartOf(href = ''): string | undefined {
	return /\/([A-Za-z0-9]+)(?:[?#]|$)/.exec(href)?.[1];
}

/** @returns the number by which Amazon's support finds a request */
export function requestIdOf({ headers }: HttpResponse): string | undefined {
	return headers['x-amzn-requestid'];
}
