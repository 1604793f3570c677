import { unmarkPeer } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer, ResolvedUser } from '../access/index.ts';
import { insertBotUser } from '../bot-rows/index.ts';
import { findChannelMembers, findChannelRows, findChatMembers, findChatRows } from '../chats/index.ts';
import { lockIdsToKeep } from '../collections/index.ts';
import { MessageFlag, type MessageRow, type Origin, type Queries, unpackMessageExtra } from '../events/index.ts';
import { findRequestKey } from '../keyboards/index.ts';
import { findMessage, findSendKeys, type Messages, type NewOutgoing } from '../messages/index.ts';
import { findUserRows, otherBoxOf } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type BotPlace, type ChatWithMembers, findMissingPlace, isRequestedChat, isRequestedUser } from './criteria.ts';
import { findRequestedPhotos, type RequestedPhotosDeps } from './requested-photos.ts';

/** Somebody who gives a bot something. */
export interface Giving {
  ownerId: bigint;
  bot: ResolvedUser;
  /** The same for a repeat of the call. */
  randomId: bigint;
  origin: Origin;
}

/** Peers that somebody shares with a bot, as the answer to a key of its keyboard. */
export interface Sharing extends Giving {
  /** The message with the keyboard, as its reader has it. */
  msgId: number;
  buttonId: number;
  /** What the person may use; each once. */
  peers: readonly ResolvedPeer[];
}

/** The part of a database or transaction that rows are read from. */
type Reader = Pick<Database, 'run'> & { q: Queries };

/** What is found out about the shared peers before a transaction. */
interface PeerFacts {
  /** The photos that the bot gets, by marked id. */
  photos: ReadonlyMap<bigint, tl.photo>;
  /** The users whom the person who shares them sees as subscribers of Premium; empty if the key does not ask for that. */
  premium: ReadonlySet<bigint>;
}

const NO_PHOTOS: ReadonlyMap<bigint, tl.photo> = new Map();

interface RequestedRow {
  peer: tl.Peer;
  requested: tl.RequestedPeer;
}

/** What {@link BotGrants} needs. */
export interface BotGrantsDeps extends Pick<DomainDeps, 'db' | 'clock'>, RequestedPhotosDeps {
  db: Database;
  messages: Pick<Messages, 'doSendOutgoing'>;
  users: RequestedPhotosDeps['users'] & Pick<Users, 'projectUsers'>;
}

/** A bot was allowed to write already. */
class AllowedBefore extends Error {
  override readonly name = 'AllowedBefore';
}

/** What people give bots: peers that a bot asks for by a key of its keyboard, and the permission to write. Both are told in the chat. */
export class BotGrants {
  readonly #deps: BotGrantsDeps;

  constructor(deps: BotGrantsDeps) {
    this.#deps = deps;
  }

