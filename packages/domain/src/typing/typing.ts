import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { ResolvedChannel, ResolvedChat, ResolvedPeer } from '../access/index.ts';
import { findComments, findKeptAuthor, findPosts, findTopics, GENERAL_TOPIC_ID, refusalOfTopic } from '../channel-state/index.ts';
import { hiddenUpTo, isForum, listMemberIds, mayDo, type Standing, standingIn } from '../chats/index.ts';
import { packPlain, unpackPlain } from '../effects/index.ts';
import { type PostRow, publishChannelTransient, publishTransient } from '../events/index.ts';
import { findBarrier, findCopies, findMessage, type FormattedText, type Messages, type MessagingDeps, type PersonElsewhere } from '../messages/index.ts';
import { readPairFacts } from '../moderation/index.ts';
import { isVisibleText } from '../shared/index.ts';
import { type PlainAction, rebuildAction } from './rebuild-action.ts';
import { TYPING_HINT, type TypingHint, typingHint } from './typing-hint.ts';

/** Approximate size of an entity on the wire, in bytes, besides its strings. */
const ENTITY_BYTES = 24;

/** Shows the other side of a chat what a user is doing now. */
export interface Typing {
  /**
   * Shows an action to the peer's online devices; nothing is stored. It is shown only to a peer who has the sender as a contact or has a
   * dialog with messages with the sender, and never if one blocked the other. The sender does not learn whether it was shown.
   *
   * A text that is still being written (`sendMessageTextDraftAction`) is shown only by a bot to a person to whom it may send a message, and the bot learns if it
   * may not. The text is rebuilt as that of a message, but may be empty, which clients show as thinking. It is shown to nobody who lives elsewhere.
   * @throws RpcError 420 FLOOD_WAIT, 400 EMOTICON_INVALID, DATA_JSON_INVALID; for a text: TEXTDRAFT_PEER_INVALID (not from a bot to a person), RANDOM_ID_EMPTY,
   * INPUT_USER_DEACTIVATED, USER_IS_BLOCKED, and as `normalizeText` and `SendLimits.checkLiveDraft`
   */
  doShow(senderId: bigint, peer: ResolvedPeer, shown: ShownAction): Promise<void>;
}

/** What a user is doing. */
export interface ShownAction {
  action: tl.SendMessageAction;
  /** In a supergroup: the first message of the thread in which they do it. */
  topMsgId: number | undefined;
}

