import type { Migration } from './migration.ts';

/** How many admins, removed users and restricted members each channel has. */
export const migration: Migration = {
  number: 55,
  subject: 'role-counts',
  statements: [
    `ALTER TABLE channel_heads
       ADD COLUMN admins integer NOT NULL DEFAULT 0,
       ADD COLUMN kicked integer NOT NULL DEFAULT 0,
       ADD COLUMN restricted integer NOT NULL DEFAULT 0`,
    `UPDATE channel_heads h SET admins = m.admins, kicked = m.kicked, restricted = m.restricted
       FROM (SELECT channel_id, count(*) FILTER (WHERE role <> 'member' AND status = 'member') AS admins,
                    count(*) FILTER (WHERE banned_rights <> 0 AND status = 'banned') AS kicked,
                    count(*) FILTER (WHERE banned_rights <> 0 AND status <> 'banned') AS restricted
               FROM channel_members WHERE role <> 'member' OR banned_rights <> 0 GROUP BY channel_id) AS m
      WHERE m.channel_id = h.channel_id`,
  ],
};
