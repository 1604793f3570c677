import { sql } from '@aerogram/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { OWN_TABLES } from '../../src/auth/account-end-store.ts';
import { PURGED_TABLES } from '../../src/auth/purge-account.ts';
import { createWorld, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

/** Tables whose rows are deleted together with others. */
const LINKED = ['kept_documents', 'message_files'];
/** Tables of an owner that are kept: positions of a box are never reused, reports belong to the moderators, and queues empty themselves. */
const KEPT = ['counters', 'reports', 'jobs', 'dead_jobs'];
/** Tables whose owner is a group or channel. */
const OF_CHATS = ['invite_hashes', 'invite_importers', 'invites', 'join_request_counts', 'join_requests'];
/** Tables changed by `endAccount`, together with other users' rows about the account. Bots stay, without an owner. */
const ENDED = ['bots', 'contacts', ...OWN_TABLES];

describe('the box of a deleted account', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('covers every table that has an owner', async () => {
    const { rows } = await sql<{ table_name: string }>`
      SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'owner_id'`.execute(world.db.q);
    const decided = [...PURGED_TABLES.map(([table]) => table as string), ...ENDED, ...KEPT, ...LINKED, ...OF_CHATS];
    expect(rows.map((row) => row.table_name).sort()).toEqual(decided.toSorted());
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
    const countOf = async (table: string, owner: bigint): Promise<number> => {
      const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${sql.table(table)} WHERE owner_id = ${owner}`.execute(world.db.q);
      return rows[0]!.count;
    };
    for (const table of ['messages', 'update_log', 'send_keys', 'dialogs']) expect(await countOf(table, gone.userId)).toBeGreaterThan(0);
    await auth.doDeleteAccount(proverOf(gone.key), undefined);
    await world.runJobs('repeat');
    for (const table of [...PURGED_TABLES.map(([name]) => name), ...ENDED]) expect([table, await countOf(table, gone.userId)]).toEqual([table, 0]);
    expect(await countOf('messages', friend)).toBe(3);
  });
});
