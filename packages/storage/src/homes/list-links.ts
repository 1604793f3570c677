import type { Database } from '../database/open-database.ts';
import { defineStatement } from '../database/statement.ts';
import { DATABASE_MS } from '../nodes/serving-state.ts';

/** The link to another data centre, as operators see it. */
export interface ListedLink {
  dc: number;
  /** `down` also if no node here has looked for some time. */
  state: 'up' | 'down' | 'paused' | 'removed';
  /** Frames that it has not applied yet, and how long ago the oldest of them was written, in seconds; 0 if none waits. */
  waiting: number;
  oldest_s: number;
  /** The number of the last frame that was written for it in this epoch, and of the last one that it is known to have applied. */
  sent_seq: number;
  applied_seq: number;
  epoch: number;
  /** Frames in either direction that were lost, because they were needed again after their sender had dropped them. */
  lost: number;
  /** The kind of the frame from it before which its stream stands still, because this program does not know the kind; '': it does not. */
  stopped_by: string;
}

/** A state that nobody has confirmed for so long is not believed. */
const SEEN_WITHIN_MS = 15_000;

const selectLinks = defineStatement<ListedLink>(
  'list_home_links',
  `SELECT h.dc,
          CASE WHEN h.state <> 'joined' THEN h.state WHEN h.is_up AND h.seen_ms > ${DATABASE_MS} - ${SEEN_WITHIN_MS} THEN 'up' ELSE 'down' END AS state,
          coalesce(total.waiting, 0)::float8 AS waiting,
          coalesce(greatest(${DATABASE_MS} / 1000 - oldest.written_date, 0), 0)::float8 AS oldest_s,
          coalesce(own.sent_seq, 0)::float8 AS sent_seq, coalesce(own.acked_seq, 0)::float8 AS applied_seq, m.value::float8 AS epoch, h.lost_frames::float8 AS lost, h.stopped_by
     FROM homes AS h CROSS JOIN meta AS m
     LEFT JOIN home_streams AS own ON own.dc = h.dc AND own.epoch = m.value::bigint
     LEFT JOIN LATERAL (SELECT sum(s.sent_seq - s.acked_seq) AS waiting FROM home_streams AS s WHERE s.dc = h.dc) AS total ON true
     LEFT JOIN LATERAL (
       SELECT o.written_date FROM home_streams AS s
        CROSS JOIN LATERAL (SELECT written_date FROM home_outbox WHERE dc = s.dc AND epoch = s.epoch AND seq > s.acked_seq ORDER BY seq LIMIT 1) AS o
        WHERE s.dc = h.dc AND s.sent_seq > s.acked_seq ORDER BY s.epoch LIMIT 1) AS oldest ON true
    WHERE NOT h.is_own AND m.key = 'stream_epoch' ORDER BY h.dc`,
);

/** Lists the links to the other data centres, by number. Empty for a server that is alone. */
export async function listLinks(db: Pick<Database, 'run'>): Promise<ListedLink[]> {
  return (await db.run(selectLinks, [])).rows;
}
