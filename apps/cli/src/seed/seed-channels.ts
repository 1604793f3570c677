import { markPeer } from '@aerogram/cluster';
import { ALL_ADMIN_RIGHTS, AdminRight, MessageFlag, packMessageExtra } from '@aerogram/domain';
import { sql } from '@aerogram/storage';
import { seedChannels, seedMembersOf, type SeedChannel, type SeedMembers } from './seed-channel-plan.ts';
import type { SeedDeps } from './seed-deps.ts';
import { SEED_TEXTS } from './seed-names.ts';
import { type SeedPlan, seedUserId } from './seed-plan.ts';

/** Members and messages per transaction, which may take at most 5 s. */
const SLICE_ROWS = 50_000;
/** Date of the first message of each channel: 2025-06-01. Members joined before that, one a second. */
const FIRST_DATE = 1_748_736_000;
/** Seconds between two messages of a channel. */
const EVERY_S = 60;

/**
 * Writes the channels with their members and messages. The rows of members and the members' dialogs are those that a join writes. All of it is made inside
 * the database, by `INSERT … SELECT`: that is faster than COPY, because no row goes through the connection.
 */
export async function writeChannels(deps: SeedDeps, plan: SeedPlan): Promise<void> {
  const all = seedChannels(plan);
  if (all.length === 0) return;
  const { db, say } = deps;
  for (const [at, channel] of all.entries()) {
    const groups = seedMembersOf(plan, at);
    await writeChannel(deps, plan, channel, groups);
    await inSlices(plan.channels!.posts, (from, to) => writePosts(deps, plan, channel, { from, to }));
    for (const group of groups) {
      await inSlices(group.count, (from, to) => writeMembers(deps, plan, channel, { ...group, first: group.first + from * group.step, count: to - from }));
      if (group.count >= SLICE_ROWS) say(`${group.count} members of ${channel.title}`);
    }
  }
  await sql`SELECT setval('channel_seq', ${all.length}::int8)`.execute(db.q);
  say(`${all.length} channels`);
}

async function inSlices(count: number, write: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += SLICE_ROWS) await write(from, Math.min(count, from + SLICE_ROWS));
}

const markedIdOf = ({ id }: SeedChannel): bigint => markPeer({ _: 'peerChannel', channel_id: id });

async function writeChannel({ db }: SeedDeps, plan: SeedPlan, channel: SeedChannel, groups: readonly SeedMembers[]): Promise<void> {
  const { posts } = plan.channels!;
  const { id, kind, title, username = null } = channel;
  const [marked, creatorId, lastDate] = [markedIdOf(channel), seedUserId(plan, channel.creator), FIRST_DATE + (posts - 1) * EVERY_S];
  const members = groups.reduce((sum, { count }) => sum + count, 0);
  await db.transact('seed-channel', async (tx) => {
    await sql`
      INSERT INTO channels (channel_id, kind, title, username, creator_id, date, version)
      VALUES (${id}, ${kind}, ${title}, ${username}, ${creatorId}, ${FIRST_DATE}::int, 1)`.execute(tx.q);
    await sql`
      INSERT INTO channel_heads (channel_id, top_msg_id, top_date, ordinal, members, admins, changed_date, read_max_id, read_by, second_read_max_id)
      VALUES (${id}, ${posts}::int, ${lastDate}::int, ${posts}::int, ${members}::int, 1, ${lastDate}::int, ${posts}::int, ${creatorId}, ${posts}::int)`.execute(tx.q);
    await sql`
      INSERT INTO counters (owner_id, pts, next_msg_id, epoch)
      SELECT ${marked}, ${posts + 1}::int, ${posts + 1}::int, value::int FROM meta WHERE key = 'epoch'`.execute(tx.q);
    if (username === null) {
      // Only public channels are searchable.
      await sql`INSERT INTO search_state (owner_id, indexed_pts) VALUES (${marked}, ${posts + 1}::int)`.execute(tx.q);
    } else {
      await sql`INSERT INTO usernames (name, peer_id, confirmed, reserved_date) VALUES (${username}, ${marked}, true, ${FIRST_DATE}::int)`.execute(tx.q);
      await sql`INSERT INTO search_state (owner_id, indexed_pts, is_public) VALUES (${marked}, 0, ${kind === 'broadcast'})`.execute(tx.q);
      await sql`
        INSERT INTO channel_words (channel_id, word, words)
        SELECT ${id}, w, ${` ${username} ${title.toLowerCase()}`} FROM unnest(${[username, title.toLowerCase()]}::text[]) AS w`.execute(tx.q);
    }
  });
}

/** Writes the messages `from` + 1 … `to`. The first one says that the channel was created. */
async function writePosts({ db }: SeedDeps, plan: SeedPlan, channel: SeedChannel, { from, to }: { from: number; to: number }): Promise<void> {
  const { id, kind, title } = channel;
  const creatorId = seedUserId(plan, channel.creator);
  const [authorId, flags] = kind === 'broadcast' ? [markedIdOf(channel), MessageFlag.post] : [creatorId, 0];
  const created = packMessageExtra({ action: { _: 'messageActionChannelCreate', title } });
  await db.transact('seed-posts', async (tx) => {
    await sql`
      INSERT INTO channel_messages (channel_id, msg_id, pts, ordinal, poster_id, from_id, date, flags, text, extra)
      SELECT ${id}, n, n + 1, n, ${creatorId}, ${authorId}, ${FIRST_DATE - EVERY_S}::int + n * ${EVERY_S}::int,
             ${flags}::int + CASE n WHEN 1 THEN ${MessageFlag.service}::int ELSE 0 END,
             CASE n WHEN 1 THEN '' ELSE (${[...SEED_TEXTS]}::text[])[1 + n % ${SEED_TEXTS.length}::int] END, CASE n WHEN 1 THEN ${created}::bytea END
        FROM generate_series(${from + 1}::int, ${to}::int) AS n`.execute(tx.q);
  });
}

async function writeMembers({ db }: SeedDeps, plan: SeedPlan, channel: SeedChannel, { first, step, count, readMaxId }: SeedMembers): Promise<void> {
  const { posts } = plan.channels!;
  const creatorId = seedUserId(plan, channel.creator);
  const accounts = sql`(SELECT ((n + 1)::int8 << 3 | ${plan.dcId}::int8) AS id, ${FIRST_DATE - plan.users}::int + n AS date
                          FROM generate_series(${first}::int, ${first + (count - 1) * step}::int, ${step}::int) AS n) AS a`;
  await db.transact('seed-members', async (tx) => {
    await sql`
      INSERT INTO channel_members (channel_id, user_id, status, role, admin_rights, date, own_posts)
      SELECT ${channel.id}, id, 'member', CASE id WHEN ${creatorId} THEN 'creator' ELSE 'member' END,
             CASE id WHEN ${creatorId} THEN ${ALL_ADMIN_RIGHTS & ~AdminRight.anonymous}::int ELSE 0 END, date, CASE id WHEN ${creatorId} THEN ${posts}::int ELSE 0 END
        FROM ${accounts}`.execute(tx.q);
    await sql`
      INSERT INTO dialogs (owner_id, peer_id, top_msg_id, top_date, read_inbox_pts, read_inbox_max_id, read_ordinal, own_at_read)
      SELECT id, ${markedIdOf(channel)}, 1, date, 1, ${readMaxId}::int, ${readMaxId}::int, CASE id WHEN ${creatorId} THEN ${posts}::int ELSE 0 END
        FROM ${accounts}`.execute(tx.q);
  });
}
