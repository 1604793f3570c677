/** Turns a peer that a client names into a row that it may use. */
export { type AccessUser, createAccessUser } from './access-user.ts';
export { accessDialogPeer, type AccessInputPeer, createAccessInputPeer, type ResolvedPeer } from './resolved-peer.ts';
