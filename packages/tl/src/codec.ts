import type * as tl from './generated/types/index.ts';
import { METHODS } from './generated/methods.ts';
import { writeResult } from './result.ts';
import { TlError } from './tl-error.ts';
import { ANY_TYPE, TlReader } from './tl-reader.ts';
import { TlWriter } from './tl-writer.ts';

const writer = new TlWriter();

/** Encodes a constructor or method in the newest layer. Throws {@link TlError} for values out of range. */
export function encode(value: tl.AnyObject | tl.AnyMethod): Uint8Array {
  writer.reset();
  writer.boxed(value);
  return writer.take();
}

/** Decodes one constructor or method of the newest layer; throws {@link TlError}, also when bytes are left over. */
export function decode(bytes: Uint8Array): tl.AnyObject | tl.AnyMethod {
  const reader = new TlReader(bytes);
  const value = reader.boxed<tl.AnyObject | tl.AnyMethod>(ANY_TYPE);
  reader.checkEnd();
  return value;
}

/** Encodes the result of a method in the newest layer, including results that are not boxed (`Bool`, `Vector<int>`). */
export function encodeResult<M extends keyof tl.RpcMethods>(method: M, value: tl.RpcMethods[M]['res']): Uint8Array {
  writer.reset();
  try {
    writeResult(writer, METHODS[method].result, value);
  } catch (error) {
    if (error instanceof TlError) error.writtenBytes = writer.pos;
    throw error;
  }
  return writer.take();
}
