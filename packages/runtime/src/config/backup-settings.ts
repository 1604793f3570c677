import { durationSetting, intSetting, optionalTextSetting } from './setting-types.ts';

/** Backups that the running server makes by itself. */
export const BACKUP_SETTINGS = {
  backupDir: optionalTextSetting({
    env: 'AEROGRAM_BACKUP_DIR',
    doc: 'Directory, best on another disk, in which the server makes a backup of its embedded database, its keys and the files of users every AEROGRAM_BACKUP_EVERY, as `aerogram backup` does. Whoever reads it reads all messages. An external database is backed up with its own tools.',
  }),
  backupEveryMs: durationSetting({
    env: 'AEROGRAM_BACKUP_EVERY',
    default: '1d',
    minMs: 60_000,
    maxMs: 366 * 86_400_000,
    doc: 'How long after the last backup the next one is made.',
  }),
  backupKeep: intSetting({
    env: 'AEROGRAM_BACKUP_KEEP',
    default: 7,
    min: 1,
    max: 10_000,
    doc: 'How many backups AEROGRAM_BACKUP_DIR keeps; older ones are removed after a new one was made. There must be room for one more.',
  }),
} as const;
