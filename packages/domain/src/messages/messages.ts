import { isMarkedChat } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { createGroupCommitter } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BoxPeer, ResolvedChat, ResolvedPeer } from '../access/index.ts';
import { listMessagesAt, MessageFlag, type MessageRow, type Origin } from '../events/index.ts';
import { type NamedPeers, PeerSet } from '../peers/index.ts';
import type { WebPages } from '../web-pages/index.ts';
import { type FormattedText, normalizeCaption, normalizeText } from './check-text.ts';
import { completeParts } from './complete-parts.ts';
import { type ContentActInput, type ContentActOutcome, doActOnContent } from './do-act-on-content.ts';
import { doDeleteHistory, type HistoryAffected, type HistoryDeletion } from './do-delete-history.ts';
import { type Affected, type Deletion, doDeleteMessages } from './do-delete-messages.ts';
import { accessEditable, doEditMessage, type EditOutcome, type MessageEdit } from './do-edit-message.ts';
import { doPinMessage, doUnpinAll, type Pinning, type PinOutcome, type UnpinAllInput } from './do-pin-message.ts';
import { type ContentsRead, doReadContents, doReadMentions } from './do-read-contents.ts';
import { doReadHistory, type Reading } from './do-read-history.ts';
import { ChatChanged, ownersOfOutgoing, sendBatch, weightOfOutgoing } from './do-send-messages.ts';
import { addMentioned } from './find-mentioned.ts';
import { findReceivers } from './find-receivers.ts';
import { findMessages } from './find-messages.ts';
import { findReadDate } from './find-read-date.ts';
import { listReaders, type MessageReader } from './find-readers.ts';
import { countHistory, type HistoryWindow, listHistory } from './list-history.ts';
import { createMentionAccess } from './mention-access.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import type { NewOutgoing, Outgoing, OutgoingPart } from './outgoing.ts';
import { countPinned } from './pin-store.ts';
import { checkTravels, prepareElsewhere } from './prepare-elsewhere.ts';
import { createNamesPeer, type Naming } from './names-peer.ts';
import { projectMessage } from './project-message.ts';
import { countUnread } from './unread-store.ts';

/** Messages with all the peers they mention. */
export interface MessagesWithPeers extends NamedPeers {
  messages: tl.Message[];
  topics: [];
}

/** The content and the options of one message to send. */
export interface TextPart {
  randomId: bigint;
  text: FormattedText;
  /** The reply header, for a reply to a message of another chat. */
  replyHeader?: tl.messageReplyHeader;
  /** Media to show with the text; if absent, the preview of the text's first link. */
  media?: tl.MessageMedia;
  /** The album that the message belongs to. */
  groupedId?: bigint;
  /** The keyboard, rebuilt by `rebuildMarkup`. */
  replyMarkup?: tl.ReplyMarkup;
  /** The inline bot by which the author sends the message. */
  viaBotId?: bigint;
  /** The effect that is shown once with the message. */
  effectId?: bigint;
  /** See {@link OutgoingPart.besides}. */
  besides?: OutgoingPart['besides'];
  silent: boolean;
  noforwards: boolean;
  noWebpage: boolean;
  invertMedia: boolean;
}

/** A text message to send. */
export interface TextMessage extends TextPart, Pick<Outgoing, 'senderId' | 'reply' | 'clearsDraft' | 'origin'> {}

