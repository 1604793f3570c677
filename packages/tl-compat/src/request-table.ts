import { METHOD_TYPE, NEWEST_READERS, readerRow, TlError, TlReader, type ReaderTable, unpackData } from '@aerogram/tl';
import { OLD_READERS } from './generated/old-readers.ts';

const GZIP_PACKED = 0x3072cfa1;
/** Largest request, in bytes, that a packed one may unfold to: a packet's. Parts of files, the largest there are, have 512 KiB. */
const MAX_UNPACKED = 1 << 20;

const plain: ReaderTable = new Map([...NEWEST_READERS, ...OLD_READERS]);

/** TDLib packs the query inside `initConnection` and leaves the wrappers as they are, so a query may be `gzip_packed`. Once: no packets in packets. */
function readPacked(r: TlReader): object {
  const unpacked = unpackData(r.bytes(), MAX_UNPACKED, (id) => plain.has(id));
  if (!unpacked) throw new TlError('bad_value', 'gzip_packed');
  const inner = new TlReader(unpacked, { table: plain });
  const request = inner.boxed(METHOD_TYPE);
  inner.checkEnd();
  return request;
}

/** Constructors of every known layer by id: a request is understood whatever layer its parts are from. */
export const REQUEST_READERS: ReaderTable = new Map([...plain, readerRow(GZIP_PACKED, METHOD_TYPE, readPacked)]);
