import { CHANNEL_OFFSET, unmarkPeer } from '@aerogram/cluster';
import { type Database, sql } from '@aerogram/storage';

/** A group or channel as operators see it. */
export interface FoundChat {
  /** Marked, as the Bot API writes it. */
  id: bigint;
  kind: 'group' | 'supergroup' | 'gigagroup' | 'channel';
  title: string;
  about: string;
  username: string | null;
  created_date: number;
  members: number;
  owner_id: bigint;
  /** Whether the owner has left it, or has no account any more. */
  ownerless: boolean;
  deleted: boolean;
  /** The supergroup that a basic group became. */
  migrated_to: bigint | null;
}

/** A group or channel in a sentence: its id, title and username. Pure. */
export function nameOf({ id, title, username }: Pick<FoundChat, 'id' | 'title' | 'username'>): string {
  return `${id} "${title}"${username === null ? '' : ` @${username}`}`;
}

/** Basic groups and channels as {@link FoundChat}. */
const CHATS = sql`(
  SELECT -c.chat_id AS id, 'group' AS kind, c.title, c.about, NULL AS username, c.date AS created_date, c.members, c.creator_id AS owner_id,
         c.deactivated AS deleted, -${sql.raw(String(CHANNEL_OFFSET))} - c.migrated_to AS migrated_to, o.status AS owner_status
    FROM chats c LEFT JOIN chat_members o ON o.chat_id = c.chat_id AND o.user_id = c.creator_id
  UNION ALL
  SELECT -${sql.raw(String(CHANNEL_OFFSET))} - c.channel_id, CASE c.kind WHEN 'broadcast' THEN 'channel' WHEN 'megagroup' THEN 'supergroup' ELSE c.kind END, c.title, c.about, c.username, c.date,
         COALESCE(h.members, 0), c.creator_id, c.flags & 128 <> 0, NULL, o.status
    FROM channels c LEFT JOIN channel_heads h USING (channel_id) LEFT JOIN channel_members o ON o.channel_id = c.channel_id AND o.user_id = c.creator_id
)`;

const COLUMNS = sql`c.id, c.kind, c.title, c.about, c.username, c.created_date, c.members, c.owner_id, c.deleted, c.migrated_to,
  (c.owner_status IS DISTINCT FROM 'member' OR COALESCE(u.deleted, true)) AS ownerless`;

/** Lists groups and channels that exist, the newest first. @param more.ownerless only those without an owner */
export async function listChats(db: Database, { limit, ownerless }: { limit: number; ownerless: boolean }): Promise<FoundChat[]> {
  const { rows } = await sql<FoundChat>`
    SELECT * FROM (SELECT ${COLUMNS} FROM ${CHATS} c LEFT JOIN users u ON u.user_id = c.owner_id WHERE NOT c.deleted) AS chats
     WHERE ${ownerless} = false OR ownerless ORDER BY created_date DESC, id LIMIT ${limit}`.execute(db.q);
  return rows;
}

/**
 * Finds a group or channel by its id, as the Bot API writes it, or its @username.
 * @throws Error if there is none
 */
export async function findChat(db: Database, wanted: string): Promise<FoundChat> {
  const id = await findId(db, wanted.trim());
  const { rows } = id === undefined ? { rows: [] } : await sql<FoundChat>`SELECT ${COLUMNS} FROM ${CHATS} c LEFT JOIN users u ON u.user_id = c.owner_id WHERE c.id = ${id}`.execute(db.q);
  const [chat] = rows;
  if (chat === undefined) throw new Error(`no group or channel "${wanted}"; groups have ids such as -123, supergroups and channels such as -100123`);
  return chat;
}

async function findId(db: Database, wanted: string): Promise<bigint | undefined> {
  if (/^-\d{1,18}$/.test(wanted)) return BigInt(wanted);
  const name = wanted.replace(/^@/, '').toLowerCase();
  const row = await db.q.selectFrom('usernames').select('peer_id').where('name', '=', name).where('confirmed', '=', true).executeTakeFirst();
  return row !== undefined && row.peer_id < 0n ? row.peer_id : undefined;
}

/** The plain id of a supergroup or channel. @throws Error for a basic group */
export function requireChannelId({ id, title }: FoundChat): bigint {
  const peer = unmarkPeer(id);
  if (peer._ !== 'peerChannel') throw new Error(`${title} is a basic group, which newcomers would soon fill: use a supergroup or a channel`);
  return peer.channel_id;
}
