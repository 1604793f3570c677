// Constructor ids that the session compares with the first four bytes of a body, before anything is decoded.
// See https://core.telegram.org/schema/mtproto
export const MSG_CONTAINER = 0x73f1f8dc;
export const GZIP_PACKED = 0x3072cfa1;
export const RPC_RESULT = 0xf35c6d01;
export const MSGS_ACK = 0x62d6b459;
export const MSGS_STATE_REQ = 0xda69fb52;
export const MSG_RESEND_REQ = 0x7d861a08;
export const MSGS_ALL_INFO = 0x8cc0d131;
export const PING = 0x7abe77ec;
export const PONG = 0x347773c5;
export const VECTOR = 0x1cb5c415;

/** The constructor id at the start of a body (unsigned), or 0 if the body is too short. */
export function constructorOf(body: Uint8Array): number {
  if (body.length < 4) return 0;
  return (body[0]! | (body[1]! << 8) | (body[2]! << 16) | (body[3]! << 24)) >>> 0;
}
