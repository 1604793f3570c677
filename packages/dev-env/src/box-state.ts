import type { tl } from '@mtcute/node';
import { listNamedPeers, markChat, markPeer, readMessage, showPage, type BoxMessage } from './box-message.ts';

/** Parameters of a `messages.sendMessage`, which `updateShortSentMessage` does not repeat. */
export interface SentContext {
  peer: number;
  text: string;
  reply_to?: number | undefined;
}

/** An update without pts, or one that only matters as an event, kept for waits such as "sees typing". */
export type BoxEvent = tl.TypeUpdate;

interface PtsStep {
  pts: number;
  ptsCount: number;
  apply: () => void;
}

const EVENTS_KEPT = 1000;

/**
 * The state of one account as a strict client knows it: messages, read marks and pts, built from pushes, answers or differences. It applies
 * an update only if it continues the pts, as the documentation requires (core.telegram.org/api/updates), and records every rule that the
 * server breaks.
 */
export class BoxState {
  readonly self: number;
  pts = 0;
  qts = 0;
  date = 0;
  readonly messages = new Map<number, BoxMessage>();
  readonly readInbox = new Map<number, number>();
  readonly readOutbox = new Map<number, number>();
  readonly knownUsers = new Set<number>();
  /** The version of each basic group as of the last update about it. */
  readonly groupVersions = new Map<number, number>();
  readonly events: BoxEvent[] = [];
  /** Descriptions of broken rules; a test fails if there are any. */
  readonly violations: string[] = [];
  /** The pts of each push in order of arrival: a server must send them in ascending order. */
  readonly pushedPts: number[] = [];
  private waiting: PtsStep[] = [];

  constructor(self: number) {
    this.self = self;
  }

  /** True while an update waits for an earlier one. */
  get hasHole(): boolean {
    return this.waiting.length > 0;
  }

  /** A copy with the same messages, marks and pts, but without the recorded events. */
  clone(): BoxState {
    const copy = new BoxState(this.self);
    copy.pts = this.pts;
    copy.qts = this.qts;
    copy.date = this.date;
    for (const [id, message] of this.messages) copy.messages.set(id, { ...message });
    for (const [peer, id] of this.readInbox) copy.readInbox.set(peer, id);
    for (const [peer, id] of this.readOutbox) copy.readOutbox.set(peer, id);
    for (const id of this.knownUsers) copy.knownUsers.add(id);
    for (const [id, version] of this.groupVersions) copy.groupVersions.set(id, version);
    return copy;
  }

  /** Adds users from an answer, so that later short updates may name them. */
  addUsers(users: tl.TypeUser[]): void {
    for (const user of users) this.knownUsers.add(user.id);
  }

  /**
   * Applies an `Updates` from a push or an answer.
   *
   * @param sent the request, if this is the answer to a send
   */
  applyUpdates(updates: tl.TypeUpdates, via: 'push' | 'answer', sent?: SentContext): void {
    switch (updates._) {
      case 'updatesTooLong':
        this.remember({ _: 'updatePtsChanged' });
        return;
      case 'updateShortMessage':
      case 'updateShortChatMessage':
        this.applyShortMessage(updates, via);
        return;
      case 'updateShortSentMessage':
        this.applyShortSent(updates, sent);
        return;
      case 'updateShort':
        if (updates.date > this.date) this.date = updates.date;
        this.applyUpdate(updates.update, via, this.knownUsers);
        return;
      case 'updates':
      case 'updatesCombined': {
        const brought = this.takePeers(updates, 'updates');
        if (updates.seq !== 0) this.violations.push(`rule P14: seq is ${updates.seq}, not 0`);
        if (updates.date > this.date) this.date = updates.date;
        for (const update of updates.updates) this.applyUpdate(update, via, brought);
      }
    }
  }

