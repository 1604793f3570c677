import { sql } from '@aerogram/storage';
import { expect } from 'vitest';

import type { World } from './accounts-world.ts';

/**
 * Expects that the totals of each message of a group equal a recount of who gave what, that they have the newest reactions, and that nothing is left of messages without
 * totals.
 * @param peerId marked
 * @returns what names the messages that have totals, in ascending order
 */
export async function recountReactions(world: Pick<World, 'db'>, peerId: bigint): Promise<bigint[]> {
  const { rows } = await sql<{ post_id: bigint; counted: string; stored: string; recent: string; newest: string }>`
    SELECT t.post_id,
           (SELECT COALESCE(string_agg(e || n, ',' ORDER BY e), '') FROM (SELECT emoticon AS e, count(*)::text AS n FROM given_reactions r WHERE r.peer_id = t.peer_id AND r.post_id = t.post_id GROUP BY 1) AS g) AS counted,
           (SELECT COALESCE(string_agg(e || n, ',' ORDER BY e), '') FROM unnest(t.emoticons, t.counts) AS s (e, n)) AS stored,
           (SELECT COALESCE(string_agg(x->>'place', ','), '') FROM jsonb_array_elements(t.recent) AS x) AS recent,
           (SELECT COALESCE(string_agg(p::text, ',' ORDER BY p DESC), '') FROM (SELECT place AS p FROM given_reactions r WHERE r.peer_id = t.peer_id AND r.post_id = t.post_id ORDER BY place DESC LIMIT 3) AS g) AS newest
      FROM reaction_totals t WHERE t.peer_id = ${peerId} ORDER BY t.post_id`.execute(world.db.q);
  for (const row of rows) {
    expect(row.stored).toBe(row.counted);
    expect(row.recent).toBe(row.newest);
  }
  const known = rows.map((row) => row.post_id);
  expect((await listRowsOfReactions(world, peerId)).filter((postId) => !known.includes(postId))).toEqual([]);
  return known;
}

/** What names the messages of a group of which anything is stored about reactions. @param peerId marked */
export async function listRowsOfReactions({ db }: Pick<World, 'db'>, peerId: bigint): Promise<bigint[]> {
  const listed = await Promise.all((['given_reactions', 'reaction_totals'] as const).map((table) => db.q.selectFrom(table).select('post_id').where('peer_id', '=', peerId).execute()));
  return listed.flat().map((row) => row.post_id);
}