/** Message operations on users' boxes. */
export interface Messages extends AsyncDisposable {
  /**
   * Normalises a text and its entities for storage. Throws as {@link normalizeText}.
   * @param listNamed the entities that the server showed to the author in the same place; the users they mention may be mentioned again
   */
  normalizeText(
    authorId: bigint,
    text: string,
    entities: readonly tl.MessageEntity[] | undefined,
    listNamed?: () => Promise<readonly tl.MessageEntity[]>,
  ): FormattedText | Promise<FormattedText>;
  /** Normalises a media caption, which may be empty. Throws as {@link normalizeCaption}. */
  normalizeCaption(
    authorId: bigint,
    text: string,
    entities: readonly tl.MessageEntity[] | undefined,
    listNamed?: () => Promise<readonly tl.MessageEntity[]>,
  ): Promise<FormattedText>;
  /** Checks, before media are prepared for an edit, that they may go to a peer. @throws RpcError 403 CHAT_SEND_MEDIA_FORBIDDEN: the peer lives in another data centre */
  checkTakesMedia(peer: ResolvedPeer): void;
  /**
   * Sends a text message. A repeat with the same random_id returns the message of the first call.
   * @returns the sender's copy
   * @throws RpcError INPUT_USER_DEACTIVATED, YOU_BLOCKED_USER, USER_IS_BLOCKED (for bots), REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID,
   * RANDOM_ID_DUPLICATE (sent before and deleted since)
   */
  doSendText(peer: BoxPeer, message: TextMessage): Promise<MessageRow>;
  /**
   * Sends prepared messages.
   * @param isCounted true if the send limits have already counted these messages
   * @returns the sender's copies
   * @throws RpcError as {@link doSendText}, and ScheduledChanged when the scheduled message that they were made from has been deleted or
   * edited
   */
  doSendOutgoing(peer: BoxPeer, outgoing: NewOutgoing, isCounted?: boolean): Promise<MessageRow[]>;
  /**
   * Edits a message of the owner. If one of the two users blocked the other, only the owner's copy changes. See {@link doEditMessage}.
   * @throws RpcError MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED, MESSAGE_EDIT_TIME_EXPIRED, MESSAGE_NOT_MODIFIED, USER_IS_BLOCKED (for
   * bots), 420 FLOOD_WAIT
   */
  doEdit(peer: BoxPeer, edit: Omit<MessageEdit, 'peerId'>): Promise<EditOutcome>;
  /** Edits a message that its owner sent via a bot, for that bot. Counts for no limit of the owner. Throws as {@link doEdit}. */
  doEditVia(edit: MessageEdit & { viaBotId: bigint }): Promise<EditOutcome>;
  /** Returns a message if the owner may edit it now; throws as {@link doEdit}. */
  accessEditable(ownerId: bigint, peerId: bigint, msgId: number): Promise<MessageRow>;
  doDelete(deletion: Deletion): Promise<Affected>;
  doDeleteHistory(deletion: HistoryDeletion): Promise<HistoryAffected>;
  doReadHistory(reading: Reading): Promise<Affected>;
  doReadContents(reading: { ownerId: bigint; msgIds: readonly number[]; origin: Origin | undefined }): Promise<Affected>;
  /** Marks the mentions of the owner in a dialog as seen, in slices. */
  doReadMentions(reading: { ownerId: bigint; peerId: bigint; origin: Origin | undefined }): Promise<ContentsRead>;
  countUnreadMentions(ownerId: bigint, peerId: bigint): Promise<number>;
  /**
   * Pins or unpins a message; see {@link doPinMessage}.
   * @throws RpcError MESSAGE_ID_INVALID, 420 FLOOD_WAIT
   */
  doPin(peer: BoxPeer, pinning: Omit<Pinning, 'peerId'>): Promise<PinOutcome>;
  /** Changes the answers of a poll, or ticks and adds tasks of a checklist. Throws as {@link doActOnContent}, and 420 FLOOD_WAIT. */
  doAct(peer: BoxPeer, input: Omit<ContentActInput, 'peerId'>): Promise<ContentActOutcome | undefined>;
  doUnpinAll(peer: BoxPeer, unpinning: Omit<UnpinAllInput, 'peerId'>): Promise<HistoryAffected>;
  countPinned(ownerId: bigint, peerId: bigint): Promise<number>;
  /** Returns when the peer read a message of the owner; throws as {@link findReadDate}. */
  findReadDate(ownerId: bigint, peerId: bigint, msgId: number): Promise<number>;
  /** Lists the members of a basic group who have read a message of the owner. Throws as {@link listReaders}. */
  listReaders(ownerId: bigint, chat: ResolvedChat, msgId: number): Promise<MessageReader[]>;
  find(ownerId: bigint, msgIds: readonly number[]): Promise<Map<number, MessageRow>>;
  listHistory(window: HistoryWindow): Promise<readonly MessageRow[]>;
  countHistory(ownerId: bigint, peerId: bigint): Promise<number>;
  /** Whether the owner has this message in that dialog and the message names the peer. */
  namesPeer(naming: Naming): Promise<boolean>;
  /** Projects rows for an answer, with every peer that they mention. */
  project(viewerId: bigint, rows: readonly MessageRow[]): Promise<MessagesWithPeers>;
}

