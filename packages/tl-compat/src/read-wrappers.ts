import { METHOD_TYPE, METHODS, TlReader, type ReaderEntry, type tl } from '@aerogram/tl';
import { REQUEST_READERS } from './request-table.ts';

const WRAPPERS: ReadonlySet<number> = new Set(Object.values(METHODS).flatMap(({ id, result }) => (result === 'X' ? [id] : [])));

/** Placeholder for the query that cannot be read; no handler has this name. */
const unread: ReaderEntry = {
  type: METHOD_TYPE,
  read: (r) => {
    r.rest();
    return { _: 'unread' };
  },
};

/** Readers of the wrappers and their content except the query; any other id starts a query. */
class WrapperReaders extends Map<number, ReaderEntry> {
  override get(id: number): ReaderEntry {
    const entry = REQUEST_READERS.get(id);
    return entry && (entry.type !== METHOD_TYPE || WRAPPERS.has(id)) ? entry : unread;
  }
}

const table = new WrapperReaders();

/**
 * Decodes the `invokeWith…` and `initConnection` wrappers of a request that {@link readRequest} refuses, perhaps because it belongs to a
 * newer layer: their information about the connection is valid all the same. The innermost query becomes `unread`.
 * @throws `TlError` if the wrappers are malformed
 */
export function readWrappers(bytes: Uint8Array): tl.AnyMethod {
  return new TlReader(bytes, { table }).boxed<tl.AnyMethod>(METHOD_TYPE);
}
