// Plays the program of the server: makes a data directory, says where it is, and ends with its input.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dataDir = process.argv[process.argv.indexOf('--data-dir') + 1];
const database = join(dataDir, 'postgres-18');
const isNew = !existsSync(database);
if (isNew) {
  mkdirSync(join(database, 'pg_wal'), { recursive: true });
  writeFileSync(join(database, 'PG_VERSION'), '18');
  writeFileSync(join(database, 'pg_wal', '000000010000000000000001'), Buffer.alloc(4096, 1));
  writeFileSync(join(database, 'pg_wal', '000000010000000000000002'), Buffer.alloc(4096));
}
console.error(isNew ? 'made the database' : 'found the database');
if (existsSync(`${process.argv[1]}.fails`)) {
  console.error(readFileSync(`${process.argv[1]}.fails`, 'utf8'));
  process.exit(3);
}
writeFileSync(join(dataDir, 'running'), String(process.pid));
process.stdin.resume().on('end', () => {
  writeFileSync(join(dataDir, 'stopped'), 'in order');
  process.exit(0);
});
console.log(JSON.stringify({ apiRoot: 'http://127.0.0.1:1', controlUrl: 'http://127.0.0.1:2', secret: 's', server: {} }));
