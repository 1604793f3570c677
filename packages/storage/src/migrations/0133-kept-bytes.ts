import type { Migration } from './migration.ts';

/** Frames that other data centres have applied are counted only while they are kept. Programs before counted all that were ever sent. */
export const migration: Migration = {
  number: 133,
  subject: 'bytes of kept frames',
  statements: [
    `UPDATE home_streams AS s SET sent_bytes = s.sent_bytes - s.acked_bytes + kept.bytes, acked_bytes = kept.bytes
       FROM (
         SELECT h.dc, h.epoch, coalesce(sum(octet_length(o.frame)), 0)::bigint AS bytes
           FROM home_streams AS h LEFT JOIN home_outbox AS o ON o.dc = h.dc AND o.epoch = h.epoch AND o.seq <= h.acked_seq
          GROUP BY h.dc, h.epoch) AS kept
      WHERE kept.dc = s.dc AND kept.epoch = s.epoch`,
  ],
};
