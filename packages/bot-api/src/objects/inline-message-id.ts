import type { tl } from '@aerogram/tl';

/** In bytes: version, data centre, owner, id, access hash. */
const LENGTH = 1 + 4 + 8 + 4 + 8;

/** The first byte. */
const VERSION = 1;

/** The `inline_message_id` of a message that was sent by an inline result. Its access hash says for which bot it is. */
export function projectInlineMessageId(id: tl.InputBotInlineMessageID): string {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeInt32LE(id.dc_id, 1);
  // The server makes only this form; the older one has one number in place of the owner and the id.
  bytes.writeBigInt64LE(id._ === 'inputBotInlineMessageID64' ? id.owner_id : id.id, 5);
  bytes.writeInt32LE(id._ === 'inputBotInlineMessageID64' ? id.id : 0, 13);
  bytes.writeBigInt64LE(id.access_hash, 17);
  return bytes.toString('base64url');
}

/** Reads an `inline_message_id`. @returns undefined for texts that are none; whether the message exists and is the bot's own is checked by the call that gets it */
export function readInlineMessageId(text: string): tl.inputBotInlineMessageID64 | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== LENGTH || bytes.readUInt8(0) !== VERSION || bytes.toString('base64url') !== text) return undefined;
  return { _: 'inputBotInlineMessageID64', dc_id: bytes.readInt32LE(1), owner_id: bytes.readBigInt64LE(5), id: bytes.readInt32LE(13), access_hash: bytes.readBigInt64LE(17) };
}
