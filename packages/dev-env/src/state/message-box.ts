import { endMedia, keyOfReaction, lifetimeOf, VIEW_ONCE } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';
import { markPeer, readMessage, type BoxMessage } from './box-message.ts';
import { canonicalJson, plain } from './canonical.ts';
import { learnPoll } from './poll-state.ts';

/** Messages of an account and how far they were read, by marked peers. */
export class MessageBox {
  readonly self: bigint;
  readonly messages = new Map<number, BoxMessage>();
  readonly readInbox = new Map<number, number>();
  readonly readOutbox = new Map<number, number>();

  constructor(self: bigint) {
    this.self = self;
  }

  /** An independent copy. */
  clone(): MessageBox {
    const copy = new MessageBox(this.self);
    // Messages are never changed, only replaced.
    for (const [id, message] of this.messages) copy.messages.set(id, message);
    for (const [peer, id] of this.readInbox) copy.readInbox.set(peer, id);
    for (const [peer, id] of this.readOutbox) copy.readOutbox.set(peer, id);
    return copy;
  }

  /** Takes a message in, in the place of what was there under its id. */
  put(message: tl.Message): void {
    if (message._ === 'messageEmpty') return;
    const known = this.messages.get(message.id)?.raw;
    const read = readMessage(message, this.self);
    const kept = known === undefined ? read.raw : keepPoll(known, read.raw);
    // What was read already has no references of files any more, and cannot be read again.
    this.messages.set(message.id, kept === read.raw ? read : readMessage(kept, this.self));
  }

  /** Changes some fields of messages; those that are not there are passed over. */
  change(ids: Iterable<number>, change: (raw: tl.message | tl.messageService) => Partial<tl.message>): void {
    for (const id of ids) {
      const message = this.messages.get(id);
      if (message) this.put({ ...message.raw, ...change(message.raw) } as tl.Message);
    }
  }

  /** Whether a chat has any message. */
  hasMessages(peer: number): boolean {
    for (const message of this.messages.values()) if (message.peer === peer) return true;
    return false;
  }

  /** The id of the first message of a chat; undefined if it has none. */
  firstOf(peer: number): number | undefined {
    let first: number | undefined;
    for (const { id, peer: of } of this.messages.values()) if (of === peer && (first === undefined || id < first)) first = id;
    return first;
  }

  /** Ids of the messages of a chat. */
  idsOf(peer: number): number[] {
    return this.list((message) => message.peer === peer).map(({ id }) => id);
  }

  /** Messages that fit, in order of their ids. */
  list(fits: (message: BoxMessage) => boolean = () => true): BoxMessage[] {
    return [...this.messages.values()].filter(fits).sort((a, b) => a.id - b.id);
  }

  remove(ids: Iterable<number>): void {
    for (const id of ids) this.messages.delete(id);
  }

  /** Pins messages or unpins them. */
  pin(ids: Iterable<number>, pinned: boolean): void {
    this.change(ids, () => ({ pinned: pinned || undefined }));
  }

