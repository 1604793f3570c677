import { type Database, defineStatement } from '@aerogram/storage';

const countAll = defineStatement<{ blobs: bigint; bytes: bigint; documents: bigint; references: bigint; released: bigint; strays: bigint; faults: bigint; unread: bigint; deleted: bigint; blocked: bigint; oldest: number | null }>(
  'count_files',
  `SELECT (SELECT count(*) FROM blobs WHERE deleted_date IS NULL) AS blobs, (SELECT coalesce(sum(size), 0)::bigint FROM blobs WHERE deleted_date IS NULL) AS bytes, (SELECT count(*) FROM documents) AS documents,
          (SELECT count(*) FROM document_uses) AS "references", (SELECT count(DISTINCT document_id) FROM file_releases) AS released,
          (SELECT count(*) FROM stray_blobs) AS strays, (SELECT count(*) FROM blobs WHERE fault IS NOT NULL) AS faults, (SELECT count(*) FROM blobs WHERE tried_date > 0) AS unread,
          (SELECT count(*) FROM blobs WHERE deleted_date IS NOT NULL) AS deleted, (SELECT count(*) FROM blocked_blobs) AS blocked,
          (SELECT min(checked_date) FROM blobs WHERE deleted_date IS NULL) AS oldest`,
);

/** Numbers about all files. */
export interface FileNumbers {
  blobs: number;
  bytes: number;
  documents: number;
  /** How often messages, and lists that users keep, refer to documents. */
  references: number;
  /** Documents that are new or have lost a reference, so that they may have none. */
  released: number;
  /** Blobs in the store that have no row. */
  strays: number;
  /** Blobs whose last check found a fault. */
  faults: number;
  /** Blobs that could not be read when they were last to be checked. */
  unread: number;
  /** Blobs that operators have deleted although documents refer to them. */
  deleted: number;
  /** Content that operators have blocked. */
  blocked: number;
  /** Unix seconds since when every blob was checked or uploaded; undefined without blobs. */
  checkedSince: number | undefined;
}

/** Counts files. It reads all rows about files. */
export async function countFiles(db: Pick<Database, 'run'>): Promise<FileNumbers> {
  const { oldest, ...counts } = (await db.run(countAll, [])).rows[0]!;
  const numbers = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)])) as Record<keyof typeof counts, number>;
  return { ...numbers, checkedSince: oldest ?? undefined };
}
