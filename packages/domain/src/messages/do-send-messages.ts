import { isMarkedChat } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import type { ItemFailure, NewJob, Tx } from '@aerogram/storage';

import { type ChatRow, findChatRows } from '../chats/index.ts';
import { isPassing, isPlayedMedia } from '../content/index.ts';
import { clearDrafts } from '../dialogs/index.ts';
import { type Boxes, type BoxWriter, type MessageExtra, MessageFlag, type MessageRow, packMessageExtra } from '../events/index.ts';
import { BOT_FATHER_ID } from '../peers/index.ts';
import type { PendingPage, WebPages } from '../web-pages/index.ts';
import { addNoticeRows } from './add-notice.ts';
import { ArrivalTerms } from './arrival-terms.ts';
import { DueMessages, ScheduledChanged } from './due-messages.ts';
import type { RenewDeps } from './keep-scheduled.ts';
import type { Outgoing, OutgoingPart } from './outgoing.ts';
import { chatIdOf, ownersOfPlaces } from './places.ts';
import { GroupBots } from './group-bots.ts';
import { type ReplyIds, ReplyTargets } from './reply-targets.ts';
import { UNREAD_MENTION } from './unread-mention.ts';
import { effectOf, type PackedElsewhere, packElsewhere } from './send-elsewhere.ts';
import { findSendKeys, type SendKey, sendKeyOf } from './send-key-store.ts';

/** The result of one call. */
export interface Sent {
  /** The sender's copies, in the order of the parts. */
  rows: MessageRow[];
  /** An earlier call has sent the messages. */
  isRepeat: boolean;
}

export interface SendDeps extends Pick<BoxWriter, 'withBoxes'> {
  clock: Clock;
  random: Random;
  polls: RenewDeps['polls'];
  webPages: Pick<WebPages, 'order'>;
  /** The job in which BotFather answers a message to it. */
  orderFather(row: MessageRow): NewJob;
}

/** Number of message rows that a call writes, over all boxes (rule S9, batch weights). */
export function weightOfOutgoing(item: Outgoing): number {
  return item.parts.length * item.places.length;
}

/** The counters that a call locks. */
export function ownersOfOutgoing({ peerId, places }: Pick<Outgoing, 'peerId' | 'places'>): bigint[] {
  return ownersOfPlaces(peerId, places);
}

/** Nothing was sent, because the members or rights of the basic group have changed since the send was prepared. */
export class ChatChanged extends Error {
  override readonly name = 'ChatChanged';

  constructor() {
    super('the members or rights of the group have changed');
  }
}

/**
 * Sends the messages of several callers in one transaction: it locks the counters, reads `send_keys` under the locks, numbers the messages
 * in memory and inserts them in bulk. A call that fails its checks fails alone, before its messages are numbered. For a scheduled message,
 * the row is read under the locks and deleted in the same transaction.
 */
export async function sendBatch(tx: Tx, deps: SendDeps, items: readonly Outgoing[]): Promise<(Sent | ItemFailure)[]> {
  const packed = items.map(packParts);
  const owners = items.flatMap(ownersOfOutgoing);
  const scheduled = items.flatMap((item) => item.scheduled ?? []);
  const chatIds = items.filter((item) => item.chatVersion !== undefined).map((item) => chatIdOf(item.peerId));
  const read = (): Promise<[Map<string, SendKey>, ArrivalTerms, DueMessages | undefined, ChatRow[]]> =>
    Promise.all([
      findSendKeys(tx, items.flatMap((item) => item.parts.map(({ randomId }, at) => ({ owner: item.senderId, randomId, globalId: item.elsewhere?.parts[at]!.globalId })))),
      ArrivalTerms.find(tx, { places: items.flatMap((item) => item.places), authorIds: items.map((item) => item.senderId), nowDate: deps.clock.now() }),
      scheduled.length === 0 ? undefined : DueMessages.find(tx, scheduled),
      findChatRows(tx, chatIds),
    ]);
  return deps.withBoxes(tx, owners, (boxes, date, [keys, terms, due, chats]) => addItems({ tx, deps, boxes, date, keys, terms, due, chats }, items, packed), read);
}

