import type { ReaderEntry } from './tl-reader.ts';
import type { WriterEntry } from './tl-writer.ts';

export type ReaderRow = readonly [id: number, entry: ReaderEntry];
export type WriterRow = readonly [name: string, entry: WriterEntry];

/** A row of a generated table of readers. */
export function readerRow(id: number, type: number, read: ReaderEntry['read']): ReaderRow {
  return [id, { type, read }];
}

/** A row of a generated table of writers. */
export function writerRow(name: string, id: number, write: WriterEntry['write']): WriterRow {
  return [name, { id, write }];
}
