/** Run by Node 24, for its built-in SQLite: prints every text of a database, a line each, after its table and column. */
import { DatabaseSync } from 'node:sqlite';

const database = new DatabaseSync(process.argv[2], { readOnly: true, timeout: 10_000 });
const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
for (const { name } of tables) {
	for (const row of database.prepare(`SELECT * FROM "${name}"`).iterate()) {
		for (const [column, value] of Object.entries(row)) {
			const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
			if (typeof text === 'string') process.stdout.write(`${name}.${column}: ${text}\n`);
		}
	}
}
