import type { tl } from '@aerogram/tl';

/** The parts of a message that are compared, in one form however the client learned of it. */
export interface SyncMessage {
  id: number;
  peer: bigint;
  out: boolean;
  pinned: boolean;
  media: tl.MessageMedia | undefined;
  /** Everything else, as JSON. */
  content: string;
}

/** The parameters of a send, which `updateShortSentMessage` does not repeat. */
export interface SyncSent {
  peer: bigint;
  message: string;
  replyTo: number | undefined;
  silent: boolean;
}

interface Step {
  pts: number;
  ptsCount: number;
  apply: () => void;
}

/**
 * Everything that a strict client stores about one account: messages with their pins, read marks, drafts, pinned dialogs and their order,
 * unread marks, archived chats, auto-delete timers, the own name. An update is only applied if it continues the pts.
 * @see https://core.telegram.org/api/updates
 */
export class SyncState {
  readonly self: bigint;
  pts = 0;
  date = 0;
  readonly messages = new Map<number, SyncMessage>();
  readonly readInbox = new Map<bigint, number>();
  readonly readOutbox = new Map<bigint, number>();
  readonly drafts = new Map<bigint, string>();
  readonly unreadMarks = new Set<bigint>();
  /** Chats in the archive. */
  readonly archived = new Set<bigint>();
  /** Auto-delete timers of chats, in seconds. */
  readonly ttls = new Map<bigint, number>();
  pinnedDialogs: bigint[] = [];
  name = '';
  /** The server sent updatesTooLong: it will not push what is missing. */
  isTooLong = false;
  /** Descriptions of broken rules. */
  readonly violations: string[] = [];
  #waiting: Step[] = [];

  constructor(self: bigint) {
    this.self = self;
  }

  /** True while an update waits for an earlier one. */
  get hasHole(): boolean {
    return this.#waiting.length > 0;
  }

