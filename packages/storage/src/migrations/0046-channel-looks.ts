import type { Migration } from './migration.ts';

/** How a channel looks: the colours of its name and profile, and the tab with which its profile opens. */
export const migration: Migration = {
  number: 46,
  subject: 'channel-looks',
  statements: ['ALTER TABLE channels ADD COLUMN color integer, ADD COLUMN profile_color integer, ADD COLUMN main_tab text'],
};
