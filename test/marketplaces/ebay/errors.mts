import { tag, wrap } from './xml.mts';

/** An error or warning of the Trading API as tests inject it; what is left out comes from the table. */
export interface TradingError {
	code: string;
	short?: string;
	long?: string;
	severity?: 'Error' | 'Warning';
	classification?: 'RequestError' | 'SystemError';
	parameters?: string[];
}

interface Known {
	en: string;
	de: string;
	long?: { en: string; de: string };
	severity?: 'Warning';
	classification?: 'SystemError';
}

/**
 * The Trading API's errors with their texts in two languages. Sources: eBay's error list and knowledge
 * base; the numbers under `own` are the simulator's, because eBay publishes only their texts.
 */
const known: Record<string, Known> = {
	'2': { en: 'Unsupported API call.', de: 'Nicht unterstützter API-Aufruf.' },
	'5': { en: 'XML Parse error.', de: 'XML-Analysefehler.' },
	'17': {
		en: 'Item cannot be accessed.',
		de: 'Auf den Artikel kann nicht zugegriffen werden.',
		long: {
			en: 'This item cannot be accessed because the listing has been deleted or you are not the seller.',
			de: 'Das Angebot wurde gelöscht, oder Sie sind nicht der Verkäufer.',
		},
	},
	'37': {
		en: 'Input data is invalid.',
		de: 'Die eingegebenen Daten sind ungültig.',
	},
	'518': {
		en: 'Call usage limit has been reached.',
		de: 'Das Nutzungslimit für diesen Aufruf ist erreicht.',
		long: {
			en: 'Your application has exceeded usage limit on this call.',
			de: 'Ihre Anwendung hat das Nutzungslimit für diesen Aufruf überschritten.',
		},
	},
	'930': {
		en: 'No auth token was passed.',
		de: 'Es wurde kein Authentifizierungstoken übergeben.',
	},
	'931': { en: 'Auth token is invalid.', de: 'Das Authentifizierungstoken ist ungültig.' },
	'932': { en: 'Auth token is hard expired.', de: 'Das Authentifizierungstoken ist abgelaufen.' },
	'10007': {
		en: 'Internal error to the application.',
		de: 'Interner Fehler der Anwendung.',
		classification: 'SystemError',
	},
	'10012': { en: 'Invalid header value.', de: 'Ungültiger Wert im Header.' },
	'16110': {
		en: 'Token has been revoked by user.',
		de: 'Das Token wurde vom Nutzer widerrufen.',
	},
	'17443': { en: 'Recipient User Id is missing', de: 'Der Mitgliedsname des Empfängers fehlt' },
	'17470': { en: 'Token has been revoked by eBay.', de: 'Das Token wurde von eBay widerrufen.' },
	'20957': { en: 'Service is not available.', de: 'Der Dienst ist nicht verfügbar.' },
	'21359': { en: 'Request timed out.', de: 'Zeitüberschreitung der Anfrage.' },
	'219255': { en: 'Request exceeded its time.', de: 'Die Anfrage hat zu lange gedauert.' },
	'21916984': { en: 'Invalid IAF token.', de: 'Ungültiges IAF-Token.' },
	'21917053': { en: 'Expired IAF token.', de: 'Abgelaufenes IAF-Token.' },
	'21919144': {
		en: 'You have reached the maximum call limit.',
		de: 'Sie haben die maximale Anzahl von Aufrufen erreicht.',
	},
};

/** Errors of which eBay publishes the text (or only that they exist), not the number. */
export const own = {
	partner: '17441',
	html: '17442',
	picture: '17445',
	parentMessage: '17446',
	version: '17447',
} as const;

const ownTexts: Record<string, Known> = {
	[own.partner]: {
		en: 'The sender or recipient is not the partner of the transaction.',
		de: 'Absender oder Empfänger ist nicht der Partner der Transaktion.',
	},
	[own.html]: {
		en: 'HTML is not allowed in the message.',
		de: 'HTML ist in der Nachricht nicht erlaubt.',
	},
	[own.picture]: {
		en: 'The picture URL is not valid.',
		de: 'Die Bild-URL ist ungültig.',
		long: {
			en: 'The picture does not exist in eBay Picture Services.',
			de: 'Das Bild gibt es beim eBay-Bilderservice nicht.',
		},
	},
	[own.parentMessage]: {
		en: 'Invalid Parent Message Id.',
		de: 'Ungültige Nummer der ursprünglichen Nachricht.',
	},
	[own.version]: {
		en: 'Version of the header used.',
		de: 'Die Version des Headers wurde verwendet.',
		severity: 'Warning',
	},
};

/** True where the error makes the call a failure. */
export function isSevere(error: TradingError): boolean {
	return (error.severity ?? textsOf(error.code)?.severity ?? 'Error') === 'Error';
}

/**
 * The `Errors` block, in eBay's element order.
 * @param language `ErrorLanguage` of the request; without an English one the texts are German, because
 * eBay then answers in the language of the site where the (simulated) seller is registered
 */
export function errorBlock(error: TradingError, language: string | undefined): string {
	const entry = textsOf(error.code);
	const words = language?.startsWith('en_') ? 'en' : 'de';
	const short = error.short ?? entry?.[words] ?? `Error ${error.code}`;
	return wrap('Errors', [
		tag('ShortMessage', short),
		tag('LongMessage', error.long ?? entry?.long?.[words] ?? short),
		tag('ErrorCode', error.code),
		tag('SeverityCode', isSevere(error) ? 'Error' : 'Warning'),
		...(error.parameters ?? []).map((value, i) =>
			wrap('ErrorParameters', [tag('Value', value)], { ParamID: String(i) }),
		),
		tag('ErrorClassification', error.classification ?? entry?.classification ?? 'RequestError'),
	]);
}

function textsOf(code: string): Known | undefined {
	return known[code] ?? ownTexts[code];
}
