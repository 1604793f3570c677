import { updateKind, type tl } from '@aerogram/tl';
import { Cells } from './cells.ts';
import { ChannelStates, type ChannelUpdate } from './channel-states.ts';
import { expireBars } from './dialog-effects.ts';
import { applyEffect } from './effects.ts';
import { keepChats, markChat } from './group-effects.ts';
import { GroupVersions } from './group-versions.ts';
import { listNamedPeers } from './list-named-peers.ts';
import { MessageBox } from './message-box.ts';
import { PtsLine } from './pts-line.ts';
import { QtsLine, qtsOf } from './qts-line.ts';
import { readShortMessage, readShortSent } from './short-updates.ts';
import { keepUsers } from './user-effects.ts';

/** Subjects of cells that clients show with the messages of a chat only. */
const OF_CHATS = new Set(['bar', 'group', 'full-group']);

/**
 * All that a strict client knows of one account, however it learns it: pushes, answers, differences, or a load. It applies an update only
 * where it continues the pts, as the documents demand, and writes down every rule that the server breaks.
 * @see https://core.telegram.org/api/updates
 */
export class AccountState {
  readonly self: number;
  date = 0;
  box: MessageBox;
  cells: Cells;
  /** Users that this client was shown: later short updates may name them. */
  readonly knownUsers = new Set<number>();
  /** The version of each basic group as of the last update about it. */
  readonly groupVersions = new GroupVersions();
  /** The server sent updatesTooLong: it will not push what is missing. */
  isTooLong = false;
  /** Descriptions of broken rules; a test fails if there are any. */
  readonly violations: string[] = [];
  /** The pts of each push of the box in the order of arrival: a server must send them ascending. */
  readonly pushedPts: number[] = [];
  /** How many entries of {@link pushedPts}, from its start, the server may push once more. */
  #pushesBefore = 0;
  /** Called with each update when it is applied. */
  onApplied: (update: tl.Update) => void = () => {};
  /** The channels that the account is in, each with a pts of its own. */
  readonly channels: ChannelStates;
  readonly #line: PtsLine;
  readonly #qtsLine: QtsLine;
  /** Whether a difference was read, so that pushes may have been missed. */
  #wasAway = false;

  constructor(self: bigint | number, box = new MessageBox(BigInt(self)), cells = new Cells()) {
    this.self = Number(self);
    this.box = box;
    this.cells = cells;
    this.#line = new PtsLine(this.violations);
    this.#qtsLine = new QtsLine(this.violations);
    this.channels = new ChannelStates(this.self, this.violations);
  }

  get messages(): MessageBox['messages'] {
    return this.box.messages;
  }

  get pts(): number {
    return this.#line.pts;
  }

  /** Sets the position that an answer of the server named. Updates that were pushed before that answer came are applied after it. */
  set pts(pts: number) {
    this.#line.moveTo(pts);
  }

  get qts(): number {
    return this.#qtsLine.qts;
  }

  /** Sets the qts that an answer of the server named. */
  set qts(qts: number) {
    this.#qtsLine.moveTo(qts);
  }

  /** True while an update waits for an earlier one. */
  get hasHole(): boolean {
    return this.#line.hasHole || this.#qtsLine.hasHole || this.channels.hasHole;
  }

  /** Where the box and the channels are and what waits for what, in words. */
  get holes(): string {
    return `at pts ${this.#line.holes}; at qts ${this.#qtsLine.holes}${this.channels.holes}`;
  }

  /** A copy that goes its own way, without the log. */
  clone(): AccountState {
    const copy = new AccountState(this.self, this.box.clone(), this.cells.clone());
    copy.pts = this.pts;
    copy.qts = this.qts;
    copy.date = this.date;
    for (const id of this.knownUsers) copy.knownUsers.add(id);
    for (const [id, version] of this.groupVersions) copy.groupVersions.set(id, version);
    copy.channels.copyFrom(this.channels);
    copy.#wasAway = this.#wasAway;
    copy.channels.wasAway = this.channels.wasAway;
    return copy;
  }

  /** Moves to what was loaded; what was pushed meanwhile follows it. */
  become(loaded: AccountState): void {
    this.box = loaded.box;
    this.cells = loaded.cells;
    for (const id of loaded.knownUsers) this.knownUsers.add(id);
    this.channels.copyFrom(loaded.channels);
    this.violations.push(...loaded.violations);
    this.qts = loaded.qts;
    this.date = loaded.date;
    this.pts = loaded.pts;
  }

  /** Takes users that came with an answer. */
  addUsers(users: readonly tl.User[]): void {
    for (const user of users) this.knownUsers.add(Number(user.id));
    keepUsers(this, users);
  }

