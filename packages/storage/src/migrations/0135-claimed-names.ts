import type { Migration } from './migration.ts';

/** Whether this database is that of the data centre that gives the names. */
const GIVES_NAMES = 'EXISTS (SELECT FROM homes WHERE is_own AND of_names)';

/** The card is of somebody of that data centre, which says whose the names of its people are. */
const IS_OF_GIVER = 'EXISTS (SELECT FROM homes WHERE of_names AND dc = (cards.person_id & 7))';

/**
 * What another data centre says that its people are called is kept apart from the names that are known to be theirs. Each card belongs to an epoch of its sender, so that versions of one that
 * was restored, or was in the wrong hands, do not stay above all that come after.
 */
export const migration: Migration = {
  number: 135,
  subject: 'claimed names',
  statements: [
    'ALTER TABLE cards ADD COLUMN claimed_phone text, ADD COLUMN claimed_username text, ADD COLUMN epoch bigint NOT NULL DEFAULT 0',
    'CREATE INDEX card_readers_dc ON card_readers (person_id, (viewer_id & 7))',
    'UPDATE cards SET claimed_phone = phone, claimed_username = username WHERE phone IS NOT NULL OR username IS NOT NULL',
    `UPDATE cards SET phone = NULL WHERE phone IS NOT NULL AND NOT ${IS_OF_GIVER}
        AND NOT (${GIVES_NAMES} AND EXISTS (SELECT FROM phones p WHERE p.phone = cards.phone AND p.user_id = cards.person_id AND p.confirmed))`,
    `UPDATE cards SET username = NULL WHERE username IS NOT NULL AND NOT ${IS_OF_GIVER}
        AND NOT (${GIVES_NAMES} AND EXISTS (SELECT FROM usernames u WHERE u.name = lower(cards.username) AND u.peer_id = cards.person_id AND u.confirmed))`,
  ],
};
