import { METHOD_TYPE, NEWEST_READERS, readerRow, TlError, TlReader, type ReaderTable, unpackData } from '@aerogram/tl';
import { OLD_READERS } from './generated/old-readers.ts';

const GZIP_PACKED = 0x3072cfa1;
/** Maximum length of an unpacked request in bytes, the same as of a packet. The largest requests are file parts, with 512 KiB. */
const MAX_UNPACKED = 1 << 20;

const plain: ReaderTable = new Map([...NEWEST_READERS, ...OLD_READERS]);

/** TDLib packs the query inside `initConnection` and leaves the wrappers unpacked, so a query may be `gzip_packed`; but not twice. */
function readPacked(r: TlReader): object {
  const unpacked = unpackData(r.bytes(), MAX_UNPACKED, (id) => plain.has(id));
  if (!unpacked) throw new TlError('bad_value', 'gzip_packed');
  const inner = new TlReader(unpacked, { table: plain });
  const request = inner.boxed(METHOD_TYPE);
  inner.checkEnd();
  return request;
}

/** Constructors of all known layers by id: a request may contain parts of any layer. */
export const REQUEST_READERS: ReaderTable = new Map([...plain, readerRow(GZIP_PACKED, METHOD_TYPE, readPacked)]);
