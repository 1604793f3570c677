import { METHOD_TYPE, TlReader, type tl } from '@aerogram/tl';
import { REQUEST_READERS } from './request-table.ts';

/**
 * Reads one request of any known layer, to its end, in its newest form. Wrappers (`invokeWithLayer`, …) keep the request
 * inside. A method that only older layers have comes as it was, under a name such as `messages.getAllChats#875f74be`,
 * which no handler bears.
 * @param source bytes of the request, or a reader made with {@link REQUEST_READERS} that stands where it begins
 * @throws `UnknownConstructor` for an id of no known layer, `TlError` for malformed or left-over bytes
 */
export function readRequest(source: Uint8Array | TlReader): tl.AnyMethod {
  const reader = source instanceof TlReader ? source : new TlReader(source, { table: REQUEST_READERS });
  const request = reader.boxed<tl.AnyMethod>(METHOD_TYPE);
  reader.checkEnd();
  return request;
}
