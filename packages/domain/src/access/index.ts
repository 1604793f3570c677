/** Resolves a peer in a client's request to a row that the client may use. */
export { type AccessUser, createAccessUser } from './access-user.ts';
export { accessDialogPeer, type AccessInputPeer, createAccessInputPeer, type ResolvedPeer } from './resolved-peer.ts';
