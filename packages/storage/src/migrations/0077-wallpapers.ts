import type { Migration } from './migration.ts';

/** Wallpapers that users have uploaded, the lists of wallpapers that they have saved, and the wallpapers of private chats. */
export const migration: Migration = {
  number: 77,
  subject: 'wallpapers',
  statements: [
    `CREATE TABLE wallpapers (
       wallpaper_id bigint PRIMARY KEY,
       slug text NOT NULL UNIQUE,
       creator_id bigint NOT NULL,
       document_id bigint NOT NULL UNIQUE,
       is_pattern boolean NOT NULL,
       settings bytea,
       created_date integer NOT NULL)`,
    `CREATE TABLE saved_wallpapers (
       owner_id bigint NOT NULL,
       wallpaper_id bigint NOT NULL,
       position bigint NOT NULL,
       is_hidden boolean NOT NULL DEFAULT false,
       settings bytea,
       PRIMARY KEY (owner_id, wallpaper_id))`,
    `CREATE TABLE chat_wallpapers (
       owner_id bigint NOT NULL,
       peer_id bigint NOT NULL,
       body bytea,
       document_id bigint,
       is_overridden boolean NOT NULL,
       earlier_body bytea,
       earlier_document_id bigint,
       PRIMARY KEY (owner_id, peer_id))`,
  ],
};
