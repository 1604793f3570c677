import type { Config } from './load-config.ts';
import { SETTINGS } from './settings.ts';

/** Settings about the embedded database, which mean nothing for an external one. */
const OF_THE_EMBEDDED = ['walArchiveDir', 'walArchiveDays', 'backupDir', 'backupEveryMs', 'backupKeep', 'ballastBytes'] as const satisfies readonly (keyof typeof SETTINGS)[];

/** Settings of the free disk space, which with an external database guard the files of users only. */
const OF_THE_DISK = ['minFreeBytes', 'minFreePercent'] as const satisfies readonly (keyof typeof SETTINGS)[];

/** Settings that were set although they do not apply, or only in part. */
export interface IdleSettings {
  /** Variables that mean nothing with an external database. */
  idle: string[];
  /** Variables that do not guard an external database, but files only. */
  filesOnly: string[];
}

/** Which settings that differ from their defaults do not apply, because the database is an external one. */
export function findIdleSettings(config: Config): IdleSettings {
  if (config.databaseUrl === undefined) return { idle: [], filesOnly: [] };
  const listSet = (names: readonly (keyof Config & keyof typeof SETTINGS)[]): string[] => names.filter((name) => isSet(name, config)).map((name) => SETTINGS[name].env);
  return { idle: listSet(OF_THE_EMBEDDED), filesOnly: listSet(OF_THE_DISK) };
}

function isSet(name: keyof Config & keyof typeof SETTINGS, config: Config): boolean {
  const { defaultText, parse } = SETTINGS[name];
  return config[name] !== (defaultText === undefined ? undefined : parse(defaultText));
}
