import { OperatorError } from '@aerogram/runtime';

/** The database cannot be reached or does not accept work now; a later retry may succeed. */
export class DatabaseUnavailable extends Error {
  override readonly name: string = 'DatabaseUnavailable';
}

/** The connection was lost during a COMMIT, and the database could not be asked in time whether it took effect. */
export class OutcomeUnknown extends DatabaseUnavailable {
  override readonly name = 'OutcomeUnknown';

  constructor(options: ErrorOptions) {
    super('the outcome of a transaction cannot be found out', options);
  }
}

/** A bounded queue in front of the database is full; a later retry may succeed. */
export class StorageOverloaded extends Error {
  override readonly name = 'StorageOverloaded';
}

/** The disk is full: reads continue, and nothing is written until there is space again. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** The connection leads to a standby, to a former primary, or to one that is not noted yet. */
export class OtherPrimary extends DatabaseUnavailable {
  override readonly name = 'OtherPrimary';
}

/** The database has committed, but has not waited for its standby: if another server becomes the primary, nothing was committed. */
export class CommitUnconfirmed extends Error {
  override readonly name = 'CommitUnconfirmed';

  constructor() {
    super('the wait for the standby was broken off at COMMIT');
  }
}

/** The database was written by a newer version of the program, or is unusable for another permanent reason given in the message. */
export class DatabaseUnusable extends OperatorError {
  override name = 'DatabaseUnusable';
}

/** The SQLSTATE or system error code of an error, if it has one. */
function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

const UNREACHABLE = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '25006', // read_only_sql_transaction: the address belongs to a standby
]);

const DISK_FULL = '53100';

/** Messages of errors that the driver throws without a code. */
const LOST = /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Client was closed/;

/** Whether the error means that the connection was lost or could not be made, or does not lead to the primary. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof OtherPrimary) return true;
  const code = codeOf(error);
  if (UNREACHABLE.has(code) || code.startsWith('08')) return true;
  return error instanceof Error && code === '' && LOST.test(error.message);
}

/** Whether the pool gave no connection in time. */
export const isPoolTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'timeout exceeded when trying to connect';

/** Whether the transaction failed with a serialization failure or deadlock and can be run again. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** Whether the database has ended a statement because it waited for a lock, or ran, for longer than it may. */
export function isWaitLimit(error: unknown): boolean {
  const code = codeOf(error);
  return code === '55P03' || code === '57014';
}

/** The classes of SQLSTATE whose errors say nothing of the statement: lost connections, conflicts, resources that ran out, intervention, faults of the system. */
const CLASSES_THAT_PASS = new Set(['08', '40', '53', '57', '58']);
/** The session was idle in a transaction, or waited for a lock, for longer than it may. */
const CODES_THAT_PASS = new Set(['25P03', '55P03']);

/** Whether the same statements may work later: the database was too slow, too busy or not well. */
export function isPassingFault(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseUnusable || error instanceof DiskFull || error instanceof StorageOverloaded) return true;
  const code = codeOf(error);
  return isConnectionError(error) || (code.length === 5 && CLASSES_THAT_PASS.has(code.slice(0, 2))) || CODES_THAT_PASS.has(code);
}

/** Whether a text has a character that PostgreSQL does not store: NUL, as it is or escaped in JSON. Texts of clients may have it. */
export function isTextRefused(error: unknown): boolean {
  const code = codeOf(error);
  return code === '22021' || code === '22P05';
}

/** Whether a statement refers to a table that does not exist. */
export function isMissingTable(error: unknown): boolean {
  return codeOf(error) === '42P01';
}

/** Turns errors that callers handle differently into their own types; returns all others unchanged. */
export function translateError(error: unknown): unknown {
  if (codeOf(error) === DISK_FULL) return new DiskFull('the disk of the database is full', { cause: error });
  if (!isConnectionError(error)) return error;
  return new DatabaseUnavailable('the database cannot be reached', { cause: error });
}
