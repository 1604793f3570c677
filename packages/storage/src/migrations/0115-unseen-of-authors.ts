import type { Migration } from './migration.ts';

/** Finds what authors have not seen in a group to which they return. */
export const migration: Migration = {
  number: 115,
  subject: 'unseen of authors',
  statements: [
    'CREATE INDEX reaction_totals_unseen ON reaction_totals (peer_id, author_id) WHERE has_unseen',
    'CREATE INDEX polls_unseen ON polls (creator_id, place_id) WHERE has_unseen',
  ],
};
