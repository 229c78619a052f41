/** Run by Node 24, for its built-in SQLite: the package on standard input replaces its rows in n8n's database. */
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const { name, version, author, nodes } = JSON.parse(readFileSync(0, 'utf8'));
const database = new DatabaseSync(process.argv[2], { timeout: 10_000 });
const now = "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')";
database.exec('BEGIN IMMEDIATE');
database.prepare('DELETE FROM installed_nodes WHERE package = ?').run(name);
database.prepare('DELETE FROM installed_packages WHERE packageName = ?').run(name);
database
	.prepare(
		`INSERT INTO installed_packages (packageName, installedVersion, authorName, authorEmail, createdAt, updatedAt)
		VALUES (?, ?, ?, ?, ${now}, ${now})`,
	)
	.run(name, version, author?.name ?? null, author?.email ?? null);
const addNode = database.prepare(
	'INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)',
);
for (const node of nodes) addNode.run(node.name, node.type, node.version, name);
database.exec('COMMIT');
database.close();
