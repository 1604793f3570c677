import type * as mt from './generated/mt-types.ts';
import { MT_READERS, MT_WRITERS } from './generated/mt-codec.ts';
import { TlReader } from './tl-reader.ts';
import { TlWriter } from './tl-writer.ts';

/** Readers of the service schema, to create a {@link TlReader} with. */
export const SERVICE_READERS = new Map(MT_READERS);
/** Writers of the service schema, to create a {@link TlWriter} with. */
export const SERVICE_WRITERS = new Map(MT_WRITERS);

const writer = new TlWriter({ table: SERVICE_WRITERS });

/** Encodes a service constructor or method. `rpc_result.result` and `message.body` are raw bytes. */
export function mtEncode(value: mt.AnyService): Uint8Array {
  writer.reset();
  writer.boxed(value);
  return writer.take();
}

/** Decodes one service constructor or method; throws {@link TlError}, also when bytes are left over. */
export function mtDecode(bytes: Uint8Array): mt.AnyService {
  const reader = new TlReader(bytes, { table: SERVICE_READERS });
  const value = reader.boxed<mt.AnyService>();
  reader.checkEnd();
  return value;
}

/** Whether an id (signed or unsigned) belongs to the service schema; otherwise it belongs to the API. */
export function isServiceId(id: number): boolean {
  return SERVICE_READERS.has(id | 0);
}