  /**
   * Finds the message by which an earlier call has given this, as the giver has it; undefined if none has.
   * @throws RpcError 400 RANDOM_ID_DUPLICATE (it was deleted since)
   */
  async findGiven({ ownerId, randomId }: Pick<Giving, 'ownerId' | 'randomId'>): Promise<MessageRow | undefined> {
    const [known] = (await findSendKeys(this.#deps.db, [{ owner: ownerId, randomId }])).values();
    if (known !== undefined && known.message === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
    return known?.message;
  }

  /**
   * Checks that peers may be shared, but for the place of the bot in them.
   * @returns what the bot has to become in the group or channel first; undefined if nothing is missing
   * @throws RpcError 400 MESSAGE_ID_INVALID (no such message of the bot in the chat), BUTTON_ID_INVALID (no such key in it), PEERS_LIST_EMPTY,
   * USERS_TOO_MUCH, PEER_ID_INVALID (a peer for which the key does not ask)
   */
  async checkShared(sharing: Sharing): Promise<BotPlace | undefined> {
    const key = await findKey(this.#deps.db, sharing);
    const { missing } = await this.#findRequested(this.#deps.db, key, sharing, { photos: NO_PHOTOS, premium: await this.#findPremium(key, sharing) });
    return missing;
  }

  /**
   * Shares peers with a bot: adds a service message, in which the bot finds of each peer what its key asks for. This does not let the bot write to anybody.
   * @returns the copy of the person who shares
   * @throws RpcError as {@link BotGrants.checkShared}, PEER_ID_INVALID also if the bot is not what it has to be in the group or channel; YOU_BLOCKED_USER
   */
  async doShare(sharing: Sharing): Promise<MessageRow> {
    const { bot, buttonId: button_id, peers } = sharing;
    const { db } = this.#deps;
    const key = await findKey(db, sharing);
    const photos = key.photo_requested === true ? await findRequestedPhotos(this.#deps, bot.userId, peers) : NO_PHOTOS;
    const facts = { photos, premium: await this.#findPremium(key, sharing) };
    const { rows } = await this.#findRequested(db, key, sharing, facts);
    const action: tl.MessageAction = { _: 'messageActionRequestedPeer', button_id, peers: rows.map(({ peer }) => peer) };
    const actionForBot: tl.MessageAction = { _: 'messageActionRequestedPeerSentMe', button_id, peers: rows.map(({ requested }) => requested) };
    return this.#send(sharing, { action, actionForBot }, async (tx) => {
      // A photo may have been deleted since, and collected.
      if (photos.size > 0 && !(await lockIdsToKeep(tx, [...new Set([...photos.values()].map(({ id }) => id))]))) return rpcError('PHOTO_INVALID');
      const { missing } = await this.#findRequested(tx, await findKey(tx, sharing), sharing, facts);
      return missing === undefined ? undefined : rpcError('PEER_ID_INVALID');
    });
  }

  /**
   * Lets a bot write to somebody who has not written to it, and tells both of that in the chat.
   * @returns the message of the person; undefined if the bot was allowed before, so that nothing changes
   * @throws RpcError 400 YOU_BLOCKED_USER
   */
  async doAllowWriting(giving: Giving): Promise<MessageRow | undefined> {
    const { ownerId, bot } = giving;
    // Service accounts may write to everybody.
    if (otherBoxOf(ownerId, bot.peerId) === undefined) return undefined;
    try {
      return await this.#send(giving, { action: { _: 'messageActionBotAllowed', from_request: true } }, async (tx, nowDate) =>
        (await insertBotUser(tx, bot.userId, ownerId, nowDate)) ? undefined : new AllowedBefore());
    } catch (error) {
      if (error instanceof AllowedBefore) return undefined;
      throw error;
    }
  }

  /** Sends a service message to the bot. Counting it as a message would let the bot write already. */
  async #send({ ownerId, bot, randomId, origin }: Giving, { action, actionForBot }: { action: tl.MessageAction; actionForBot?: tl.MessageAction }, check: NonNullable<NewOutgoing['guard']>): Promise<MessageRow> {
    const part = { randomId, text: '', flags: MessageFlag.service, extra: { action }, extraOfOthers: actionForBot && { action: actionForBot } };
    const guard: NewOutgoing['guard'] = async (tx, nowDate) => {
      try {
        return await check(tx, nowDate);
      } catch (error) {
        if (error instanceof RpcError) return error;
        throw error;
      }
    };
    const [row] = await this.#deps.messages.doSendOutgoing(bot, { senderId: ownerId, parts: [part], origin, guard }, true);
    return row!;
  }

  /** Finds those of the shared users whom the person sees as subscribers of Premium, if the key asks for that. */
  async #findPremium({ peer_type: type }: tl.inputButtonTypeRequestPeer, { ownerId, peers }: Sharing): Promise<ReadonlySet<bigint>> {
    if (type._ !== 'requestPeerTypeUser' || type.premium === undefined) return new Set();
    const users = await this.#deps.users.projectUsers(ownerId, peers.flatMap((peer) => (peer.kind === 'user' ? [peer.userId] : [])));
    return new Set(users.flatMap((user) => (user._ === 'user' && user.premium === true ? [user.id] : [])));
  }

  /** The peers for both sides, checked against their rows. */
  async #findRequested(reader: Reader, key: tl.inputButtonTypeRequestPeer, { ownerId, bot, peers }: Sharing, { photos, premium }: PeerFacts): Promise<{ rows: RequestedRow[]; missing: BotPlace | undefined }> {
    if (peers.length === 0) throw rpcError('PEERS_LIST_EMPTY');
    if (peers.length > key.max_quantity) throw rpcError('USERS_TOO_MUCH');
    const nowDate = this.#deps.clock.now();
    const users = await findUserRows(reader, peers.flatMap((peer) => (peer.kind === 'user' ? [peer.userId] : [])));
    let missing: BotPlace | undefined;
    const rows: RequestedRow[] = [];
    for (const resolved of peers) {
      const peer = unmarkPeer(resolved.peerId);
      const photo = photos.get(resolved.peerId);
      if (resolved.kind === 'user') {
        const row = users.get(resolved.userId);
        // Service accounts are nobody; BotFather is a bot like others.
        const isService = row?.bot !== true && !resolved.isSelf && otherBoxOf(ownerId, resolved.userId) === undefined;
        if (row === undefined || isService || !isRequestedUser(key.peer_type, row, premium.has(row.user_id))) throw rpcError('PEER_ID_INVALID');
        // The two names have one flag in common, so that an empty one is sent, too.
        const names = key.name_requested === true ? { first_name: row.first_name, last_name: row.last_name } : {};
        rows.push({ peer, requested: { _: 'requestedPeerUser', user_id: row.user_id, ...names, username: usernameFor(key, row), photo } });
        continue;
      }
      const chat = await findChat(reader, resolved, { ownerId, botId: bot.userId });
      if (chat === undefined || !isRequestedChat(key.peer_type, chat, nowDate)) throw rpcError('PEER_ID_INVALID');
      // A key asks for one group or channel at most.
      missing = findMissingPlace(key.peer_type, chat, nowDate);
      const title = key.name_requested === true ? chat.row.title : undefined;
      const requested: tl.RequestedPeer =
        'chat_id' in chat.row
          ? { _: 'requestedPeerChat', chat_id: chat.row.chat_id, title, photo }
          : { _: 'requestedPeerChannel', channel_id: chat.row.channel_id, title, username: usernameFor(key, chat.row), photo };
      rows.push({ peer, requested });
    }
    return { rows, missing };
  }
}

