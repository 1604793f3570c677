import { createMtcuteClient, World } from '@aerogram/dev-env';
import { makeKeyWith, RawAccount, startServerProcess, wireTo } from '@aerogram/dev-env/load';
import { RawClient } from '@aerogram/mtproto/client';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { encode } from '@aerogram/tl';
import { checkPassword, enableCloudPassword } from '@mtcute/node/methods.js';
import { sql } from 'kysely';
import { expect, test } from 'vitest';

const PASSWORD = 'correct horse battery';
const MESSAGE = 'a text that only Bob may read';
const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };
/** Shorter values would be found everywhere by chance. */
const SHORTEST = 8;
/** The content of the program itself, and what clients say about themselves: not secret. */
const NO_SECRETS = /^(meta|jobs|job_leases|leases|schema_migrations|migrations)\.|\.(name|kind|lang_code|lang_pack|system_lang_code|device_model|system_version|app_version|ip|country|address|pending_address)$/;

interface Secret {
  what: string;
  forms: string[];
}

/** How bytes may appear in a log: hex, base64, a list of numbers, or text. */
function formsOf(value: Uint8Array | string): string[] {
  const bytes = Buffer.from(value);
  const numbers = [...bytes.subarray(0, 16)];
  return [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), numbers.join(','), numbers.map((byte, i) => `"${i}":${byte}`).join(','), ...(typeof value === 'string' ? [value] : [])];
}

/** Every text and byte string in the database: keys, code hashes, verifiers, numbers, messages. */
async function listStored({ q }: TestDatabase): Promise<Secret[]> {
  const columns = await sql<{ table_name: string; column_name: string }>`
    SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'bytea', 'character varying')`.execute(q);
  const secrets: Secret[] = [];
  for (const { table_name, column_name } of columns.rows) {
    const what = `${table_name}.${column_name}`;
    if (NO_SECRETS.test(what)) continue;
    const { rows } = await sql<{ value: Uint8Array | string | null }>`SELECT DISTINCT ${sql.ref(column_name)} AS value FROM ${sql.table(table_name)} LIMIT 500`.execute(q);
    for (const { value } of rows) if (value !== null && value.length >= SHORTEST) secrets.push({ what, forms: formsOf(value) });
  }
  return secrets;
}

test('no secret is written to the log or the console, except the code for a number without a device', async () => {
  await using database = await testDatabase();
  let output = '';
  await using server = await startServerProcess({
    databaseUrl: database.url,
    env: { AEROGRAM_LOG_LEVEL: 'trace' },
    onOutput: (text) => void (output += text),
  });
  const secrets: Secret[] = [{ what: 'the password', forms: formsOf(PASSWORD) }, { what: 'a message', forms: formsOf(MESSAGE) }];

  await using world = new World(server);
  const [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
  await alice.send(bob, MESSAGE);
  await bob.sees(MESSAGE);
  await enableCloudPassword(alice.main.client, { password: PASSWORD, hint: 'what it says' });
  const guest = await createMtcuteClient(server.info);
  try {
    await guest.connect();
    const token = await guest.call({ _: 'auth.exportLoginToken', apiId: API.apiId, apiHash: API.apiHash, exceptIds: [] });
    if (token._ === 'auth.loginToken') secrets.push({ what: 'a log-in token', forms: formsOf(token.token) });
    const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: alice.phone, ...API, settings: { _: 'codeSettings' } });
    if (sent._ !== 'auth.sentCode') throw new Error(sent._);
    secrets.push({ what: 'the hash of a code', forms: formsOf(sent.phoneCodeHash) });
    const phoneCode = alice.phone.charAt(5).repeat(5);
    await guest.call({ _: 'auth.signIn', phoneNumber: alice.phone, phoneCodeHash: sent.phoneCodeHash, phoneCode }).catch(() => {});
    await checkPassword(guest, 'a wrong one').catch(() => {});
    await checkPassword(guest, PASSWORD);
    const exported = await guest.call({ _: 'auth.exportAuthorization', dcId: 4 });
    secrets.push({ what: 'an exported authorisation', forms: formsOf(exported.bytes) });
    // Errors, which might contain what they were about.
    await guest.call({ _: 'account.updateUsername', username: 'x'.repeat(5_000) }).catch(() => {});
    await guest.call({ _: 'auth.importAuthorization', id: exported.id, bytes: exported.bytes.toReversed() }).catch(() => {});
  } finally {
    await guest.destroy();
  }

  const key = await makeKeyWith(server.info);
  const raw = await RawClient.connect({ ...wireTo(server.info), clientKey: key });
  raw.sendPacket(raw.session.encryptOne({ body: encode({ _: 'help.getConfig' }), msgId: 4n, seqNo: 1 }));
  await raw.call(encode({ _: 'help.getNearestDc' }));
  const { salt } = raw.session;
  secrets.push({ what: 'a salt', forms: [String(salt), BigInt.asUintN(64, salt).toString(16)] });
  raw.sendPacket(Buffer.alloc(120, 7));
  await raw[Symbol.asyncDispose]();

  // The code of a number that is not a test number is printed on the console: the only exception.
  const phone = '15550001234';
  const carol = await RawClient.connect({ ...wireTo(server.info), clientKey: await makeKeyWith(server.info) });
  await carol.call(encode({ _: 'auth.sendCode', phone_number: phone, api_id: 1, api_hash: API.apiHash, settings: { _: 'codeSettings' } }));
  await carol[Symbol.asyncDispose]();
  const dave = await RawAccount.signUp(server.info, { name: 'Dave', phone: '9996640001', code: '44444' });
  dave.disconnect();
  secrets.push(...(await listStored(database)));
  await server.stop();

  const console = /^log-in code for \+(\d+): (\d+)$/m.exec(output);
  expect(console?.[1]).toBe(phone);
  secrets.push({ what: 'a code', forms: [`"${console![2]!}"`, `code ${console![2]!}`] });
  const log = output.replace(console![0], '');
  // The lines about calls and pushes are among those that are searched.
  for (const kind of ['"call":"auth.signIn"', '"call":"messages.sendMessage"', '"push":"queued"', '"push":"sent"']) expect(log).toContain(kind);
  expect(secrets.length).toBeGreaterThan(20);
  const found = secrets.flatMap(({ what, forms }) => forms.filter((form) => form.length >= 5 && log.includes(form)).map((form) => `${what}: ${form.slice(0, 60)}`));
  expect([...new Set(found)]).toEqual([]);
});
