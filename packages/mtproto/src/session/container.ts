/** Maximum number of messages in a container, for both directions. */
export const MAX_CONTAINER_MESSAGES = 1020;
/** Maximum length of a container, for both directions. */
export const MAX_CONTAINER_BYTES = 1024 * 1024;

/** Bytes of the container's own header: constructor and count. */
export const CONTAINER_HEAD = 8;
/** Bytes before each message in a container: msg_id:8 seqno:4 length:4 */
export const MESSAGE_HEAD = 16;

/** A message inside a container. */
export interface InnerMessage {
  msgId: bigint;
  seqNo: number;
  body: Uint8Array;
}

/**
 * Splits a `msg_container` without parsing its messages.
 * @returns undefined when it is malformed, empty or exceeds the limits (code 64).
 * @see https://core.telegram.org/mtproto/service_messages#simple-container
 */
export function readContainer(body: Uint8Array): InnerMessage[] | undefined {
  if (body.length < CONTAINER_HEAD || body.length > MAX_CONTAINER_BYTES) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const count = view.getInt32(4, true);
  if (count < 1 || count > MAX_CONTAINER_MESSAGES) return undefined;
  const messages: InnerMessage[] = [];
  let at = CONTAINER_HEAD;
  for (let i = 0; i < count; i++) {
    if (at + MESSAGE_HEAD > body.length) return undefined;
    const length = view.getInt32(at + 12, true);
    const start = at + MESSAGE_HEAD;
    if (length < 4 || length % 4 !== 0 || start + length > body.length) return undefined;
    messages.push({ msgId: view.getBigInt64(at, true), seqNo: view.getInt32(at + 8, true), body: body.subarray(start, start + length) });
    at = start + length;
  }
  return at === body.length ? messages : undefined;
}