/** The data that a batch of sends works with once the boxes are open. */
interface Batch {
  tx: Tx;
  deps: SendDeps;
  boxes: Boxes;
  date: number;
  keys: Map<string, SendKey>;
  terms: ArrivalTerms;
  /** The scheduled messages that the items send; undefined if there are none. */
  due: DueMessages | undefined;
  /** The basic groups that the items are sent to, as they are under the locks. */
  chats: readonly ChatRow[];
}

async function addItems(batch: Batch, items: readonly Outgoing[], packed: readonly ReturnType<typeof packParts>[]): Promise<(Sent | ItemFailure)[]> {
  const { tx, deps, boxes, date, keys, terms, due, chats } = batch;
  const found = ReplyTargets.find(tx, items);
  const replies = found instanceof Promise ? await found : found;
  const hearing = GroupBots.find(tx, chats);
  const bots = hearing instanceof Promise ? await hearing : hearing;
  const refusals = items.some((item) => item.guard !== undefined) ? await runGuards(batch, items, replies) : undefined;
  const jobs: NewJob[] = [];
  const outcomes = items.map((given, index): Sent | ItemFailure => {
    const item = withhold(given, terms);
    const error = refusals?.get(given) ?? checkItem(batch, item, replies);
    if (error) return { error };
    const reply = replies.targetOf(item);
    const answeredId = replies.authorOf(item);
    const written: (ReplyIds | undefined)[] = [];
    let isRepeat = false;
    const rows = item.parts.map((part, at) => {
      const key = sendKeyOf(item.senderId, part.randomId);
      const earlier = keys.get(key)?.message;
      if (earlier) {
        isRepeat = true;
        return earlier;
      }
      sayFirstTtl(batch, item);
      const answered = part.answers === undefined ? reply : written[part.answers.part];
      // A part that replies to an earlier part of the same call replies to the sender.
      const mentions = mentionedBy(item, part, part.answers === undefined ? answeredId : undefined);
      const { heard, repacked } = part.answers === undefined ? hearBots(bots, item, part, replies) : hearBots(bots, item, part);
      const content = { packed: repacked ?? packed[index]![at]!, answered, mentions, globalId: item.elsewhere?.parts[at]!.globalId };
      const copies = addCopies(batch, heard, part, content);
      const row = copies[0]!;
      if (item.elsewhere?.dc !== undefined) {
        const answeredName = part.answers === undefined ? replies.globalIdOf(item) : item.elsewhere.parts[part.answers.part]!.globalId;
        boxes.tell(item.elsewhere.dc, effectOf(row, part, content.packed.elsewhere!, answeredName));
      }
      if (item.parts.length > 1) written[at] = new Map(copies.map((copy) => [copy.owner_id, copy.msg_id]));
      if (part.pending) jobs.push(orderPage(deps.webPages, part.pending, row));
      if (item.peerId === BOT_FATHER_ID) jobs.push(deps.orderFather(row));
      keys.set(key, { peerId: item.peerId, message: row });
      boxes.noteSent(part.randomId, row);
      return row;
    });
    if (item.scheduled) due?.noteSent(item.scheduled, rows[0]!, item.origin);
    return { rows, isRepeat };
  });

  if (items.some((item) => item.clearsDraft === true)) await clearDrafts(tx, boxes, items.filter((item, index) => item.clearsDraft === true && 'rows' in outcomes[index]!), date);
  const settling = terms.settle(tx, boxes, date);
  if (settling) await settling;
  const storing = bots.settle(tx);
  if (storing) await storing;
  for (const job of jobs) await tx.job(job);
  await due?.settle(tx, boxes, deps, date);
  return outcomes;
}

