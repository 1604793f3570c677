import { TlBinaryReader, type TlReaderMap, TlBinaryWriter, type TlWriterMap } from '@mtcute/tl-runtime';

// The package does not export its codec, so it is loaded by its place.
const load = async (file: string): Promise<unknown> => await import(new URL(`binary/${file}`, import.meta.resolve('@mtcute/core/tl/api-schema.json')).href);
const { __tlReaderMap: readers } = (await load('reader.js')) as { __tlReaderMap: TlReaderMap };
const { __tlWriterMap: writers } = (await load('writer.js')) as { __tlWriterMap: TlWriterMap };

/** An object as the client of mtcute reads it when it was sent: flags that are not set are false, not undefined. Pure. */
export function asSent<Sent extends { _: string }>(object: Sent): Sent {
  return TlBinaryReader.deserializeObject<Sent>(readers, TlBinaryWriter.serializeObject(writers, object));
}
