import { METHOD_TYPE, TlReader, type tl } from '@aerogram/tl';
import { REQUEST_READERS } from './request-table.ts';

/**
 * Decodes one request of any known layer completely, into its newest form. Wrappers (`invokeWithLayer`, …) contain the request. A method
 * that only older layers have keeps its old form, with a name such as `messages.getAllChats#875f74be`, which has no handler.
 * @param source bytes of the request, or a reader created with {@link REQUEST_READERS} and positioned at its start
 * @throws `UnknownConstructor` for an id that no known layer has, `TlError` for malformed or left-over bytes
 */
export function readRequest(source: Uint8Array | TlReader): tl.AnyMethod {
  const reader = source instanceof TlReader ? source : new TlReader(source, { table: REQUEST_READERS });
  const request = reader.boxed<tl.AnyMethod>(METHOD_TYPE);
  reader.checkEnd();
  return request;
}