/**
 * Pause between two batches of sends when several processes commit. With 4 ms, two processes use as much CPU for 1,000 sends per second as
 * one process does, and each send takes 3 ms longer.
 */
const REST_MS = 4;

/** Converts one message to the form that the send queue takes. Pure. */
export function preparePart({ randomId, text, replyHeader, media, groupedId, replyMarkup, viaBotId, effectId, besides, silent, noforwards, noWebpage, invertMedia }: TextPart): OutgoingPart {
  const flags =
    (silent ? MessageFlag.silent : 0) |
    (noforwards ? MessageFlag.noforwards : 0) |
    (noWebpage ? MessageFlag.noWebpage : 0) |
    (invertMedia ? MessageFlag.invertMedia : 0);
  return { randomId, text: text.text, flags, extra: { entities: text.entities, media, replyTo: replyHeader, groupedId, replyMarkup, viaBotId, effectId }, besides, previewsLinks: !noWebpage };
}

const listNobody = (): Promise<[]> => Promise.resolve([]);

/** Creates the message operations. Disposing waits until all queued sends are committed. */
export function createMessages(deps: MessagingDeps & { webPages: WebPages }): Messages {
  const { db } = deps;
  const committer = createGroupCommitter({
    name: 'send-messages',
    db,
    clock: deps.clock,
    restMs: deps.config.workers > 1 ? REST_MS : 0,
    weightOf: weightOfOutgoing,
    laneOf: (item: Outgoing) => item.peerId,
    ownersOf: ownersOfOutgoing,
    operationOf: (item) => (isMarkedChat(item.peerId) ? 'send-to-group' : 'send-to-user'),
    run: (tx, items) => sendBatch(tx, deps, items),
  });

  const submit = async (peer: BoxPeer, item: NewOutgoing, isCounted = false): Promise<MessageRow[]> => {
    if (peer.kind === 'user' && peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    checkTravels(deps, peer.peerId, item.parts);
    const completed = completeParts(deps, item);
    const done = completed instanceof Promise ? await completed : completed;
    const parts = peer.kind === 'chat' ? await addMentioned(db, done) : done;
    const counting = isCounted ? checkStillAllowed(deps.sendLimits, item.senderId, peer) : countSend(deps.sendLimits, item.senderId, peer, item.parts.length);
    if (counting) await counting;
    const { senderId, reply, clearsDraft, origin, scheduled, guard } = item;
    for (;;) {
      const found = findReceivers(deps, senderId, peer, { parts, nowDate: deps.clock.now() });
      const { places, refusal, chatVersion, parts: allowed } = found instanceof Promise ? await found : found;
      const elsewhere = deps.homes?.dcOf(peer.peerId) === undefined ? undefined : await prepareElsewhere(deps, { senderId, toId: peer.peerId }, allowed, refusal !== undefined);
      const sent = committer.submit({ senderId, peerId: peer.peerId, parts: allowed, reply, clearsDraft, origin, refusal, chatVersion, places, elsewhere, scheduled, guard });
      item.onQueued?.();
      try {
        const { rows, isRepeat } = await sent;
        if (isRepeat) item.onRepeat?.();
        if (peer.kind === 'chat') await deps.acceptance.doAccept(senderId, peer.peerId);
        return rows;
      } catch (error) {
        if (!(error instanceof ChatChanged)) throw error;
      }
    }
  };

  return {
    normalizeText: (authorId, text, entities, listNamed = listNobody) => normalizeText(text, entities, createMentionAccess(deps, authorId, listNamed)),
    normalizeCaption: (authorId, text, entities, listNamed = listNobody) => normalizeCaption(text, entities, createMentionAccess(deps, authorId, listNamed)),
    checkTakesMedia({ peerId }) {
      if (deps.homes?.dcOf(peerId) !== undefined) throw rpcError('CHAT_SEND_MEDIA_FORBIDDEN');
    },
    async doSendText(peer, message) {
      const { senderId, reply, clearsDraft, origin } = message;
      const rows = await submit(peer, { senderId, parts: [preparePart(message)], reply, clearsDraft, origin });
      return rows[0]!;
    },
    doSendOutgoing: (peer, outgoing, isCounted) => submit(peer, outgoing, isCounted),
    async doEdit(peer, edit) {
      await countChange(deps.sendLimits, edit.ownerId, peer);
      return doEditMessage(deps, { ...edit, peerId: peer.peerId });
    },
    doEditVia: (edit) => doEditMessage(deps, edit),
    accessEditable: (ownerId, peerId, msgId) => accessEditable(deps, { ownerId, peerId, msgId }),
    doDelete: (deletion) => doDeleteMessages(deps, deletion),
    doDeleteHistory: (deletion) => doDeleteHistory(deps, deletion),
    async doReadHistory(reading) {
      const affected = await doReadHistory(deps, reading);
      if (isMarkedChat(reading.peerId)) await deps.acceptance.doNoteRead(reading.ownerId, reading.peerId);
      return affected;
    },
    async doPin(peer, pinning) {
      if (pinning.pinned && !pinning.oneSide) await countNotice(deps.sendLimits, pinning.ownerId, peer);
      return doPinMessage(deps, { ...pinning, peerId: peer.peerId });
    },
    async doAct(peer, input) {
      await countNotice(deps.sendLimits, input.ownerId, peer);
      return doActOnContent(deps, { ...input, peerId: peer.peerId });
    },
    doUnpinAll: (peer, unpinning) => doUnpinAll(deps, { ...unpinning, peerId: peer.peerId }),
    countPinned: (ownerId, peerId) => countPinned(db.q, ownerId, peerId),
    findReadDate: (ownerId, peerId, msgId) => findReadDate(deps, ownerId, peerId, msgId),
    listReaders: (ownerId, chat, msgId) => listReaders(deps, ownerId, chat, msgId),
    doReadContents: (reading) => doReadContents(deps, reading),
    doReadMentions: (reading) => doReadMentions(deps, reading),
    countUnreadMentions: async (ownerId, peerId) => (await countUnread(db.q, 'unread_mentions', ownerId, [peerId])).get(peerId) ?? 0,
    find: (ownerId, msgIds) => findMessages(db.q, ownerId, msgIds),
    listHistory: (window) => listHistory(db.q, window),
    countHistory: (ownerId, peerId) => countHistory(db.q, ownerId, peerId),
    namesPeer: createNamesPeer({ list: (places) => listMessagesAt(db, places), project: projectMessage }),
    async project(viewerId, rows) {
      const peers = new PeerSet();
      const messages = rows.map((row) => {
        const message = projectMessage(row);
        peers.addMessage(row);
        if (row.extra !== null) peers.addObject(message);
        return message;
      });
      await deps.messageFiller.fill(messages, viewerId, peers);
      return { messages, topics: [], ...(await deps.projectPeers(viewerId, peers)) };
    },
    [Symbol.asyncDispose]: () => committer.drain(),
  };
}

/** Counts messages against the limits of sending. @returns undefined if nothing has to be waited for */
function countSend(limits: MessagingDeps['sendLimits'], senderId: bigint, peer: BoxPeer, count: number): Promise<void> | undefined {
  return peer.kind === 'chat' ? limits.checkChat(senderId, peer.peerId, count) : limits.check(senderId, peer, count);
}

/** Checks that messages which were counted earlier may still be sent. @returns undefined if nothing has to be waited for */
function checkStillAllowed(limits: MessagingDeps['sendLimits'], senderId: bigint, peer: BoxPeer): Promise<void> | undefined {
  return peer.kind === 'chat' ? undefined : limits.checkHeld(senderId, peer);
}

/** Counts an edit against the limits of sending. @returns undefined if nothing has to be waited for */
function countChange(limits: MessagingDeps['sendLimits'], ownerId: bigint, peer: BoxPeer): Promise<void> | undefined {
  return peer.kind === 'chat' ? limits.checkChat(ownerId, peer.peerId, 1) : limits.checkChange(ownerId, peer);
}

/** Counts a service message against the limits of sending. @returns undefined if nothing has to be waited for */
export function countNotice(limits: MessagingDeps['sendLimits'], ownerId: bigint, peer: BoxPeer): Promise<void> | undefined {
  return peer.kind === 'chat' ? limits.checkNotice(ownerId, peer.peerId) : limits.check(ownerId, peer, 1);
}