/** The username, if a key asks for it and there is one. */
function usernameFor({ username_requested }: tl.inputButtonTypeRequestPeer, { username }: { username: string | null }): string | undefined {
  return username_requested === true ? (username ?? undefined) : undefined;
}

/** The key that is answered. It must be in a message that the bot itself has written in the chat. */
async function findKey(reader: Reader, { ownerId, bot, msgId, buttonId }: Sharing): Promise<tl.inputButtonTypeRequestPeer> {
  const row = await findMessage(reader.q, ownerId, msgId);
  if (row?.peer_id !== bot.peerId || row.from_id !== bot.userId) throw rpcError('MESSAGE_ID_INVALID');
  const key = findRequestKey(unpackMessageExtra(row.extra).replyMarkup, buttonId);
  if (key === undefined) throw rpcError('BUTTON_ID_INVALID');
  return key;
}

/** The group or channel as it is now. */
async function findChat(reader: Reader, peer: Exclude<ResolvedPeer, { kind: 'user' }>, { ownerId, botId }: { ownerId: bigint; botId: bigint }): Promise<ChatWithMembers | undefined> {
  const pairsOf = (id: bigint): { id: bigint; userId: bigint }[] => [ownerId, botId].map((userId) => ({ id, userId }));
  const [[row], members] =
    peer.kind === 'chat'
      ? await Promise.all([findChatRows(reader, [peer.chatId]), findChatMembers(reader, pairsOf(peer.chatId))])
      : await Promise.all([findChannelRows(reader, [peer.channelId]), findChannelMembers(reader, pairsOf(peer.channelId))]);
  const memberOf = (userId: bigint): ChatWithMembers['person'] => members.find((member) => member.user_id === userId);
  return row && { row, person: memberOf(ownerId), bot: memberOf(botId) };
}
