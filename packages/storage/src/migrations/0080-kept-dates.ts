import type { Migration } from './migration.ts';

/** When a document was put into a list that shows this, such as that of the recent stickers. */
export const migration: Migration = {
  number: 80,
  subject: 'kept dates',
  statements: ['ALTER TABLE kept_documents ADD COLUMN date integer'],
};
