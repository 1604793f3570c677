import type { Migration } from './migration.ts';

/** Messages to oneself are read when they arrive. Those that came before that was noted are read now. */
export const migration: Migration = {
  number: 25,
  subject: 'saved-read',
  statements: [`UPDATE dialogs SET read_outbox_max_id = top_msg_id WHERE owner_id = peer_id AND read_outbox_max_id < top_msg_id`],
};
