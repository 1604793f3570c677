import type { LastBackup } from '@aerogram/node';

const DAY_MS = 86_400_000;
/** Days after which a missing backup is told of, if none are scheduled more often. */
const BACKUP_DAYS = 3;
/** The server makes its first backup soon after its start: only after this long, in milliseconds, a missing one is told of. */
const FIRST_BACKUP_MS = 3_600_000;
/** Percent of the disk in use from which on the operator is told. */
const FULL_PERCENT = 90;

/** What `aerogram status` knows, and an operator may have to act on. */
export interface Situation {
  nowMs: number;
  isRunning: boolean;
  /** When the running server became ready; undefined if it is not. */
  readyMs: number | undefined;
  /** Schema versions of the database and of this program. */
  schema: { present: number; newest: number; isUsable: boolean };
  /** Backups; undefined if the database is an external one, whose backups are not known here. */
  backups: { last: LastBackup; scheduled: { everyMs: number } | undefined } | undefined;
  /** Share of the disk of the data directory that is in use. */
  diskPercent: number | undefined;
  /** Keys in the data directory that the running server does not have yet. */
  newKeys: number;
  /** Sentences about other faults: of calls, nodes, links, and of programs that the server needs. */
  problems: readonly string[];
  deadJobs: number;
  isArchiveFailing: boolean;
}

/** What the operator should do, the most urgent first; empty if there is nothing. Pure. */
export function listNextSteps(situation: Situation): string[] {
  const { isRunning, schema, diskPercent, newKeys, problems, deadJobs, isArchiveFailing } = situation;
  const steps: string[] = [];
  if (!schema.isUsable) steps.push(`the database is newer (schema ${schema.present}) than this program can use (${schema.newest}): run the newer program`);
  else if (schema.present < schema.newest) {
    steps.push(`the database schema is older (${schema.present}) than the program's (${schema.newest}): "aerogram migrate --check" says what is to be done, and starting the server, or "aerogram migrate", does it`);
  }
  if (diskPercent !== undefined && diskPercent >= FULL_PERCENT) steps.push(`the disk is ${diskPercent} % full: make room, because the server refuses writes when too little is free (AEROGRAM_MIN_FREE_BYTES)`);
  if (isArchiveFailing) steps.push('the log cannot be archived and fills the disk: see the log of the server, and AEROGRAM_WAL_ARCHIVE_DIR');
  steps.push(...adviseBackup(situation));
  if (newKeys > 0) steps.push(`a new key waits: the running server does not have ${newKeys === 1 ? 'it' : `${newKeys} of the keys`} yet; start it again`);
  steps.push(...problems);
  if (deadJobs > 0) steps.push(`${deadJobs} dead jobs are not tried any more: the lines "dead" say why`);
  if (!isRunning && schema.isUsable) steps.push('the server does not run: start it');
  return steps;
}

function adviseBackup({ backups, readyMs, nowMs }: Situation): string[] {
  if (backups === undefined) return [];
  const { last: { good, failure }, scheduled } = backups;
  if (failure !== undefined) return [`the backup of ${failure.at} failed: ${failure.reason}`];
  const how = scheduled === undefined ? '"aerogram backup DIR" makes one, and with AEROGRAM_BACKUP_DIR the server does it by itself' : 'see the log of the server';
  if (good === undefined && scheduled !== undefined && readyMs !== undefined && nowMs - readyMs < FIRST_BACKUP_MS) return [];
  if (good === undefined) return [`no backup was made yet: ${how}`];
  const ageMs = nowMs - Date.parse(good.finished_at);
  const mostMs = scheduled === undefined ? BACKUP_DAYS * DAY_MS : Math.max(BACKUP_DAYS * DAY_MS, 2 * scheduled.everyMs);
  return ageMs < mostMs ? [] : [`no backup for ${Math.floor(ageMs / DAY_MS)} days: ${how}`];
}