/** Runs the guards of the items. @returns the errors of those that refuse */
async function runGuards(batch: Batch, items: readonly Outgoing[], replies: ReplyTargets): Promise<Map<Outgoing, Error>> {
  const refusals = new Map<Outgoing, Error>();
  for (const item of items) {
    const isRepeat = item.parts.some(({ randomId }) => batch.keys.has(sendKeyOf(item.senderId, randomId)));
    if (item.guard === undefined || isRepeat || checkItem(batch, item, replies) !== undefined) continue;
    const error = await item.guard(batch.tx, batch.date);
    if (error !== undefined) refusals.set(item, error);
  }
  return refusals;
}

/** Leaves out the receiver who has blocked the sender since the send was prepared. The sender is not told. */
function withhold(item: Outgoing, terms: ArrivalTerms): Outgoing {
  return item.places.some((place) => terms.isBlocked(place)) ? { ...item, places: item.places.filter((place) => place.isOwn) } : item;
}

/**
 * Leaves out the bots of a basic group that do not see a message, and notes in it for which bots it is meant.
 * @param replies undefined for a part that replies to another part of the same call
 */
function hearBots(bots: GroupBots, item: Outgoing, part: OutgoingPart, replies?: ReplyTargets): { heard: Outgoing; repacked: ReturnType<typeof packPart> | undefined } {
  if (bots.isEmpty || item.chatVersion === undefined) return { heard: item, repacked: undefined };
  const target = replies?.addressingOf(item);
  const { places, meantFor } = bots.hear(chatIdOf(item.peerId), item.senderId, part, { places: item.places, target });
  return { heard: { ...item, places }, repacked: meantFor.length === 0 ? undefined : packPart(item, { ...part, extra: { ...part.extra, meantFor: [...meantFor] } }) };
}

/** The job that fetches the page a message waits for and puts it into all copies of the message. */
export function orderPage(webPages: Pick<WebPages, 'order'>, pending: PendingPage, row: MessageRow): NewJob {
  return webPages.order(pending, { ownerId: row.owner_id, message: { peerId: row.peer_id, globalId: row.global_id } });
}

/**
 * If the sender has a default lifetime for new chats and this is their first message to the chat, sets the lifetime and adds the service
 * message that announces it.
 */
function sayFirstTtl({ deps, boxes, date, terms }: Batch, item: Outgoing): void {
  // What another home would have to know of it does not travel.
  if (item.elsewhere) return;
  const period = terms.firstTtlOf({ ownerId: item.senderId, peerId: item.peerId });
  if (period === 0) return;
  const { places } = item;
  terms.begin(places, period);
  const extra = packMessageExtra({ action: { _: 'messageActionSetMessagesTTL', period, auto_setting_from: item.senderId } });
  addNoticeRows(boxes, deps.random, { authorId: item.senderId, places, extra, expires: false, origin: undefined }, { date, terms });
}

/** The packed `extra` of a message: without and with the reply header; and what the copies of others have instead, which are never replies. */
interface PackedPart {
  plain: Uint8Array | null;
  quoting: Uint8Array | null;
  ofOthers: Uint8Array | null | undefined;
  /** What the copy of a receiver elsewhere has. */
  elsewhere: PackedElsewhere | undefined;
}

/**
 * Packs `extra` before the boxes are locked, to keep the locks short. It packs both a version with the reply header and one without,
 * because a missing reply target removes the header.
 */
function packParts(item: Outgoing): PackedPart[] {
  return item.parts.map((part, at) => packPart(item, part, item.elsewhere?.parts[at]!.extra));
}

function packPart(item: Outgoing, { extra, extraOfOthers, answers }: OutgoingPart, extraElsewhere?: MessageExtra): PackedPart {
  const plain = packMessageExtra(extra);
  const quote = (answers ?? item.reply)?.quote;
  const ofOthers = extraOfOthers === undefined ? undefined : packMessageExtra(extraOfOthers);
  const elsewhere = extraElsewhere && packElsewhere(extraElsewhere, quote);
  return { plain, quoting: quote === undefined ? plain : packMessageExtra({ ...extra, replyTo: quote }), ofOthers, elsewhere };
}

