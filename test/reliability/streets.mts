import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { NodeUnderTest } from '../engine/engine.mts';
import type { Simulator } from '../marketplaces/simulator.mts';

/** One way a message goes out: a node, a form, and what its requests are. */
export interface SendPath {
	/** As a seller says it. */
	name: string;
	connect(simulator: Simulator): NodeUnderTest;
	/** Puts the simulator into the state that the path needs. */
	prepare?(simulator: Simulator): void;
	/** Without the option "Prevent Duplicates", which the matrix adds. */
	parameters: INodeParameters;
	items: INodeExecutionData[];
	/** The files that the buyer has to get, by name. */
	files: Record<string, Buffer>;
	/** Operations after which nobody may know: their answer is the only news of the message. */
	doubtful: string[];
	/** Puts a message like it into what the marketplace shows, so many milliseconds old. */
	twin?(simulator: Simulator, ageMs: number): void;
}

/** A marketplace, as the matrix and the soak need it. */
export interface Street {
	title: string;
	paths: SendPath[];
	/** Operations that fetch a token. */
	tokenOperations: string[];
	/**
	 * n8n's own OAuth2 renews the token, when a request is refused: a lost answer spends the refresh token
	 * (somebody has to connect the credential again), and who stops the workflow in that moment cannot know
	 * whether the request had left again.
	 */
	renewedByN8n?: true;
	/** Operations that put a file to a signed URL, and how such a storage refuses a digest. */
	storage?: { operations: string[]; digestRefused: { status: number; body: string } };
	/** The body of a refusal with this status, in the marketplace's own form. */
	refusal(
		status: number,
		operation: string,
	): { headers?: Record<string, string>; body: string | object };
	/** Every token that is out ends now. */
	endTokens(simulator: Simulator): void;
	/** Everything that runs on at the marketplace has ended when this returns. */
	settle?(simulator: Simulator): void;
	/** What must never be seen in an output or an error. */
	secrets(simulator: Simulator): string[];
	/** For the soak, which sends many. */
	many: ManyMessages;
}

/** A message for the soak and the benchmarks; the text tells it from every other. */
export interface Numbered {
	number: number;
	text: string;
	/** Its file, in the binary field `data`; nothing where it has none. */
	file?: IBinaryData;
}

/** One execution with many messages. */
export interface ManyMessages {
	connect(simulator: Simulator): NodeUnderTest;
	/** The form; what differs from message to message is an expression. */
	parameters: INodeParameters;
	/** What the simulator has to know so that these messages can be sent, and no limit in the way. */
	prepare(simulator: Simulator, messages: Numbered[]): void;
	itemOf(message: Numbered): INodeExecutionData;
	/** Nothing can be sent any more until somebody connects the credential again. */
	hasLostLogin?(simulator: Simulator, connected: NodeUnderTest): boolean;
	/** Only pictures can go along. */
	onlyPictures?: true;
}
