import type { ReceivedWindow } from './received-window.ts';
import type { RequestLog } from './request-log.ts';

const FORGOTTEN = 1;
const NOT_RECEIVED = 2;
const TOO_HIGH = 3;
const RECEIVED = 4;
const NEEDS_NO_ACK = 16;
const IS_REQUEST = 32;
const IS_ANSWERED = 64;

/**
 * The state bytes of client messages, as sent in `msgs_state_info`.
 * @see https://core.telegram.org/mtproto/service_messages_about_messages#informational-message-regarding-status-of-messages
 */
export function messageStates(msgIds: readonly bigint[], window: ReceivedWindow, requests: RequestLog): Uint8Array {
  // `Uint8Array.from` would take ten times as long, and a packet may ask about thousands of messages.
  const states = new Uint8Array(msgIds.length);
  for (let i = 0; i < states.length; i++) states[i] = messageState(msgIds[i]!, window, requests);
  return states;
}

/** The state byte of one client message. */
export function messageState(msgId: bigint, window: ReceivedWindow, requests: RequestLog): number {
  const verdict = window.verdict(msgId);
  if (verdict === 'too-old') return FORGOTTEN;
  if (verdict === 'new') return msgId > window.highest ? TOO_HIGH : NOT_RECEIVED;
  const entry = requests.find(msgId);
  if (!entry) return window.isContent(msgId) ? RECEIVED : RECEIVED | NEEDS_NO_ACK;
  return entry.state === 'running' || entry.state === 'dropped' ? RECEIVED | IS_REQUEST : RECEIVED | IS_REQUEST | IS_ANSWERED;
}

/** Whether a state byte sent by the client means that it has the message. */
export function isReceivedState(state: number): boolean {
  return (state & 7) === RECEIVED;
}

/** Whether a state byte sent by the client means that it lacks the message. */
export function isMissingState(state: number): boolean {
  return (state & 7) === NOT_RECEIVED || (state & 7) === TOO_HIGH;
}
