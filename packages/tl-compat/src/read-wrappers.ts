import { METHOD_TYPE, METHODS, TlReader, type ReaderEntry, type tl } from '@aerogram/tl';
import { REQUEST_READERS } from './request-table.ts';

const WRAPPERS: ReadonlySet<number> = new Set(Object.values(METHODS).flatMap(({ id, result }) => (result === 'X' ? [id] : [])));

/** Stands for the query that cannot be read: no handler bears this name. */
const unread: ReaderEntry = {
  type: METHOD_TYPE,
  read: (r) => {
    r.rest();
    return { _: 'unread' };
  },
};

/** Wrappers and what stands in them besides the query; any other id begins a query. */
class WrapperReaders extends Map<number, ReaderEntry> {
  override get(id: number): ReaderEntry {
    const entry = REQUEST_READERS.get(id);
    return entry && (entry.type !== METHOD_TYPE || WRAPPERS.has(id)) ? entry : unread;
  }
}

const table = new WrapperReaders();

/**
 * Reads the `invokeWith…` and `initConnection` wrappers of a request that {@link readRequest} refuses, perhaps because it is
 * of a newer layer: what they say about the connection holds all the same. The innermost query is `unread`.
 * @throws `TlError` where the wrappers themselves are malformed
 */
export function readWrappers(bytes: Uint8Array): tl.AnyMethod {
  return new TlReader(bytes, { table }).boxed<tl.AnyMethod>(METHOD_TYPE);
}
