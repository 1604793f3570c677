import type { Migration } from './migration.ts';

/** The sticker sets of accounts, a list a kind. An account without a row in `sticker_lists` has the list of the server; the first change copies it. */
export const migration: Migration = {
  number: 139,
  subject: 'installed sets',
  statements: [
    `
CREATE TABLE sticker_lists (
  owner_id int8 NOT NULL,
  kind int2 NOT NULL,
  is_own bool NOT NULL,
  PRIMARY KEY (owner_id, kind)
);

CREATE TABLE installed_sets (
  owner_id int8 NOT NULL,
  kind int2 NOT NULL,
  set_id int8 NOT NULL,
  position int NOT NULL,
  archived bool NOT NULL,
  date int NOT NULL,
  PRIMARY KEY (owner_id, kind, set_id)
);
`,
  ],
};