/** Creates the typing operation. */
export function createTyping(deps: Pick<MessagingDeps, 'db' | 'bus' | 'clock' | 'users' | 'sendLimits' | 'homes'>, messages: Pick<Messages, 'normalizeText'>): Typing {
  const { db, bus, clock, users, sendLimits, homes } = deps;

  const showToUser = (senderId: bigint, userId: bigint, action: tl.SendMessageAction): void => {
    publishTransient(bus, userId, { _: 'updateUserTyping', user_id: senderId, action });
  };

  const isShown = async (senderId: bigint, peerId: bigint): Promise<boolean> => {
    const { blocks, blockedBy, reverse } = await users.findRelation(senderId, peerId);
    if (blocks || blockedBy) return false;
    return reverse !== undefined || (await readPairFacts(db, peerId, senderId)).has_dialog;
  };

  /** Translates the message id in an emoji interaction to the receiver's own message id. */
  const translate = async (senderId: bigint, peerId: bigint, action: tl.SendMessageAction): Promise<tl.SendMessageAction | undefined> => {
    if (action._ !== 'sendMessageEmojiInteraction') return action;
    const own = await findMessage(db.q, senderId, action.msg_id);
    const [copy] = own?.peer_id === peerId ? await findCopies(db.q, [peerId], [own.global_id]) : [];
    return copy && { ...action, msg_id: copy.msg_id };
  };

  /** Whether it is shown is decided at the home of the other. */
  const showElsewhere = async (senderId: bigint, { dc, userId }: PersonElsewhere, action: tl.SendMessageAction): Promise<void> => {
    const { blocks, blockedBy } = await users.findRelation(senderId, userId);
    if (blocks || blockedBy) return;
    const own = action._ === 'sendMessageEmojiInteraction' ? await findMessage(db.q, senderId, action.msg_id) : undefined;
    if (action._ === 'sendMessageEmojiInteraction' && own?.peer_id !== userId) return;
    homes?.hint(dc, TYPING_HINT, packPlain({ from: senderId, to: userId, action: storedEncode(action), globalId: own?.global_id } satisfies TypingHint));
  };

  const hear = async (body: Uint8Array, dc: number): Promise<void> => {
    const { from, to, action, globalId } = unpackPlain(typingHint, body);
    if (homes?.dcOf(from) !== dc || homes.dcOf(to) !== undefined) return;
    // What is no such action is not rebuilt.
    const rebuilt = rebuildAction(storedDecode(action) as PlainAction);
    if (rebuilt === undefined) return;
    await sendLimits.checkTyping(from, to);
    if (!(await isShown(from, to))) return;
    if (rebuilt._ !== 'sendMessageEmojiInteraction') return showToUser(from, to, rebuilt);
    const [copy] = globalId === undefined ? [] : await findCopies(db.q, [to], [globalId]);
    if (copy?.peer_id === from) showToUser(from, to, { ...rebuilt, msg_id: copy.msg_id });
  };
  // A hint that cannot be read, or comes too often, is lost.
  homes?.onHint(TYPING_HINT, (body, dc) => void hear(body, dc).catch(() => undefined));

  /** In a basic group everybody in it sees it; what names messages by the ids of one box does not. */
  const showInChat = async (senderId: bigint, { chatId }: ResolvedChat, action: tl.SendMessageAction): Promise<void> => {
    if (action._ === 'sendMessageEmojiInteraction') return;
    const update: tl.updateChatUserTyping = { _: 'updateChatUserTyping', chat_id: chatId, from_id: { _: 'peerUser', user_id: senderId }, action };
    for (const owner of await listMemberIds(db, chatId)) {
      if (owner !== senderId) publishTransient(bus, owner, update);
    }
  };

  const mayWriteIn = async (channelId: bigint, topicId: number, writer: { userId: bigint; standing: Standing }): Promise<boolean> =>
    refusalOfTopic((await findTopics(db, channelId, [topicId])).get(topicId), writer.userId, writer.standing) === undefined;

  /**
   * In a supergroup those other members see it who are online, as by the author that posts would show. Those who may not write are not shown, neither there nor in
   * the topic of a forum. Posts of a broadcast channel are nobody's. Those who are no members write comments only.
   */
  const showInChannel = async (senderId: bigint, { channelId, peerId, row, member, comments }: ResolvedChannel, action: tl.SendMessageAction, topMsgId: number | undefined): Promise<void> => {
    const nowDate = clock.now();
    const standing: Standing = { ...standingIn(row, member, nowDate), ...(comments && { comments }) };
    if (row.kind === 'broadcast' || !mayDo(standing, 'send_plain') || action._ === 'sendMessageEmojiInteraction') return;
    if (isForum(row) && !(await mayWriteIn(channelId, topMsgId ?? GENERAL_TOPIC_ID, { userId: senderId, standing }))) return;
    const isInSight = topMsgId !== undefined && topMsgId > hiddenUpTo(row, member);
    const found = isInSight ? await findPosts(db.q, channelId, [topMsgId]) : new Map<number, PostRow>();
    const isKnown = found.size > 0 || (isForum(row) && topMsgId !== undefined);
    if (standing.status !== 'member' && (await findComments(db.q, row, found)).size === 0) return;
    const author = await findKeptAuthor(db, { userId: senderId, standing, row, peerId, nowDate }, member?.send_as ?? null);
    if (author === undefined) return;
    const from_id = unmarkPeer(author);
    publishChannelTransient(bus, peerId, { _: 'updateChannelUserTyping', channel_id: channelId, top_msg_id: isKnown ? topMsgId : undefined, from_id, action }, senderId);
  };

  const showDraft = async (botId: bigint, peer: ResolvedPeer, { random_id: randomId, text: { text, entities } }: tl.sendMessageTextDraftAction): Promise<void> => {
    const isBot = (await users.findRows([botId])).get(botId)?.bot === true;
    if (!isBot || peer.kind !== 'user' || peer.isSelf) throw rpcError('TEXTDRAFT_PEER_INVALID');
    if (randomId === 0n) throw rpcError('RANDOM_ID_EMPTY');
    if (homes?.dcOf(peer.userId) !== undefined) throw rpcError('PEER_ID_INVALID');
    if (peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    await sendLimits.checkLiveDraft(botId, peer);
    const { refusal } = await findBarrier(users, botId, peer.userId);
    if (refusal !== undefined) throw refusal;
    const shown: FormattedText = isVisibleText(text) ? await messages.normalizeText(botId, text, entities) : { text: '', entities: [] };
    await sendLimits.checkLiveDraftBytes(botId, peer.peerId, sizeOf(shown));
    publishTransient(bus, peer.userId, { _: 'updateUserTyping', user_id: botId, action: { _: 'sendMessageTextDraftAction', random_id: randomId, text: { _: 'textWithEntities', ...shown } } });
  };

  return {
    async doShow(senderId, peer, { action, topMsgId }) {
      if (action._ === 'sendMessageTextDraftAction') return showDraft(senderId, peer, action);
      const rebuilt = rebuildAction(action);
      if (peer.isSelf || rebuilt === undefined) return;
      await sendLimits.checkTyping(senderId, peer.peerId);
      if (peer.kind === 'chat') return showInChat(senderId, peer, rebuilt);
      if (peer.kind === 'channel') return showInChannel(senderId, peer, rebuilt, topMsgId);
      const dc = homes?.dcOf(peer.userId);
      if (dc !== undefined) return showElsewhere(senderId, { dc, userId: peer.userId }, rebuilt);
      if (!(await isShown(senderId, peer.userId))) return;
      const shown = await translate(senderId, peer.userId, rebuilt);
      if (shown !== undefined) showToUser(senderId, peer.userId, shown);
    },
  };
}

/** The approximate size of a text with its entities, in bytes. */
function sizeOf({ text, entities }: FormattedText): number {
  return entities.reduce((bytes, entity) => bytes + ENTITY_BYTES + Buffer.byteLength(wordsOf(entity)), Buffer.byteLength(text));
}

function wordsOf(entity: tl.MessageEntity): string {
  if (entity._ === 'messageEntityTextUrl') return entity.url;
  return entity._ === 'messageEntityPre' ? entity.language : '';
}
