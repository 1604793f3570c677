import type { Migration } from './migration.ts';

/** When a permanent key without a user was last used, so that abandoned keys can be deleted. */
export const migration: Migration = {
  number: 19,
  subject: 'guest-keys',
  statements: [
    `ALTER TABLE auth_keys ADD COLUMN seen_date int`,
    `CREATE INDEX auth_keys_guests ON auth_keys (COALESCE(seen_date, created_date)) WHERE user_id IS NULL AND expires_date IS NULL`,
  ],
};
