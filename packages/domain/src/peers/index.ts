/** Basics of peers: user rows, access hashes, normalised phone numbers, checked names, and the set of peers that an answer mentions. */
export { type AccessHashes, loadAccessHashes } from './access-hash.ts';
export { otherBoxOf } from './other-box.ts';
export { checkedAbout, checkedNames, checkUsername, cleanLine, NAME_MAX } from './check-name.ts';
export { ACTION_PEERS, MEDIA_PEERS } from './content-peers.ts';
export { markedOffsetPeer } from './offset-peer.ts';
export { PeerSet } from './peer-set.ts';
export { type ColorColumns, type MarkColumns, type PhotoColumns, photoColumns, type StatusColumns, toldEmojiStatus, projectColor, projectEmojiStatus, projectMainTab, projectMarks, projectPeerPhoto } from './peer-looks.ts';
export { countryOf, findNormalPhone, normalizePhone, testCodeOf } from './phone-number.ts';
export { createPeerProjector, type NamedPeers, type PeerProjector } from './project-peers.ts';
export { loadSecretKeys, type SecretKeyDeps } from './secret-key-store.ts';
export { BOT_FATHER_ID, REPLIES_CHAT_ID, SERVICE_CHAT_ID } from './service-user-ids.ts';
export { findUserRows, type UserRow } from './user-row.ts';
