import type { Migration } from './migration.ts';

/** Wallpapers that users have uploaded, and the lists of wallpapers that they have saved. */
export const migration: Migration = {
  number: 75,
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
  ],
};