  /** Applies a slice of a difference, whose rows need no pts of their own, and takes over its state. */
  applyDifference(difference: tl.updates.TypeDifference): void {
    switch (difference._) {
      case 'updates.differenceEmpty':
        this.date = difference.date;
        return;
      case 'updates.differenceTooLong':
        this.pts = difference.pts;
        return;
      case 'updates.difference':
      case 'updates.differenceSlice': {
        const brought = this.takePeers(difference, 'getDifference');
        for (const message of difference.newMessages) {
          this.checkClosure(message, brought, 'getDifference');
          this.putMessage(message);
        }
        for (const update of difference.otherUpdates) this.applyEffect(update, brought);
        const state = difference._ === 'updates.difference' ? difference.state : difference.intermediateState;
        if (state.pts < this.pts) this.violations.push(`getDifference went back from pts ${this.pts} to ${state.pts}`);
        this.pts = state.pts;
        this.qts = state.qts;
        this.date = state.date;
        this.waiting = this.waiting.filter((step) => step.pts > this.pts);
        this.drain();
      }
    }
  }

  /** Takes over a loaded state, and then applies updates that were pushed meanwhile. */
  startAt(state: { pts: number; qts: number; date: number }): void {
    this.pts = state.pts;
    this.qts = state.qts;
    this.date = state.date;
    this.drain();
  }

  /** Applies the answer of a call that changed the box without an `Updates` (messages.affected*). */
  applyAffected(affected: { pts: number; ptsCount: number }, apply: () => void): void {
    this.step({ pts: affected.pts, ptsCount: affected.ptsCount, apply }, 'answer');
  }

  /** The peers that came along, by marked id. */
  private takePeers({ users, chats }: { users: tl.TypeUser[]; chats: tl.TypeChat[] }, where: string): Set<number> {
    const brought = new Set<number>();
    for (const chat of chats) {
      const id = markChat(chat);
      if (brought.has(id)) this.violations.push(`rule P12: chat ${id} comes twice in ${where}`);
      if (chat._ === 'channel' && chat.min) this.violations.push(`rule P12: channel ${id} is min in ${where}`);
      brought.add(id);
    }
    for (const user of users) {
      if (brought.has(user.id)) this.violations.push(`rule P12: user ${user.id} comes twice in ${where}`);
      if (user._ === 'user' && user.min) this.violations.push(`rule P12: user ${user.id} is min in ${where}`);
      brought.add(user.id);
      this.knownUsers.add(user.id);
    }
    return brought;
  }

  private checkClosure(message: tl.TypeMessage, brought: Set<number>, where: string): void {
    for (const peer of listNamedPeers(message)) {
      if (!brought.has(peer)) this.violations.push(`rule P12: message ${message.id} in ${where} names ${peer}, which does not travel with it`);
    }
  }

  private applyShortMessage(updates: tl.RawUpdateShortMessage | tl.RawUpdateShortChatMessage, via: 'push' | 'answer'): void {
    const peer = updates._ === 'updateShortMessage' ? updates.userId : -updates.chatId;
    const author = updates._ === 'updateShortMessage' ? (updates.out ? this.self : updates.userId) : updates.fromId;
    for (const id of [peer, author, updates.fwdFrom?.fromId ? markPeer(updates.fwdFrom.fromId) : 0]) {
      if (id > 0 && !this.knownUsers.has(id) && id !== this.self) this.violations.push(`rule P12: ${updates._} names ${id}, which this client never saw`);
    }
    if (updates.date > this.date) this.date = updates.date;
    const message: tl.RawMessage = {
      _: 'message',
      id: updates.id,
      out: updates.out,
      peerId: peer > 0 ? { _: 'peerUser', userId: peer } : { _: 'peerChat', chatId: -peer },
      fromId: { _: 'peerUser', userId: author },
      message: updates.message,
      date: updates.date,
      fwdFrom: updates.fwdFrom,
      replyTo: updates.replyTo,
      entities: updates.entities,
      ttlPeriod: updates.ttlPeriod,
    };
    this.step({ pts: updates.pts, ptsCount: updates.ptsCount, apply: () => this.putMessage(message) }, via);
  }

  private applyShortSent(updates: tl.RawUpdateShortSentMessage, sent: SentContext | undefined): void {
    if (!sent) {
      this.violations.push('rule P13: updateShortSentMessage answers something other than a send');
      return;
    }
    if (updates.date > this.date) this.date = updates.date;
    const message: BoxMessage = {
      id: updates.id,
      peer: sent.peer,
      from: this.self,
      out: Boolean(updates.out),
      text: sent.text,
      entities: updates.entities?.length ? JSON.stringify(updates.entities) : '',
      date: updates.date,
      edit_date: undefined,
      reply_to: sent.reply_to,
      forwarded_from: undefined,
      forward_date: undefined,
      ttl_period: updates.ttlPeriod,
      media: '',
    };
    this.step({ pts: updates.pts, ptsCount: updates.ptsCount, apply: () => this.messages.set(message.id, message) }, 'answer');
  }

