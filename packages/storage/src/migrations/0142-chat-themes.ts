import type { Migration } from './migration.ts';

/**
 * The themes of private chats stand beside their wallpapers. Names of sticker sets that were deleted are held for a while, as usernames are. Of a photo or file it is noted
 * of which sets stickers were put on it. Operators list sets in the search.
 */
export const migration: Migration = {
  number: 142,
  subject: 'chat themes',
  statements: [
    'ALTER TABLE chat_wallpapers ADD COLUMN theme text',
    `CREATE TABLE left_set_names (
       name_key text NOT NULL PRIMARY KEY,
       creator_id int8 NOT NULL,
       free_date int NOT NULL
     )`,
    'CREATE INDEX left_set_names_by_creator ON left_set_names (creator_id)',
    'ALTER TABLE documents ADD COLUMN attached_sets int8[]',
    'ALTER TABLE sticker_sets ADD COLUMN listed_date int',
    'CREATE INDEX sticker_sets_listed ON sticker_sets (listed_date DESC) WHERE listed_date IS NOT NULL',
  ],
};
