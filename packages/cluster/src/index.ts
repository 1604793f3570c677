export { type DcMap, createDcMap } from './dc-map.ts';
export { ID_BOUNDS, type IdKind, SERVICE_USER_IDS, isIdInBounds } from './id-bounds.ts';
export { allocateChannelId, allocateChatId, allocateUserId, homeDcOf, randomUserId } from './ids.ts';
export { type Generation, KeyShares } from './key-shares.ts';
export { ownerOf } from './owners.ts';
export type { Owners } from './owners-of-keys.ts';
export { newPresentedId, newPresentedToken } from './presented.ts';
export { CHANNEL_OFFSET, type PeerLike, isMarkedChannel, isMarkedChat, isMarkedUser, markNamedPeer, markPeer, unmarkNamedPeer, unmarkPeer } from './marked-peer.ts';
