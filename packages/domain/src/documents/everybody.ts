/** Access hashes of documents and photos are the same for everybody, so that a post can be encoded once for all its viewers. */
export const EVERYBODY = 0n;
