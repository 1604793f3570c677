import { OperatorError } from '@aerogram/runtime';

/** The database cannot be reached or does not take the work now; trying again later may succeed. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** A bounded queue in front of the database is full; trying again later may succeed. */
export class StorageOverloaded extends Error {
  override readonly name = 'StorageOverloaded';
}

/** The disk has no room for more: reading goes on, nothing is written until somebody makes room. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** The database was written by a newer program, or cannot be used for another lasting reason that the message says. */
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
  '25006', // read_only_sql_transaction: the address leads to a standby
]);

const DISK_FULL = '53100';

/** Messages of the driver that come without a code. */
const LOST = /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Client was closed/;

/** Whether the connection is lost or none can be made. */
export function isConnectionError(error: unknown): boolean {
  const code = codeOf(error);
  if (UNREACHABLE.has(code) || code.startsWith('08')) return true;
  return error instanceof Error && code === '' && LOST.test(error.message);
}

/** Whether the transaction lost a race and may simply be run again: serialization failure or deadlock. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** Whether a statement names a table that the database does not have. */
export function isMissingTable(error: unknown): boolean {
  return codeOf(error) === '42P01';
}

/** Errors that callers tell apart become types of their own, all others stay as they are. */
export function translateError(error: unknown): unknown {
  if (codeOf(error) === DISK_FULL) return new DiskFull('the disk of the database is full', { cause: error });
  if (!isConnectionError(error)) return error;
  return new DatabaseUnavailable('the database cannot be reached', { cause: error });
}
