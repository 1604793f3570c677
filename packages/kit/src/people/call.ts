import { METHOD_TYPE, type tl, TlError, TlReader, TlWriter, toJson } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import { invokeNoting } from './groups.ts';
import type { Person } from './person.ts';

/**
 * Calls a method of the MTProto API that is given as JSON: `_` names the method and each object in it, longs are decimal texts, bytes are base64.
 * @returns the result in the same form
 * @throws KitError `invalid` for a request that the schema does not allow, `refused`
 */
export async function callMethod(person: Person, request: Record<string, unknown>): Promise<unknown> {
  return toJson(await invokeNoting(person, readRequest(request)));
}

/** Makes a request of JSON by its bytes, so that it contains what the schema names and nothing else. Pure. @throws KitError `invalid` */
export function readRequest(request: Record<string, unknown>): tl.AnyMethod {
  try {
    const writer = new JsonWriter();
    writer.boxed(request as never);
    const reader = new TlReader(writer.take());
    const method = reader.boxed<tl.AnyMethod>(METHOD_TYPE);
    reader.checkEnd();
    return method;
  } catch (error) {
    // A field that is missing or of another kind makes a TypeError, and one that is nested too deeply a RangeError.
    if (!(error instanceof TlError || error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new KitError('invalid', `The request ${JSON.stringify(String(request['_']).slice(0, 64))} does not fit the schema: ${error.message}`);
  }
}

/** Writes objects whose longs and bytes are texts. */
class JsonWriter extends TlWriter {
  override long(value: bigint | string): void {
    if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) throw new TypeError('a long is not a decimal text');
    super.long(BigInt(value));
  }

  override bytes(value: Uint8Array | string): void {
    super.bytes(readBytes(value));
  }

  override int128(value: Uint8Array | string): void {
    super.int128(readBytes(value));
  }

  override int256(value: Uint8Array | string): void {
    super.int256(readBytes(value));
  }

  override string(value: string): void {
    if (typeof value !== 'string') throw new TypeError('a string is not a text');
    super.string(value);
  }
}

function readBytes(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new TypeError('bytes are not a base64 text');
  return Buffer.from(value, 'base64');
}