  private applyUpdate(update: tl.TypeUpdate, via: 'push' | 'answer', brought: Set<number>): void {
    if ('pts' in update && 'ptsCount' in update && typeof update.pts === 'number' && !('channelId' in update)) {
      if (update.pts <= 0) this.violations.push(`rule P3: ${update._} has pts ${update.pts}`);
      this.step({ pts: update.pts, ptsCount: update.ptsCount, apply: () => this.applyEffect(update, brought) }, via);
      return;
    }
    this.applyEffect(update, brought);
  }

  private step(step: PtsStep, via: 'push' | 'answer'): void {
    if (via === 'push' && step.ptsCount > 0) {
      const last = this.pushedPts.at(-1) ?? 0;
      if (step.pts <= last) this.violations.push(`rule S3: pushed pts ${step.pts} after ${last}`);
      this.pushedPts.push(step.pts);
    }
    if (step.ptsCount === 0) {
      step.apply();
      return;
    }
    // A step that is not newer was applied before: a repeated answer, or a push that came after its answer.
    if (step.pts <= this.pts) return;
    this.waiting.push(step);
    this.drain();
  }

  private drain(): void {
    this.waiting.sort((a, b) => a.pts - b.pts);
    while (this.waiting.length > 0) {
      const next = this.waiting[0]!;
      if (next.pts <= this.pts) {
        this.waiting.shift();
        continue;
      }
      if (next.pts - next.ptsCount > this.pts) return;
      if (next.pts - next.ptsCount < this.pts) {
        this.violations.push(`pts ${next.pts} with pts_count ${next.ptsCount} overlaps the known ${this.pts}`);
      }
      this.waiting.shift();
      this.pts = next.pts;
      next.apply();
    }
  }

  /** Each change of a basic group is told once and in its order. A whole list of members begins anew, as for those who come back. */
  private checkVersion(update: tl.TypeUpdate): void {
    if (update._ === 'updateChatParticipants') {
      if (update.participants._ === 'chatParticipants') this.groupVersions.set(update.participants.chatId, update.participants.version);
      return;
    }
    if (!('version' in update) || typeof update.version !== 'number') return;
    const chatId = 'chatId' in update ? update.chatId : 'peer' in update && update.peer?._ === 'peerChat' ? update.peer.chatId : undefined;
    if (chatId === undefined) return;
    const known = this.groupVersions.get(chatId);
    if (known !== undefined && update.version > known + 1) {
      this.violations.push(`rule P20: ${update._} brings version ${update.version} of group ${chatId} behind ${known}`);
    }
    if (update.version > (known ?? 0)) this.groupVersions.set(chatId, update.version);
  }

  private applyEffect(update: tl.TypeUpdate, brought: Set<number>): void {
    this.checkVersion(update);
    switch (update._) {
      case 'updateNewMessage':
      case 'updateEditMessage':
        this.checkClosure(update.message, brought, update._);
        this.putMessage(update.message);
        break;
      case 'updateWebPage':
        for (const message of this.messages.values()) message.media = showPage(message.media, update.webpage);
        break;
      case 'updateDeleteMessages':
        for (const id of update.messages) this.messages.delete(id);
        break;
      case 'updateReadHistoryInbox':
        raise(this.readInbox, markPeer(update.peer), update.maxId);
        break;
      case 'updateReadHistoryOutbox':
        raise(this.readOutbox, markPeer(update.peer), update.maxId);
        break;
      default:
        break;
    }
    this.remember(update);
  }

  private putMessage(message: tl.TypeMessage): void {
    if (message._ === 'messageEmpty') return;
    const seen = readMessage(message, this.self);
    this.messages.set(seen.id, seen);
  }

  private remember(event: BoxEvent): void {
    this.events.push(event);
    if (this.events.length > EVENTS_KEPT) this.events.shift();
  }
}

/** Moves a read mark forward; marks never move back. */
export function raise(marks: Map<number, number>, peer: number, id: number): void {
  if (id > (marks.get(peer) ?? 0)) marks.set(peer, id);
}
