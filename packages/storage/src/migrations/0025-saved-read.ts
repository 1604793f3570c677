import type { Migration } from './migration.ts';

/** Messages to oneself count as read when they arrive. This marks the existing ones as read. */
export const migration: Migration = {
  number: 25,
  subject: 'saved-read',
  statements: [`UPDATE dialogs SET read_outbox_max_id = top_msg_id WHERE owner_id = peer_id AND read_outbox_max_id < top_msg_id`],
};
