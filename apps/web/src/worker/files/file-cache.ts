import type { Database } from '../store/database.ts';
import { blobOf, type KeptBlob, keepBlob } from '../store/kept-blob.ts';

/** A loaded file in the database. */
interface FileRow {
  kept: KeptBlob;
  /** Milliseconds since 1970. */
  used: number;
}

/** Bytes of all kept files together. */
const KEPT_BYTES = 200 * 1024 * 1024;
/** A longer file is not kept: it would drive out nearly everything else. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** How long a file may stand unused before its date is written again, in milliseconds. */
const USED_STEP_MS = 3_600_000;

/** Files that were loaded before. Those that were not used for the longest time make room for others. */
export class FileCache {
  readonly #database: Database;
  readonly #keptBytes: number;
  #rows: Promise<Map<string, { bytes: number; used: number }>> | undefined;

  constructor(database: Database, keptBytes = KEPT_BYTES) {
    this.#database = database;
    this.#keptBytes = keptBytes;
  }

  /** Length and date of all kept files, read once. */
  async #list(): Promise<Map<string, { bytes: number; used: number }>> {
    this.#rows ??= (async () => {
      const [rows, keys] = await Promise.all([this.#database.list<FileRow>('files'), this.#database.listKeys('files')]);
      return new Map(rows.map(({ kept, used }, index) => [keys[index] as string, { bytes: kept.bytes.byteLength, used }]));
    })();
    return await this.#rows;
  }

  async get(key: string): Promise<Blob | undefined> {
    const row = await this.#database.get<FileRow>('files', key);
    if (row && Date.now() - row.used > USED_STEP_MS) {
      const used = Date.now();
      this.#database.put('files', key, { ...row, used } satisfies FileRow);
      const noted = (await this.#list()).get(key);
      if (noted) noted.used = used;
    }
    return row && blobOf(row.kept);
  }

  async put(key: string, blob: Blob): Promise<void> {
    if (blob.size > FILE_BYTES_MAX) return;
    const [rows, kept] = await Promise.all([this.#list(), keepBlob(blob)]);
    const used = Date.now();
    rows.set(key, { bytes: blob.size, used });
    let sum = [...rows.values()].reduce((total, { bytes }) => total + bytes, 0);
    for (const [old, { bytes }] of [...rows].sort(([, first], [, second]) => first.used - second.used)) {
      if (sum <= this.#keptBytes) break;
      if (old === key) continue;
      rows.delete(old);
      sum -= bytes;
      this.#database.delete('files', old);
    }
    this.#database.put('files', key, { kept, used } satisfies FileRow);
    await this.#database.flush();
  }

  /** Forgets one file, which turned out to be damaged. */
  async drop(key: string): Promise<void> {
    (await this.#list()).delete(key);
    this.#database.delete('files', key);
  }
}