  /** True while a message shows a web page that is still being fetched. */
  get hasPendingPage(): boolean {
    return [...this.messages.values()].some(({ media }) => media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending');
  }

  /** Describes the waiting updates and what they wait for. */
  get holes(): string {
    return `at pts ${this.pts}, waiting: ${this.#waiting.map(({ pts, ptsCount }) => `${pts - ptsCount} → ${pts}`).join(', ') || 'none'}`;
  }

  /** An independent copy. */
  clone(): SyncState {
    const copy = new SyncState(this.self);
    copy.pts = this.pts;
    copy.date = this.date;
    copy.name = this.name;
    copy.pinnedDialogs = [...this.pinnedDialogs];
    for (const [id, message] of this.messages) copy.messages.set(id, { ...message });
    for (const [peer, id] of this.readInbox) copy.readInbox.set(peer, id);
    for (const [peer, id] of this.readOutbox) copy.readOutbox.set(peer, id);
    for (const [peer, draft] of this.drafts) copy.drafts.set(peer, draft);
    for (const peer of this.unreadMarks) copy.unreadMarks.add(peer);
    for (const peer of this.archived) copy.archived.add(peer);
    for (const [peer, ttl] of this.ttls) copy.ttls.set(peer, ttl);
    return copy;
  }

  /** Applies pushed updates or the answer to a call. */
  applyUpdates(updates: tl.Updates, sent?: SyncSent): void {
    switch (updates._) {
      case 'updatesTooLong':
        this.isTooLong = true;
        return;
      case 'updateShortMessage': {
        const peer_id = { _: 'peerUser', user_id: updates.user_id } as const;
        const from_id = { _: 'peerUser', user_id: updates.out === true ? this.self : updates.user_id } as const;
        this.#step(updates, () => this.#put({ ...updates, _: 'message', peer_id, from_id }));
        return;
      }
      case 'updateShortSentMessage': {
        if (sent === undefined) {
          this.violations.push('updateShortSentMessage answers something other than a send');
          return;
        }
        const reply_to = sent.replyTo === undefined ? undefined : ({ _: 'messageReplyHeader', reply_to_msg_id: sent.replyTo } as const);
        const peer_id = { _: 'peerUser', user_id: sent.peer } as const;
        this.#step(updates, () => this.#put({ ...updates, _: 'message', out: true, peer_id, from_id: undefined, message: sent.message, silent: sent.silent ? true : undefined, reply_to }));
        return;
      }
      case 'updateShort':
        this.#update(updates.update, []);
        return;
      case 'updates':
      case 'updatesCombined':
        if (updates.seq !== 0) this.violations.push(`seq is ${updates.seq}`);
        for (const update of updates.updates) this.#update(update, updates.users);
        return;
      default:
        this.violations.push(`${updates._} in a private chat`);
    }
  }

  /** Applies a slice of a difference. @returns whether there is more */
  applyDifference(difference: tl.updates.Difference): boolean {
    switch (difference._) {
      case 'updates.differenceEmpty':
        this.date = difference.date;
        return false;
      case 'updates.differenceTooLong':
        this.violations.push('differenceTooLong, though no pts_total_limit was given');
        return false;
      case 'updates.difference':
      case 'updates.differenceSlice': {
        for (const message of difference.new_messages) this.#put(message);
        for (const update of difference.other_updates) this.#effect(update, difference.users);
        const state = difference._ === 'updates.difference' ? difference.state : difference.intermediate_state;
        if (state.pts < this.pts) this.violations.push(`a difference went back from pts ${this.pts} to ${state.pts}`);
        if (difference._ === 'updates.differenceSlice' && state.pts <= this.pts) this.violations.push(`a slice stays at pts ${this.pts}`);
        this.pts = state.pts;
        this.date = state.date;
        this.#drain();
        return difference._ === 'updates.differenceSlice';
      }
    }
  }

  /** Applies the answer of a call that changed the box without an `Updates`. */
  applyAffected(affected: { pts: number; pts_count: number }, apply: () => void): void {
    this.#step(affected, apply);
  }

  /** Adds a message from a history. */
  load(message: tl.Message): void {
    this.#put(message);
  }

  /** Deletes everything in a dialog. */
  clearDialog(peer: bigint): void {
    for (const [id, message] of this.messages) if (message.peer === peer) this.messages.delete(id);
  }

  /** Sets or deletes a draft. */
  putDraft(peer: bigint, draft: tl.DraftMessage): void {
    if (draft._ === 'draftMessageEmpty') this.drafts.delete(peer);
    else this.drafts.set(peer, draft.message);
  }

  /** Pins a dialog at the top, or unpins it. */
  pinDialog(peer: bigint, pinned: boolean): void {
    if (this.pinnedDialogs.includes(peer) === pinned) return;
    this.pinnedDialogs = pinned ? [peer, ...this.pinnedDialogs] : this.pinnedDialogs.filter((one) => one !== peer);
  }

  /** Marks a dialog as unread, or removes the mark. */
  markUnread(peer: bigint, unread: boolean): void {
    if (unread) this.unreadMarks.add(peer);
    else this.unreadMarks.delete(peer);
  }

  /** Moves a dialog to the archive (1) or the main list (0), where it is not pinned. */
  moveDialog(peer: bigint, folder: number): void {
    if (folder === 1) this.archived.add(peer);
    else this.archived.delete(peer);
    this.pinDialog(peer, false);
  }

  /** Sets the auto-delete timer of a chat. */
  setTtl(peer: bigint, ttl: number): void {
    if (ttl > 0) this.ttls.set(peer, ttl);
    else this.ttls.delete(peer);
  }

  /** The comparable part in a fixed order; read marks are described by the existing messages that they cover. */
  describe(): Record<string, unknown> {
    const messages = [...this.messages.values()].sort((a, b) => a.id - b.id);
    const below = (marks: Map<bigint, number>, out: boolean): number[] =>
      messages.filter((message) => message.out === out && message.peer !== this.self && message.id > (marks.get(message.peer) ?? 0)).map((message) => message.id);
    return {
      pts: this.pts,
      messages: messages.map((message) => ({ ...message, peer: String(message.peer), media: JSON.stringify(message.media ?? null, inOneOrder) })),
      unread: below(this.readInbox, false),
      unreadByPeers: below(this.readOutbox, true),
      drafts: Object.fromEntries([...this.drafts].map(([peer, draft]) => [String(peer), draft] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      pinnedDialogs: this.pinnedDialogs.map(String),
      unreadMarks: [...this.unreadMarks].map(String).sort(),
      archived: [...this.archived].map(String).sort(),
      ttls: Object.fromEntries([...this.ttls].map(([peer, ttl]) => [String(peer), ttl] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      name: this.name,
    };
  }

  #update(update: tl.Update, users: readonly tl.User[]): void {
    if ('pts' in update && 'pts_count' in update && update.pts_count > 0) this.#step(update, () => this.#effect(update, users));
    else this.#effect(update, users);
  }

  #step({ pts, pts_count: ptsCount }: { pts: number; pts_count: number }, apply: () => void): void {
    if (ptsCount === 0) return apply();
    // Known from a difference, or from an answer that this repeats.
    if (pts <= this.pts) return;
    this.#waiting.push({ pts, ptsCount, apply });
    this.#drain();
  }

  #drain(): void {
    this.#waiting.sort((a, b) => a.pts - b.pts);
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const from = next.pts - next.ptsCount;
      if (next.pts > this.pts && from > this.pts) return;
      this.#waiting.shift();
      if (next.pts <= this.pts) continue;
      if (from < this.pts) this.violations.push(`pts ${next.pts} with pts_count ${next.ptsCount} overlaps the known ${this.pts}`);
      this.pts = next.pts;
      next.apply();
    }
  }

  #effect(update: tl.Update, users: readonly tl.User[]): void {
    switch (update._) {
      case 'updateNewMessage':
      case 'updateEditMessage':
        this.#put(update.message);
        break;
      case 'updateDeleteMessages':
        for (const id of update.messages) this.messages.delete(id);
        break;
      case 'updateWebPage':
        this.showPage(update.webpage);
        break;
      case 'updatePinnedMessages':
        for (const id of update.messages) this.pinMessage(id, update.pinned === true);
        break;
      case 'updateReadHistoryInbox':
        this.raise(this.readInbox, peerOf(update.peer), update.max_id);
        break;
      case 'updateReadHistoryOutbox':
        this.raise(this.readOutbox, peerOf(update.peer), update.max_id);
        break;
      case 'updateDraftMessage':
        this.putDraft(peerOf(update.peer), update.draft);
        break;
      case 'updateDialogPinned':
        if (update.peer._ === 'dialogPeer') this.pinDialog(peerOf(update.peer.peer), update.pinned === true);
        break;
      case 'updatePinnedDialogs':
        if (update.order !== undefined) this.pinnedDialogs = update.order.flatMap((one) => (one._ === 'dialogPeer' ? [peerOf(one.peer)] : []));
        break;
      case 'updateDialogUnreadMark':
        if (update.peer._ === 'dialogPeer') this.markUnread(peerOf(update.peer.peer), update.unread === true);
        break;
      case 'updateFolderPeers':
        for (const { peer, folder_id: folder } of update.folder_peers) this.moveDialog(peerOf(peer), folder);
        break;
      case 'updatePeerHistoryTTL':
        this.setTtl(peerOf(update.peer), update.ttl_period ?? 0);
        break;
      case 'updateUserName':
      case 'updateUser':
        if (update.user_id === this.self) this.takeName(update, users);
        break;
      default:
        break;
    }
  }