/** The error of a call that may not be carried out; undefined if it may. */
function checkItem({ keys, due, chats }: Batch, item: Outgoing, replies: ReplyTargets): Error | undefined {
  let repeats = 0;
  for (const { randomId } of item.parts) {
    const key = keys.get(sendKeyOf(item.senderId, randomId));
    if (key === undefined) continue;
    if (key.message === undefined || key.peerId !== item.peerId) return rpcError('RANDOM_ID_DUPLICATE');
    repeats++;
  }
  const waits = item.scheduled !== undefined && due?.has(item.scheduled) === true;
  // A scheduled message that was sent no longer waits. So this one's random id was used for another message.
  if (waits && repeats > 0) return rpcError('RANDOM_ID_DUPLICATE');
  // A repeat gets the answer of the first send, even if the message replied to has been deleted since.
  if (repeats === item.parts.length) return undefined;
  if (item.scheduled !== undefined && !waits) return new ScheduledChanged();
  const chat = item.chatVersion === undefined ? undefined : chats.find((row) => row.chat_id === chatIdOf(item.peerId));
  if (chat?.version !== item.chatVersion) return new ChatChanged();
  return item.refusal ?? replies.errorOf(item);
}

/** What differs between the copies of a message. */
interface Content {
  packed: PackedPart;
  /** The message that it replies to. */
  answered: ReplyIds | undefined;
  /** Whom it mentions, of those who get a copy; undefined: nobody. */
  mentions: ReadonlySet<bigint> | undefined;
  /** What names the message in all boxes, if that is decided already. */
  globalId: bigint | undefined;
}

/** Whom a message mentions: in a basic group those whom its text names, and the author of the message that it replies to. */
function mentionedBy({ peerId }: Outgoing, { mentioned }: OutgoingPart, answeredId: bigint | undefined): ReadonlySet<bigint> | undefined {
  if (!isMarkedChat(peerId) || answeredId === undefined) return mentioned;
  return new Set([...(mentioned ?? []), answeredId]);
}

/** Adds the copies of everyone who gets the message, linked by one global_id. @returns them, the sender's first */
function addCopies({ deps, boxes, date, terms }: Batch, item: Outgoing, part: OutgoingPart, { packed, answered, mentions, globalId = deps.random.int63() }: Content): MessageRow[] {
  // What somebody sends to their own Saved Messages counts as played.
  const unplayed = isPlayedMedia(part.extra.media) && item.peerId !== item.senderId ? MessageFlag.mediaUnread : 0;
  // Media with a lifetime can be copied to no other chat.
  const flags = part.flags | unplayed | (isPassing(part.extra.media) ? MessageFlag.noforwards : 0);
  return item.places.map((place) => {
    const replyTo = answered?.get(place.ownerId) ?? null;
    // Each field by its name: spreading what the copies share took more time than all else here.
    return boxes.addMessage(
      place.ownerId,
      {
        global_id: globalId,
        peer_id: place.peerId,
        from_id: item.senderId,
        saved_peer_id: place.peerId === place.ownerId ? (part.savedPeerId ?? place.ownerId) : null,
        date,
        edit_date: null,
        flags: flags | (place.isOwn ? MessageFlag.out : mentions?.has(place.ownerId) === true && terms.mayMention(place, item.senderId) ? UNREAD_MENTION : 0),
        reply_to_msg_id: replyTo,
        text: part.text,
        extra: !place.isOwn && packed.ofOthers !== undefined ? packed.ofOthers : replyTo === null ? packed.plain : packed.quoting,
        ttl_period: terms.arrive(place, item.senderId),
      },
      place.isOwn ? item.origin : undefined,
    );
  });
}
