import { METHOD_TYPE, TlReader, type tl } from '@aerogram/tl';
import { REQUEST_READERS } from './request-table.ts';

/**
 * Reads one request of any known layer, to its end, in its newest form. Wrappers (`invokeWithLayer`, …) keep the request inside.
 * Throws `UnknownConstructor` for an id of no known layer and `TlError` for malformed bytes.
 */
export function readRequest(source: Uint8Array | TlReader): tl.AnyMethod {
  const reader = source instanceof TlReader ? source : new TlReader(source, { table: REQUEST_READERS });
  const request = reader.boxed<tl.AnyMethod>(METHOD_TYPE);
  reader.checkEnd();
  return request;
}