  /** Read marks never move back. */
  raise(marks: Map<bigint, number>, peer: bigint, id: number): void {
    if (id > (marks.get(peer) ?? 0)) marks.set(peer, id);
  }

  /** Updates a web page in all messages that wait for it; an empty one leaves no preview. */
  showPage(page: tl.WebPage): void {
    for (const message of this.messages.values()) {
      const { media } = message;
      if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending' || !('id' in page) || media.webpage.id !== page.id) continue;
      message.media = page._ === 'webPageEmpty' ? undefined : { ...media, webpage: page };
    }
  }

  /** Pins or unpins a message. */
  pinMessage(id: number, pinned: boolean): void {
    const message = this.messages.get(id);
    if (message !== undefined) message.pinned = pinned;
  }

  private takeName(update: tl.updateUserName | tl.updateUser, users: readonly tl.User[]): void {
    const user = users.find((one) => one.id === this.self);
    if (user?._ === 'user') this.name = user.first_name ?? '';
    else if (update._ === 'updateUserName') this.name = update.first_name;
    else this.violations.push('updateUser comes without the user');
  }

  #put(message: tl.Message): void {
    if (message._ === 'messageEmpty') return;
    const peer = peerOf(message.peer_id);
    const out = message.out === true;
    const from = message.from_id === undefined ? (out ? this.self : peer) : peerOf(message.from_id);
    const reply = message.reply_to?._ === 'messageReplyHeader' ? message.reply_to.reply_to_msg_id : undefined;
    const body = message._ === 'messageService'
      ? message.action
      : [message.message, message.entities ?? [], message.edit_date ?? 0, message.edit_hide ?? false, message.fwd_from ?? null, message.silent ?? false];
    const content = JSON.stringify([from, message.date, reply ?? 0, message.ttl_period ?? 0, body], inOneOrder);
    const pinned = message._ === 'message' && message.pinned === true;
    const media = message._ === 'message' ? message.media : undefined;
    this.messages.set(message.id, { id: message.id, peer, out, pinned, media, content });
  }
}

function peerOf(peer: tl.Peer): bigint {
  if (peer._ !== 'peerUser') throw new Error(`${peer._} in a private chat`);
  return peer.user_id;
}

function inOneOrder(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));
}
