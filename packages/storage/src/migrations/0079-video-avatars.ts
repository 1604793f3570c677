import type { Migration } from './migration.ts';

/** Whether the photo beside the name of a user, group or channel has a video. */
export const migration: Migration = {
  number: 79,
  subject: 'video avatars',
  statements: [
    'ALTER TABLE users ADD COLUMN photo_has_video boolean NOT NULL DEFAULT false, ADD COLUMN fallback_photo_has_video boolean NOT NULL DEFAULT false',
    'ALTER TABLE contacts ADD COLUMN photo_has_video boolean NOT NULL DEFAULT false',
    'ALTER TABLE chats ADD COLUMN photo_has_video boolean NOT NULL DEFAULT false',
    'ALTER TABLE channels ADD COLUMN photo_has_video boolean NOT NULL DEFAULT false',
  ],
};
