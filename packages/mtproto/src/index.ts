export type { AuthKeyRecord, AuthKeyStore, CreatedKey } from './auth-key-store.ts';
export { type Binding, verifyBinding } from './session/bind-temp-key.ts';
export {
  type AuthKey, createAuthKey, type DecryptedMessage, decryptMessage, encryptMessage, isSealed, LONG_PACKET_BYTES, type OutgoingPacket, packetKeyId, readOpened,
  sealHere, type UnsealedPacket,
} from './session/envelope.ts';
export { FREED_FROM_BYTES, freeBytes } from '@aerogram/crypto';
export { badMessage, refuseMessage } from './session/message-checks.ts';
export { DEFAULT_SESSION_LIMITS, type SessionLimits } from './session/outbox.ts';
export type { UpdateWatch } from './session/update-watch.ts';
export { packBeside } from './session/gzip.ts';
export { KeySalts, SaltSource } from './session/salts.ts';
export type { AwaitedMessages, MessageFate } from './session/awaited-messages.ts';
export { idsOfRefused, RefusedMessages } from './session/refused-messages.ts';
export { ServerMessageIds } from './session/server-message-ids.ts';
export type { Receipt } from './session/reading.ts';
export { ServerSession, type ServerSessionOptions } from './session/server-session.ts';
export type { SessionEvent } from './session/session-event.ts';
export { SessionLink } from './session/session-link.ts';
export * from './transport/index.ts';
export * from './handshake/index.ts';
export { createCryptoPool, type CryptoPool, type CryptoPoolOptions } from './crypto-pool/crypto-pool.ts';
export { createPacketPool, type PacketCrypto, type PacketPool, PacketPoolClosed, type PacketPoolOptions } from './crypto-pool/packet-pool.ts';
