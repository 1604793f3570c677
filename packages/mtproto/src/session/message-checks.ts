import { mtEncode } from '@aerogram/tl';
import type { DecryptedMessage } from './envelope.ts';
import type { KeySalts } from './salts.ts';

/** Why a message was ignored. @see https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message */
export type BadMessageCode = 16 | 17 | 18 | 19 | 20 | 32 | 33 | 34 | 35 | 64;

const MAX_AGE_S = 300;
const MAX_AHEAD_S = 30;

/** Encodes `bad_msg_notification`. */
export function badMessage(msgId: bigint, seqNo: number, code: BadMessageCode): Uint8Array {
  return mtEncode({ _: 'bad_msg_notification', bad_msg_id: msgId, bad_msg_seqno: seqNo, error_code: code });
}

/** Returns 18 when a client's msg_id is not divisible by 4, and 17 when it is more than 30 s ahead. Also applies inside containers. */
export function msgIdError(msgId: bigint, nowMs: number): 17 | 18 | undefined {
  if ((msgId & 3n) !== 0n) return 18;
  return isAhead(msgId, nowMs) ? 17 : undefined;
}

function isAhead(msgId: bigint, nowMs: number): boolean {
  return Number(msgId >> 32n) > nowMs / 1000 + MAX_AHEAD_S;
}

/**
 * The checks of a packet that need no session: the salt, then the msg_id against the clock. A message inside a container may be older than
 * 300 s, but not the packet's own.
 * A message refused because it comes too early (17, or with a salt that is not valid yet) must not be accepted later either: its client
 * sends it again with another msg_id, and a recording of it would run a second time. Therefore its salt is made invalid, which avoids
 * having to remember the message.
 * @returns the refusal to send, or undefined when the packet may go to its session.
 */
export function refuseMessage(message: DecryptedMessage, salts: KeySalts, nowMs: number): Uint8Array | undefined {
  const { msgId, seqNo } = message;
  if (!salts.accepts(message.salt, nowMs)) {
    if (salts.isYetToCome(message.salt, nowMs, isAhead(msgId, nowMs))) salts.renew(nowMs);
    return mtEncode({ _: 'bad_server_salt', bad_msg_id: msgId, bad_msg_seqno: seqNo, error_code: 48, new_server_salt: salts.current(nowMs) });
  }
  const code = msgIdError(msgId, nowMs) ?? (Number(msgId >> 32n) < nowMs / 1000 - MAX_AGE_S ? 16 : undefined);
  if (code === 17) salts.renew(nowMs);
  return code === undefined ? undefined : badMessage(msgId, seqNo, code);
}
