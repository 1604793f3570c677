export type * as tl from './generated/types/index.ts';
export type * as mt from './generated/mt-types.ts';
export { LAYER, METHODS } from './generated/methods.ts';
export { UPDATE_KINDS, type UpdateCount, type UpdateKind } from './generated/update-kinds.ts';
export { updateKind } from './update-kind.ts';
export { decode, encode, encodeResult } from './codec.ts';
export { readerRow, writerRow, type ReaderRow, type WriterRow } from './table-row.ts';
export { readResult, writeResult } from './result.ts';
export { isServiceId, mtDecode, mtEncode, SERVICE_READERS, SERVICE_WRITERS } from './service-codec.ts';
export { NOT_REPRESENTABLE, NotRepresentable, TlError, UnknownConstructor, type TlErrorReason } from './tl-error.ts';
export {
  ANY_TYPE, MAX_BYTES, MAX_DEPTH, METHOD_TYPE, NEWEST_READERS, type ReaderEntry, type ReaderTable, TlReader, type TlReaderOptions,
} from './tl-reader.ts';
export { NEWEST_WRITERS, TlWriter, type TlWriterOptions, type WriterEntry, type WriterTable } from './tl-writer.ts';
export { toJson } from './to-json.ts';
export { unpackData } from './unpack.ts';