  /** Shows the reactions to a message as an update has them. What is the same for all (`min`) takes nothing away that concerns the owner alone. */
  react(id: number, reactions: tl.messageReactions): void {
    this.change([id], ({ reactions: known }) => ({ reactions: reactions.min === true ? this.#complete(reactions, known) : reactions }));
  }

  #complete({ min: _min, results, recent_reactions, ...rest }: tl.messageReactions, known: tl.messageReactions | undefined): tl.messageReactions {
    const chosen = new Map(known?.results.map((one) => [canonicalJson(one.reaction), one.chosen_order]));
    const keyOf = ({ peer_id, reaction, date }: tl.messagePeerReaction): string => canonicalJson({ peer_id, reaction, date });
    const recent = new Map(known?.recent_reactions?.map((one) => [keyOf(one), one]));
    const isMine = ({ peer_id }: tl.messagePeerReaction): true | undefined => (markPeer(peer_id) === Number(this.self) ? true : undefined);
    return {
      ...rest,
      results: results.map((one) => ({ ...one, chosen_order: chosen.get(canonicalJson(one.reaction)) })),
      recent_reactions: recent_reactions?.map((one) => ({ ...one, my: isMine(one) ?? recent.get(keyOf(one))?.my, unread: recent.get(keyOf(one))?.unread })),
    };
  }

  /** Ids of the messages of a chat that show reactions. */
  listReacted(peer: number): number[] {
    return this.list((message) => message.peer === peer && message.raw.reactions !== undefined).map(({ id }) => id);
  }

  /** Marks reactions to messages as seen. */
  seeReactions(ids: Iterable<number>): void {
    this.change(ids, ({ reactions }) => {
      const recent = reactions?.recent_reactions;
      return recent === undefined ? {} : { reactions: { ...reactions!, recent_reactions: recent.map((one) => ({ ...one, unread: undefined })) } };
    });
  }

  /** Marks messages as played. */
  play(ids: Iterable<number>): void {
    this.change(ids, () => ({ media_unread: undefined }));
  }

  /** Takes away media that can be viewed once, as the device does by itself that has shown them. */
  closeViewed(ids: Iterable<number>): void {
    this.change(ids, (raw) => {
      const media = raw._ === 'message' ? raw.media : undefined;
      return lifetimeOf(media) === VIEW_ONCE ? { message: '', entities: undefined, media: endMedia(media) } : {};
    });
  }

  /** Updates a web page in all messages that wait for it; an empty one leaves no preview. */
  showPage(page: tl.WebPage): void {
    for (const { id, raw } of this.messages.values()) {
      const media = raw._ === 'message' ? raw.media : undefined;
      if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending' || !('id' in page) || media.webpage.id !== page.id) continue;
      this.change([id], () => ({ media: page._ === 'webPageEmpty' ? undefined : { ...media, webpage: page } }));
    }
  }

  /** Shows how a poll stands in all messages that have it. */
  showPoll(update: tl.updateMessagePoll): void {
    for (const { id, media } of this.#polls()) if (media.poll.id === update.poll_id) this.change([id], () => ({ media: learnPoll(media, update) }));
  }

  /**
   * Takes over how polls stand, for a device that was away: votes leave nothing in a log, and clients ask for the results of what they show. Polls of basic groups that the owner has
   * left are always taken over: they are shown without results from then on, which no update tells.
   */
  readPolls(loaded: MessageBox, wasAway: boolean): void {
    const found = new Map(loaded.#polls().filter(({ media }) => wasAway || isWithheld(media)).map(({ id, media }) => [id, media]));
    for (const { id } of this.#polls()) {
      const media = found.get(id);
      // Not as a change, which keeps what results that are the same for all do not say.
      if (media !== undefined) this.messages.set(id, readMessage({ ...this.messages.get(id)!.raw, media } as tl.message, this.self));
    }
  }

  #polls(): { id: number; media: tl.messageMediaPoll }[] {
    return [...this.messages.values()].flatMap(({ id, raw }) => (raw._ === 'message' && raw.media?._ === 'messageMediaPoll' ? [{ id, media: raw.media }] : []));
  }

  /** True while a message shows a web page that is still being fetched. */
  get hasPendingPage(): boolean {
    return this.list(({ raw }) => raw._ === 'message' && raw.media?._ === 'messageMediaWebPage' && raw.media.webpage._ === 'webPagePending').length > 0;
  }

  /** Ids of what others wrote in a chat that is not read yet. */
  listUnread(peer: number): number[] {
    const mark = this.readInbox.get(peer) ?? 0;
    return this.list((message) => message.peer === peer && !message.out && peer !== Number(this.self) && message.id > mark).map(({ id }) => id);
  }

  /** Ids of own messages in a chat that the other side has not read yet. */
  listUnreadByPeer(peer: number): number[] {
    const mark = this.readOutbox.get(peer) ?? 0;
    return this.list((message) => message.peer === peer && isOwn(message, this.self) && message.id > mark).map(({ id }) => id);
  }

  /** Ids of messages in a chat with reactions that were not seen. */
  listUnseenReactions(peer: number): number[] {
    return this.list((message) => message.peer === peer && message.raw.reactions?.recent_reactions?.some((one) => one.unread === true) === true).map(({ id }) => id);
  }

  /** Ids of messages in a chat that name the owner and were not seen. @param topicId only those in this topic of a forum; undefined: all */
  listUnseenMentions(peer: number, topicId?: number): number[] {
    return this.list((message) => message.peer === peer && message.raw.mentioned === true && message.raw.media_unread === true && isInTopic(message, topicId)).map(({ id }) => id);
  }

  /** How many messages bear each tag in Saved Messages, by the key of the reaction. */
  countTags(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { raw } of this.list(({ raw: { reactions } }) => reactions?.reactions_as_tags === true)) {
      for (const { reaction } of raw.reactions!.results) counts.set(keyOfReaction(reaction), (counts.get(keyOfReaction(reaction)) ?? 0) + 1);
    }
    return counts;
  }

  /** The newest message that came from each peer into Saved Messages, by marked peer. */
  listSavedTops(): Map<number, number> {
    const tops = new Map<number, number>();
    for (const { id, raw } of this.list()) if (raw.saved_peer_id !== undefined) tops.set(markPeer(raw.saved_peer_id), id);
    return tops;
  }

  /** What is compared. Marks count by what they say of the messages that are there. */
  describe(): Record<string, unknown> {
    const peers = [...new Set([...this.messages.values()].map(({ peer }) => peer))];
    const ofPeers = (list: (peer: number) => number[]): number[] => peers.flatMap(list).sort((a, b) => a - b);
    return {
      messages: this.list().map(({ raw }) => plain(raw)),
      unread: ofPeers((peer) => this.listUnread(peer)),
      unreadByPeers: ofPeers((peer) => this.listUnreadByPeer(peer)),
    };
  }
}

/** Whether the owner wrote it, also in Saved Messages, where nothing is outgoing. */
function isOwn(message: BoxMessage, self: bigint): boolean {
  return message.out || message.peer === Number(self);
}

/** Moves a read mark forward; marks never move back. */
export function raise(marks: Map<number, number>, peer: number, id: number): void {
  if (id > (marks.get(peer) ?? 0)) marks.set(peer, id);
}

/** Whether a message belongs to a topic, by its header; without one it belongs to General, whose id is 1. */
function isInTopic({ raw }: BoxMessage, topicId: number | undefined): boolean {
  const header = raw.reply_to?._ === 'messageReplyHeader' && raw.reply_to.forum_topic ? raw.reply_to : undefined;
  return topicId === undefined || topicId === (header?.reply_to_top_id ?? header?.reply_to_msg_id ?? 1);
}

/** A message in the place of what was known of it, with what results that are the same for all do not say of its poll. Pure. */
function keepPoll(known: tl.message | tl.messageService, next: tl.message | tl.messageService): tl.message | tl.messageService {
  const [had, media] = [known, next].map((one) => (one._ === 'message' && one.media?._ === 'messageMediaPoll' ? one.media : undefined));
  return next._ !== 'message' || had === undefined || media?.results.min !== true ? next : { ...next, media: learnPoll(had, media) };
}

/** Whether a poll is shown as one in which the viewer has no part any more. Pure. */
function isWithheld({ poll, results }: tl.messageMediaPoll): boolean {
  return poll.closed === true && results.min === true && (results.results ?? []).length === 0;
}