  /**
   * Applies an `Updates`.
   *
   * @param via how it came
   * @param request what it answers, if it answers a call
   */
  applyUpdates(updates: tl.Updates, via: 'push' | 'answer', request?: tl.AnyMethod): void {
    if ('date' in updates && updates.date > this.date) this.date = updates.date;
    switch (updates._) {
      case 'updatesTooLong':
        this.isTooLong = true;
        return;
      case 'updateShortMessage':
      case 'updateShortChatMessage': {
        const message = readShortMessage(updates, this.self);
        for (const id of listNamedPeers(message)) {
          if (!this.knownUsers.has(id) && id !== this.self) this.violations.push(`rule P12: ${updates._} names ${id}, which this client never saw`);
        }
        this.#step(updates, { _: 'updateNewMessage', message, pts: updates.pts, pts_count: updates.pts_count }, via);
        return;
      }
      case 'updateShortSentMessage':
        if (request?._ !== 'messages.sendMessage') {
          this.violations.push(`rule P13: updateShortSentMessage answers ${request?._ ?? 'no call'}`);
          return;
        }
        this.#step(updates, { _: 'updateNewMessage', message: readShortSent(updates, request, this.self), pts: updates.pts, pts_count: updates.pts_count }, via);
        return;
      case 'updateShort':
        this.#update(updates.update, via, undefined);
        return;
      case 'updates':
      case 'updatesCombined': {
        if (updates.seq !== 0) this.violations.push(`rule P14: seq is ${updates.seq}, not 0`);
        const brought = this.#bring(updates, 'updates');
        for (const update of updates.updates) this.#update(update, via, brought);
      }
    }
  }

  /** Applies a slice of a difference, whose rows need no pts of their own, and moves to its state. @param from the pts that it was asked for with @returns whether there is more */
  applyDifference(difference: tl.updates.Difference, from = this.pts): boolean {
    switch (difference._) {
      case 'updates.differenceEmpty':
        this.#wasAway = true;
        this.date = difference.date;
        return false;
      case 'updates.differenceTooLong':
        this.pts = difference.pts;
        this.violations.push('rule P15: differenceTooLong, though no pts_total_limit was given');
        return false;
      case 'updates.difference':
      case 'updates.differenceSlice': {
        const state = difference._ === 'updates.difference' ? difference.state : difference.intermediate_state;
        // The answer to a send has moved the account on since this one was asked for: it would bring back what is older.
        if (from < this.pts && state.pts < this.pts) return true;
        this.#wasAway = true;
        const brought = this.#bring(difference, 'getDifference');
        const news = difference.new_messages.map((message): tl.Update => ({ _: 'updateNewMessage', message, pts: 0, pts_count: 0 }));
        for (const update of [...news, ...difference.other_updates]) this.#apply(update, brought, 'getDifference');
        expireBars(this, difference.other_updates);
        if (state.pts < this.pts) this.violations.push(`a difference went back from pts ${this.pts} to ${state.pts}`);
        if (difference._ === 'updates.differenceSlice' && state.pts <= this.pts && state.qts <= this.qts) this.violations.push(`a slice stays at pts ${this.pts} and qts ${this.qts}`);
        if (state.qts < this.qts) this.violations.push(`a difference went back from qts ${this.qts} to ${state.qts}`);
        this.#qtsLine.expectPushesAgain();
        this.qts = state.qts;
        this.date = state.date;
        this.pts = state.pts;
        return difference._ === 'updates.differenceSlice';
      }
    }
  }

  /** Applies the answer of a call that moved the box without an `Updates` (`messages.affected*`). */
  applyAffected(affected: { pts: number; pts_count: number }, apply: () => void): void {
    this.#line.step(affected, apply);
  }

  /** Asks how polls stand if pushes may have been missed: who was away does so. @param loaded a state that was just loaded */
  readPolls(loaded: AccountState): void {
    const wasAway = this.#wasAway || this.channels.wasAway;
    this.box.readPolls(loaded.box, wasAway);
    if (wasAway) this.channels.readPolls(loaded.channels);
  }

  /** What is compared, in a fixed order. */
  describe(): Record<string, unknown> {
    const isShown = this.#shown();
    const cells = Object.entries(this.cells.describe()).filter(([name]) => isShown(name));
    return { pts: this.pts, qts: this.qts, ...this.box.describe(), ...this.channels.describe(), ...Object.fromEntries(cells) };
  }

  /** Trusts what was compared with what the server has. A group without messages was not: clients read it again when it has any. */
  trust(): void {
    this.#wasAway = false;
    this.channels.wasAway = false;
    this.cells.trust(this.#shown());
  }

  /** True while a link preview is still being fetched. */
  get hasPendingPage(): boolean {
    return this.box.hasPendingPage || [...this.channels.states].some(([, { box }]) => box.hasPendingPage);
  }

  /** Returns which cells clients show. */
  #shown(): (name: string) => boolean {
    const used = this.box.countTags();
    const chats = new Set([...this.messages.values()].map(({ peer }) => peer));
    return (name) => {
      const [subject, of] = name.split(' ');
      // Clients count themselves which tags are in use, and show the others with messages only.
      if (subject === 'tag') return used.has(of!);
      // Clients show what is scheduled in a group together with the group, which may have been deleted.
      if (subject === 'scheduled' && Number(of) < 0) return chats.has(Number(of));
      return !OF_CHATS.has(subject!) || chats.has(Number(of));
    };
  }

