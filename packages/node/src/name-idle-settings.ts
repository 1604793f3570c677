import { type Config, findIdleSettings, type Logger } from '@aerogram/runtime';

/** Tells the operator which settings do nothing, or less than they seem to, because the database is an external one. */
export function nameIdleSettings(config: Config, log: Logger): void {
  const { idle, filesOnly } = findIdleSettings(config);
  if (idle.length > 0) {
    log.warn({ settings: idle }, `${idle.join(', ')}: about the embedded database only. The one at AEROGRAM_DATABASE_URL is backed up, archived and watched by its own tools (docs/operations.md)`);
  }
  if (filesOnly.length > 0) {
    log.warn({ settings: filesOnly }, `${filesOnly.join(', ')}: about the files of users in the data directory only. The disk of the database at AEROGRAM_DATABASE_URL is not known here: watch it where it is`);
  }
}
