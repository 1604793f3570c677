import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { createKeyedMac } from '../shared/index.ts';

/** An access hash has so many bytes. All of them are the code. */
const MAC_BYTES = 8;

/** A message that was sent via a bot, which is not in the chat. */
export interface InlineMessage {
  /** Its author, whose box numbers it, or the marked id of the channel. */
  ownerId: bigint;
  msgId: number;
}

/** Names messages that were sent via a bot, so that the bot can edit them. Nobody can make up such an id, and each is worth something for its bot only. */
export class InlineIds {
  readonly #keys: ReadonlyMap<number, Uint8Array>;
  readonly #mac: ReturnType<typeof createKeyedMac>;
  readonly #dcId: number;

  /**
   * @param keys 32-byte keys by version (0–255); new ids use the highest version
   * @param dcId the data centre that has the messages
   */
  constructor(keys: ReadonlyMap<number, Uint8Array>, dcId: number) {
    this.#keys = keys;
    this.#mac = createKeyedMac(keys, MAC_BYTES);
    this.#dcId = dcId;
  }

  /** The id of a message for its bot. */
  of(botId: bigint, { ownerId, msgId }: InlineMessage): tl.inputBotInlineMessageID64 {
    const access_hash = this.#mac.of(nameOf(botId, { ownerId, msgId })).readBigInt64BE();
    return { _: 'inputBotInlineMessageID64', dc_id: this.#dcId, owner_id: ownerId, id: msgId, access_hash };
  }

  /** The message that an id names. @throws RpcError 400 MESSAGE_ID_INVALID (not made for this bot) */
  open(botId: bigint, id: tl.InputBotInlineMessageID): InlineMessage {
    if (id._ !== 'inputBotInlineMessageID64') throw rpcError('MESSAGE_ID_INVALID');
    const message = { ownerId: id.owner_id, msgId: id.id };
    const claimed = Buffer.alloc(MAC_BYTES);
    claimed.writeBigInt64BE(id.access_hash);
    const name = nameOf(botId, message);
    if (![...this.#keys.keys()].some((version) => this.#mac.matches(version, claimed, name))) throw rpcError('MESSAGE_ID_INVALID');
    return message;
  }
}

function nameOf(botId: bigint, { ownerId, msgId }: InlineMessage): Buffer {
  return Buffer.from(`${botId}:${ownerId}:${msgId}`);
}
