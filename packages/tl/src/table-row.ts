import type { TlReader } from './tl-reader.ts';
import type { TlWriter } from './tl-writer.ts';

export interface ReaderEntry {
  /** Number of the boxed type (or 1: a method), compared with what the field wants. */
  readonly type: number;
  /** Reads the fields after the id. */
  readonly read: (r: TlReader) => object;
}

export interface WriterEntry {
  /** Constructor id, signed; written before the fields. */
  readonly id: number;
  /** Writes the fields. The parameter is `never` because each function takes its own constructor only. */
  readonly write: (w: TlWriter, o: never) => void;
}

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
