import { NEWEST_READERS, type ReaderTable } from '@aerogram/tl';
import { OLD_READERS } from './generated/old-readers.ts';

/** Constructors of every known layer by id: a request is understood whatever layer its parts are from. */
export const REQUEST_READERS: ReaderTable = new Map([...NEWEST_READERS, ...OLD_READERS]);
