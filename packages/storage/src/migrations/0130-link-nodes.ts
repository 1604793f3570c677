import type { Migration } from './migration.ts';

/** Where each node of a data centre listens for the links of the others, because any of them may be away. */
export const migration: Migration = {
  number: 130,
  subject: 'link nodes',
  statements: [`ALTER TABLE homes ADD COLUMN link_nodes jsonb NOT NULL DEFAULT '[]'`],
};
