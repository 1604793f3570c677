import { listClientSettings, reachableEndpoint } from '@aerogram/node';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, requireServerFile } from '../options.ts';

/** `aerogram key show`: the public keys that clients must know. */
export function showKeys(options: CliOptions): void {
  for (const { fingerprint, pem } of requireServerFile(options).public_keys) {
    const unsigned = BigInt.asUintN(64, BigInt(fingerprint)).toString(16).padStart(16, '0');
    options.print(`fingerprint ${fingerprint} (0x${unsigned})\n${pem.trim()}`);
  }
}

/** `aerogram client-config`: settings to paste into one client, or into each that we know. */
export function showClientConfig(options: CliOptions, client: string | undefined): void {
  const file = requireServerFile(options);
  const all = listClientSettings({ ...file, mtproto: reachableEndpoint(file.mtproto, options.config, '127.0.0.1') });
  const chosen = all.filter((settings) => client === undefined || settings.client === client);
  if (chosen.length === 0) throw new Error(`no settings for "${client}"; there are ${all.map((each) => each.client).join(', ')}`);
  for (const { title, note, text } of chosen) {
    // Alone, the text can be piped into a file; together, each needs its heading.
    if (chosen.length > 1) options.print(`──── ${title} ────\n${note}\n`);
    options.print(text);
  }
}

/** `aerogram migrate`: brings the database to this program's version, as every start does. */
export function migrateDatabase(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    await db.migrate();
    const row = await db.q.selectFrom('meta').select('value').where('key', '=', 'schema_version').executeTakeFirstOrThrow();
    options.print(`the database has schema version ${row.value}`);
  });
}
