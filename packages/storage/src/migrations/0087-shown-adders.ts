import type { Migration } from './migration.ts';

/** Whether somebody who was added to a group or channel is shown by whom, and has come to know the adder since. */
export const migration: Migration = {
  number: 87,
  subject: 'shown adders',
  statements: [
    'ALTER TABLE unaccepted_places ADD COLUMN adder_hidden boolean NOT NULL DEFAULT false, ADD COLUMN adder_known boolean NOT NULL DEFAULT false',
    // Members of channels whose inviter is not stored were added by anonymous admins.
    `UPDATE unaccepted_places AS p SET adder_hidden = true
       FROM channel_members AS m WHERE m.channel_id = -p.peer_id - 1000000000000 AND m.user_id = p.owner_id AND m.inviter_id IS NULL`,
  ],
};
