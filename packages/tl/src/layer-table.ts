// Tables by which readers and writers find the function for a nested boxed value. One set of functions serves every
// layer: what differs between layers is which table the reader or writer was made with.
import { READERS } from './generated/readers.ts';
import { WRITERS } from './generated/writers.ts';
import type { ReaderEntry, WriterEntry } from './table-row.ts';

/** Signed constructor id → reader. */
export type ReaderTable = ReadonlyMap<number, ReaderEntry>;
/** Constructor or method name → writer. */
export type WriterTable = ReadonlyMap<string, WriterEntry>;

/** Any constructor is welcome. */
export const ANY_TYPE = 0;
/** Only a method is welcome. */
export const METHOD_TYPE = 1;

export const NEWEST_READERS: ReaderTable = new Map(READERS.flat());
export const NEWEST_WRITERS: WriterTable = new Map(WRITERS.flat());