  /** @returns the peers that came along, by marked id */
  #bring({ users, chats }: { users: readonly tl.User[]; chats: readonly tl.Chat[] }, where: string): Set<number> {
    const brought = new Set<number>();
    for (const chat of chats) {
      const id = markChat(chat);
      if (brought.has(id)) this.violations.push(`rule P12: chat ${id} comes twice in ${where}`);
      if (chat._ === 'channel' && chat.min === true) this.violations.push(`rule P12: channel ${id} is min in ${where}`);
      brought.add(id);
    }
    keepChats(this, chats);
    for (const user of users) {
      const id = Number(user.id);
      if (brought.has(id)) this.violations.push(`rule P12: user ${id} comes twice in ${where}`);
      if (user._ === 'user' && user.min === true) this.violations.push(`rule P12: user ${id} is min in ${where}`);
      brought.add(id);
    }
    this.addUsers(users);
    return brought;
  }

  #update(update: tl.Update, via: 'push' | 'answer', brought: ReadonlySet<number> | undefined): void {
    if (updateKind(update._) === 'channel_pts') {
      this.#checkNamed(update, brought, via);
      // The cast is safe: the kind holds for these constructors only.
      return this.channels.step(update as ChannelUpdate, () => this.onApplied(update));
    }
    const qts = qtsOf(update);
    if (qts !== undefined) return this.#qtsLine.step(qts, via, () => this.#apply(update, brought, via));
    const counts = updateKind(update._) === 'pts' && 'pts' in update && 'pts_count' in update;
    if (!counts) return this.#apply(update, brought, via);
    this.#step(update, update, via, brought);
  }

  /**
   * Notes that a difference is being read on this connection, or was read: what was pushed beyond it is pushed again (rule S3, lossy hints).
   * @param isReading pushes may repeat until this is called again, because they may be seen before the answer that makes the server repeat them
   */
  expectPushesAgain(isReading: boolean): void {
    this.#pushesBefore = isReading ? Infinity : this.pushedPts.length;
    this.#qtsLine.expectPushesAgain(isReading);
  }

  /** Forgets what was pushed, because the order begins again. */
  forgetPushes(): void {
    this.pushedPts.length = 0;
    this.#pushesBefore = 0;
    this.#qtsLine.expectPushesAgain();
  }

  #step(place: { pts: number; pts_count: number }, update: tl.Update, via: 'push' | 'answer', brought?: ReadonlySet<number>): void {
    if (place.pts <= 0) this.violations.push(`rule P3: ${update._} has pts ${place.pts}`);
    if (via === 'push' && place.pts_count > 0) {
      const last = this.pushedPts.length > this.#pushesBefore ? this.pushedPts.at(-1)! : 0;
      if (place.pts <= last) this.violations.push(`rule S3: pushed pts ${place.pts} after ${last}`);
      this.pushedPts.push(place.pts);
    }
    this.#line.step(place, () => this.#apply(update, brought, via));
  }

  /** Checks that everybody whom an update names came along. */
  #checkNamed(update: tl.Update, brought: ReadonlySet<number> | undefined, where: string): void {
    for (const id of brought === undefined ? [] : listNamedPeers(update)) {
      if (brought?.has(id) === false) this.violations.push(`rule P12: ${update._} by ${where} names ${id}, which does not travel with it`);
    }
  }

  /** Applies a slice of the difference of a channel. @param from the pts that was asked with @returns whether there is more */
  applyChannelDifference(id: number, difference: tl.updates.ChannelDifference, from: number): boolean {
    // Another answer or a push has moved the channel on since this one was asked for: it would bring back what is older. A channel that is read from its beginning lacks all
    // of it, even if a push has made it known meanwhile.
    if (from > 1 && (this.channels.find(id)?.line.pts ?? from) > from) return true;
    if (difference._ !== 'updates.channelDifferenceEmpty') {
      const brought = this.#bring(difference, 'getChannelDifference');
      const named = difference._ === 'updates.channelDifference' ? [...difference.new_messages, ...difference.other_updates] : difference.messages;
      for (const one of named) this.#checkNamed(one as tl.Update, brought, 'getChannelDifference');
    }
    return this.channels.applyDifference(id, difference, from);
  }

  /** @param brought whom the container of the update brought; undefined where none does */
  #apply(update: tl.Update, brought: ReadonlySet<number> | undefined, where: string): void {
    this.#checkNamed(update, brought, where);
    const broken = this.groupVersions.follow(update);
    if (broken !== undefined) this.violations.push(broken);
    applyEffect(this, update);
    this.onApplied(update);
  }
}
