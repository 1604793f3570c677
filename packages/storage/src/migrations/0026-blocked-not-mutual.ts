import type { Migration } from './migration.ts';

/** A contact who blocked the owner does not count as mutual, because the mark would reveal the block. */
export const migration: Migration = {
  number: 26,
  subject: 'blocked-not-mutual',
  statements: [
    `
UPDATE contacts c SET mutual = false
  FROM blocked_peers b
 WHERE c.mutual AND b.owner_id = c.user_id AND b.peer_id = c.owner_id AND NOT b.stories_only;
`,
  ],
};
