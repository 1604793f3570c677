export { ID_BOUNDS, type IdKind, SERVICE_USER_IDS, isIdInBounds } from './id-bounds.ts';
export { allocateChannelId, allocateChatId, allocateUserId, homeDcOf, isChannelId, randomUserId } from './ids.ts';
export { type Generation, KeyShares } from './key-shares.ts';
export { dcOfPeer, memberDcOf, HomeAway, type HomeAnswerer, type HomeListener, type OtherHomes, UnknownKind } from './other-homes.ts';
export { ownerOf } from './owners.ts';
export type { Owners } from './owners-of-keys.ts';
export { newPresentedId, newPresentedToken } from './presented.ts';
export { CHANNEL_OFFSET, type PeerLike, isMarkedChannel, isMarkedChat, isMarkedUser, markNamedPeer, markPeer, unmarkNamedPeer, unmarkPeer } from './marked-peer.ts';
