import { NEWEST_READERS, type ReaderTable } from '@aerogram/tl';

/** Constructors of every known layer by id: a request is understood whatever layer its parts are from. */
export const REQUEST_READERS: ReaderTable = NEWEST_READERS;
