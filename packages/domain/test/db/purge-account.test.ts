import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { OWN_TABLES, OWN_USER_TABLES } from '../../src/auth/account-end-store.ts';
import { saveListedCreator } from '../../src/index.ts';
import { PURGED_BOT_TABLES, PURGED_TABLES } from '../../src/auth/purge-account.ts';
import { createWorld, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

/** Tables whose rows are deleted together with others. */
const LINKED = ['kept_documents', 'message_files', 'messages'];
/** Tables of an owner that are kept: positions of a box are never reused, reports belong to the moderators, and queues empty themselves. */
const KEPT = ['counters', 'reports', 'jobs', 'dead_jobs'];
/** Tables whose owner is a group or channel. */
const OF_CHATS = ['invite_hashes', 'invite_importers', 'invites', 'join_request_counts', 'join_requests'];
/** Tables changed by `endAccount`, together with other users' rows about the account. Bots stay, without an owner; notices end with the devices. */
const ENDED = ['bots', 'contacts', 'device_events', 'device_logs', 'device_notices', 'notice_followers', 'notice_marks', ...OWN_TABLES];
/** The same of tables that name a user: with the password, the devices, the number, the rights and the log-in of the company. */
const ENDED_OF_USERS = [
  ...OWN_USER_TABLES,
  'passwords', 'password_guesses', 'unconfirmed_passwords', 'tmp_passwords', 'srp_challenges', 'passkey_challenges',
  'auth_keys', 'authorizations', 'notice_devices', 'push_devices', 'takeouts', 'phones', 'user_words', 'user_infos', 'admins', 'admin_sessions',
  'company_accounts', 'company_sessions', 'company_web_tokens',
];
/** Rows of users that go when they leave the chats, or with the chats. */
const LEFT = ['chat_members', 'channel_members', 'channel_reads', 'thread_members', 'join_requests', 'invite_importers', 'admin_log', 'heard_posts', 'given_reactions'];
/** Rows of users that stay or go by themselves: the "Deleted Account", the other side of contacts, what is kept for an hour or some days, and what bots were asked. */
const KEPT_OF_USERS = ['users', 'contacts', 'login_codes', 'admin_log_ins', 'finished_uploads', 'bot_commands', 'bot_menu_buttons', 'bot_queries', 'bot_users', 'inline_sets'];

describe('the box of a deleted account', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function tablesWith(column: string): Promise<string[]> {
    const { rows } = await sql<{ table_name: string }>`
      SELECT table_name::text FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = ${column}`.execute(world.db.q);
    return rows.map((row) => row.table_name).toSorted();
  }

  it('covers every table that has an owner', async () => {
    const decided = [...PURGED_TABLES.map(([table]) => table as string), ...ENDED, ...KEPT, ...LINKED, ...OF_CHATS];
    expect(await tablesWith('owner_id')).toEqual(decided.toSorted());
  });

  it('covers every table that has a user', async () => {
    expect(await tablesWith('user_id')).toEqual([...ENDED_OF_USERS, ...LEFT, ...KEPT_OF_USERS].toSorted());
  });

  it('covers every table that has a bot', async () => {
    // The row of a bot stays, because others refer to it; the queue empties itself; the steps belong to whoever talks to BotFather; what keeps files is dropped with a note.
    const decided = [...PURGED_BOT_TABLES.map(([table]) => table as string), 'bots', 'bot_effects', 'bot_father_steps', 'bot_files'];
    expect(await tablesWith('bot_id')).toEqual(decided.toSorted());
  });

  it('of a bot is deleted with what was asked of it and what it answered', async () => {
    const botId = 7_000_001n;
    const { q } = world.db;
    await world.db.transact('make-bot', async (tx) => {
      await tx.q.insertInto('users').values({ user_id: botId, phone: null, bot: true, first_name: 'Bot', last_name: '', username: null, created_date: 1, online_date: 0 }).execute();
      await tx.q.insertInto('bots').values({ bot_id: botId, owner_id: null, created_date: 1, token_hash: new Uint8Array(32), sealed_token: new Uint8Array() }).execute();
      const empty = new Uint8Array();
      await tx.q.insertInto('bot_queries').values({ bot_id: botId, query_id: 1n, user_id: 1n, answer: null, question: empty }).execute();
      await tx.q.insertInto('bot_updates').values({ bot_id: botId, update_id: 1, name: 'message', queue: 1n, expires_date: 2_000_000_000, json: '{}' }).execute();
      await tx.q.insertInto('bot_channel_cursors').values({ bot_id: botId, peer_id: -1n, pts: 1 }).execute();
      await tx.q.insertInto('bot_cursors').values({ bot_id: botId, next_id: 2, epoch: 1 }).execute();
      await tx.q.insertInto('inline_sets').values({ set_id: 1n, bot_id: botId, query_id: 1n, user_id: 1n, is_private: false, cache_key: empty, cached_until: 2_000_000_000, kept_until: 2_000_000_000, question: empty, answer: empty }).execute();
      await tx.q.insertInto('bot_commands').values({ bot_id: botId, peer_id: 0n, user_id: 0n, scope: 0, lang_code: '', commands: empty }).execute();
      await tx.q.insertInto('bot_menu_buttons').values({ bot_id: botId, user_id: 0n }).execute();
      await tx.q.insertInto('bot_texts').values({ bot_id: botId, lang_code: 'de' }).execute();
      await tx.q.insertInto('bot_webhooks').values({ bot_id: botId, url: 'https://bot.example/', secret: '', certificate: null, ip_address: '', max_connections: 40 }).execute();
      await tx.q.insertInto('bot_users').values({ bot_id: botId, user_id: 1n, since_date: 1 }).execute();
    });
    const count = async (table: string): Promise<number> => (await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(table)} WHERE bot_id = ${botId}`.execute(q)).rows[0]!.n;
    for (const [table] of PURGED_BOT_TABLES) expect([table, await count(table)]).toEqual([table, 1]);
    await world.domain.auth.doDeleteBot(undefined, botId);
    await world.runJobs('repeat');
    for (const [table] of PURGED_BOT_TABLES) expect([table, await count(table)]).toEqual([table, 0]);
    expect(await count('bots')).toBe(1);
  });

  it('is deleted with its log and send keys, even if the job runs twice, and others keep their copies', async () => {
    const { messages, users, auth } = world.domain;
    const gone = await world.signUp('9996610001', 'Gone');
    const { userId: friend } = await world.signUp('9996610002', 'Friend');
    const row = (await users.findRow(friend))!;
    const peer = { kind: 'user' as const, userId: friend, peerId: friend, isSelf: false, row };
    for (let n = 1n; n <= 3n; n++) {
      const text = { text: `hello ${n}`, entities: [] };
      await messages.doSendText(peer, { senderId: gone.userId, text, randomId: n, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined });
    }
    await messages.doDelete({ ownerId: gone.userId, msgIds: [1], revoke: false, origin: undefined });
    await world.db.transact('list-creator', (tx) => saveListedCreator(tx, 'channels', gone.userId, true));
    const countOf = async (table: string, owner: bigint, column = 'owner_id'): Promise<number> => {
      const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${sql.table(table)} WHERE ${sql.ref(column)} = ${owner}`.execute(world.db.q);
      return rows[0]!.count;
    };
    for (const table of ['messages', 'update_log', 'send_keys', 'dialogs']) expect(await countOf(table, gone.userId)).toBeGreaterThan(0);
    for (const table of ['creation_policy_users', 'authorizations', 'phones']) expect(await countOf(table, gone.userId, 'user_id')).toBeGreaterThan(0);
    await auth.doDeleteAccount(proverOf(gone.key), undefined);
    await world.runJobs('repeat');
    for (const table of ['messages', ...PURGED_TABLES.map(([name]) => name), ...ENDED]) expect([table, await countOf(table, gone.userId)]).toEqual([table, 0]);
    for (const table of ENDED_OF_USERS) expect([table, await countOf(table, gone.userId, 'user_id')]).toEqual([table, 0]);
    expect(await countOf('messages', friend)).toBe(3);
  });
});
