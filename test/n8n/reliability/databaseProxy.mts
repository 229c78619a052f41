/** Between n8n and PostgreSQL: holds up single statements, or their answers. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a statement is held up on its way, and its answer on the way back (milliseconds). */
export interface Delay {
	statement: number;
	answer: number;
}

export interface DatabaseProxy {
	port: number;
	/** Statements that were held up so far, they or their answers. */
	heldUp(): number;
	stop(): Promise<void>;
}

/** A connection begins with messages that have no letter before their length; this one is the last of them. */
const PROTOCOL_3 = 196_608;

/**
 * Listens on 127.0.0.1. Connections are not encrypted, as n8n asks for by default.
 * @param delayOf says of each statement how long it is held up
 */
export async function startDatabaseProxy(
	databasePort: number,
	delayOf: (sql: string) => Delay,
): Promise<DatabaseProxy> {
	const sockets = new Set<Socket>();
	let heldUp = 0;
	const counted = (sql: string) => {
		const delay = delayOf(sql);
		if (delay.statement + delay.answer > 0) heldUp += 1;
		return delay;
	};
	const server = createServer((client) => {
		const database = connect(databasePort, '127.0.0.1');
		for (const socket of [client, database]) {
			socket.setNoDelay(true);
			sockets.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				client.destroy();
				database.destroy();
			});
		}
		pass(client, database, counted);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		heldUp: () => heldUp,
		async stop() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		},
	};
}

/** What is held up holds up what comes after it on the same connection, and nothing else. */
function pass(client: Socket, database: Socket, delayOf: (sql: string) => Delay): void {
	const toDatabase = inOrder(database);
	const toClient = inOrder(client);
	const messages = messagesIn();
	client.on('data', (bytes) => {
		for (const { whole, sql } of messages(bytes)) {
			const delay = sql === undefined ? undefined : delayOf(sql);
			if (delay) {
				toDatabase.wait(delay.statement);
				toDatabase.then(() => toClient.wait(delay.answer));
			}
			toDatabase.write(whole);
		}
	});
	database.on('data', (bytes) => toClient.write(bytes));
}

function inOrder(socket: Socket) {
	let before: Promise<unknown> = Promise.resolve();
	const then = (next: () => unknown) => {
		before = before.then(next);
	};
	return {
		then,
		wait: (ms: number) => {
			if (ms > 0) then(async () => await wait(ms));
		},
		write: (bytes: Buffer) => then(() => socket.destroyed || socket.write(bytes)),
	};
}

interface Message {
	whole: Buffer;
	/** Where it begins a statement. */
	sql?: string;
}

/** Takes what comes in and gives the messages that are whole by now. */
function messagesIn(): (bytes: Buffer) => Message[] {
	let rest: Buffer = Buffer.alloc(0);
	let hasBegun = false;
	return (bytes) => {
		rest = Buffer.concat([rest, bytes]);
		const messages: Message[] = [];
		for (;;) {
			const letters = hasBegun ? 1 : 0;
			if (rest.length < letters + 4) return messages;
			const length = letters + rest.readUInt32BE(letters);
			if (rest.length < length) return messages;
			const whole = rest.subarray(0, length);
			rest = rest.subarray(length);
			messages.push({ whole, sql: hasBegun ? sqlOf(whole) : undefined });
			hasBegun ||= length >= 8 && whole.readUInt32BE(4) === PROTOCOL_3;
		}
	};
}

/** A simple query is its text; the first step of any other one has a name before it. */
function sqlOf(message: Buffer): string | undefined {
	const letter = String.fromCharCode(message[0]);
	const texts = message.subarray(5).toString('latin1').split('\0');
	if (letter === 'Q') return texts[0];
	return letter === 'P' ? texts[1] : undefined;
}
