export type * as tl from './generated/types/index.ts';
export type * as mt from './generated/mt-types.ts';
export { LAYER, METHODS } from './generated/methods.ts';
export { UPDATE_KINDS, type UpdateCount, type UpdateKind } from './generated/update-kinds.ts';
export { updateKind } from './update-kind.ts';
export { decode, encode, encodeResult } from './codec.ts';
export {
  ANY_TYPE, METHOD_TYPE, NEWEST_READERS, NEWEST_WRITERS, type ReaderTable, type WriterTable,
} from './layer-table.ts';
export { readerRow, writerRow, type ReaderEntry, type ReaderRow, type WriterEntry, type WriterRow } from './table-row.ts';
export { readResult, writeResult } from './result.ts';
export { isServiceId, mtDecode, mtEncode, SERVICE_READERS, SERVICE_WRITERS } from './service-codec.ts';
export { NOT_REPRESENTABLE, NotRepresentable, TlError, UnknownConstructor, type TlErrorReason } from './tl-error.ts';
export { MAX_BYTES, MAX_DEPTH, TlReader, type TlReaderOptions } from './tl-reader.ts';
export { TlWriter, type TlWriterOptions } from './tl-writer.ts';
