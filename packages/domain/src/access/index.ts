/** Resolves the peers in client requests to rows and checks the right to use them. */
export { type AccessPeers, createAccessPeers, NAMES_PEER, type NamingMessage } from './access-peers.ts';
export type { AccessUser } from './access-user.ts';
export {
  accessDialogPeer,
  type AccessInputPeer,
  inputPeerOf,
  type BoxPeer,
  type ResolvedChannel,
  type ResolvedChat,
  type ResolvedPeer,
  type ResolvedUser,
} from './resolved-peer.ts';
