import type { Tx } from '@aerogram/storage';

import { type ChatRow, privacyModeShows, updateChat } from '../chats/index.ts';
import { type AddressingTarget, addressedBots, type GroupBot, listGroupBots } from './addressed-bots.ts';
import type { OutgoingPart } from './outgoing.ts';
import type { Place } from './places.ts';

/** Who gets a message of a basic group, and for which bots it is meant. */
export interface Hearers {
  places: readonly Place[];
  meantFor: readonly bigint[];
}

/** The bots of basic groups to which messages are sent, as they are under the locks. A bot that does not see a message has no place for it, and so no copy. */
export class GroupBots {
  readonly #bots: ReadonlyMap<bigint, readonly GroupBot[]>;
  readonly #lastIds: Map<bigint, bigint | null>;
  readonly #changed = new Set<bigint>();

  private constructor(bots: ReadonlyMap<bigint, readonly GroupBot[]>, chats: readonly ChatRow[]) {
    this.#bots = bots;
    this.#lastIds = new Map(chats.map((chat) => [chat.chat_id, chat.last_bot_id]));
  }

  static readonly #NONE = new GroupBots(new Map(), []);

  /** Reads the bots of these groups. @returns at once if none of them has bots */
  static find(tx: Tx, chats: readonly ChatRow[]): GroupBots | Promise<GroupBots> {
    return chats.some((chat) => chat.bots > 0) ? GroupBots.#read(tx, chats.filter((chat) => chat.bots > 0)) : GroupBots.#NONE;
  }

  static async #read(tx: Tx, withBots: readonly ChatRow[]): Promise<GroupBots> {
    return new GroupBots(await listGroupBots(tx, 'chat', withBots.map((chat) => chat.chat_id)), withBots);
  }

  /** Whether any of the groups has bots. */
  get isEmpty(): boolean {
    return this.#bots.size === 0;
  }

  /** Who gets a message, of those who have a place in the group. Notes that a bot has written. @param target the message that it replies to */
  hear(chatId: bigint, authorId: bigint, { text, extra }: Pick<OutgoingPart, 'text' | 'extra'>, { places, target }: { places: readonly Place[]; target: AddressingTarget | undefined }): Hearers {
    const bots = this.#bots.get(chatId) ?? [];
    if (bots.length === 0) return { places, meantFor: [] };
    const isByBot = bots.some((bot) => bot.botId === authorId);
    const lastBotId = this.#lastIds.get(chatId) ?? null;
    const message = { authorId, text, entities: extra.entities ?? [], viaBotId: extra.viaBotId, isForward: extra.fwdFrom !== undefined };
    const meantFor = addressedBots(message, target, { bots, lastBotId });
    if (isByBot && lastBotId !== authorId) {
      this.#lastIds.set(chatId, authorId);
      this.#changed.add(chatId);
    }
    const deaf = new Set(bots.filter((bot) => bot.botId !== authorId && (isByBot || !privacyModeShows(bot, { msgId: 0, meantFor: () => meantFor }))).map((bot) => bot.botId));
    return { places: deaf.size === 0 ? places : places.filter((place) => !deaf.has(place.ownerId)), meantFor };
  }

  /** Stores which bots wrote last. @returns undefined if nothing has to be stored */
  settle(tx: Tx): Promise<void> | undefined {
    return this.#changed.size === 0 ? undefined : this.#store(tx);
  }

  async #store(tx: Tx): Promise<void> {
    for (const chatId of this.#changed) await updateChat(tx, chatId, { last_bot_id: this.#lastIds.get(chatId)! });
  }
}
