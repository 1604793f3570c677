import type { tl } from '@aerogram/tl';
import { markPeer } from './box-message.ts';
import { MessageBox, raise } from './message-box.ts';
import { PtsLine } from './pts-line.ts';

/** A client that is at most so many events behind gets all of them. */
const BEHIND_MAX = 1000;

/** What a strict client knows of one channel: its messages, how far they were read, and the pts. */
export class ChannelState {
  readonly box: MessageBox;
  readonly line: PtsLine;

  constructor(self: number, violations: string[], pts: number) {
    this.box = new MessageBox(BigInt(self));
    this.line = new PtsLine(violations);
    this.line.pts = pts;
  }
}

/** Updates with the pts of a channel. */
export type ChannelUpdate = Extract<tl.Update, { _: 'updateNewChannelMessage' | 'updateEditChannelMessage' | 'updateDeleteChannelMessages' | 'updatePinnedChannelMessages' | 'updateChannelWebPage' }>;

/** The marked id of the channel that an update is about. */
export function channelOf(update: ChannelUpdate): number {
  if ('channel_id' in update) return markPeer({ _: 'peerChannel', channel_id: update.channel_id });
  const { message } = update;
  return message._ === 'messageEmpty' || message.peer_id._ !== 'peerChannel' ? 0 : markPeer(message.peer_id);
}

/**
 * The channels of an account, by marked id. Each has an event sequence of its own. A channel that is not known, or of which the server says that
 * it has moved on, is `behind`: a client asks for its difference.
 * @see https://core.telegram.org/api/updates
 */
export class ChannelStates {
  /** Whether a difference was read, so that pushes may have been missed. */
  wasAway = false;
  readonly behind = new Set<number>();
  /** Channels of which only the newest message is known, because the client was too far behind. Their histories have to be read again. */
  readonly unloaded = new Set<number>();
  readonly #self: number;
  readonly #violations: string[];
  readonly #states = new Map<number, ChannelState>();
  /** Updates of channels that are not known yet. They may have been pushed behind a difference whose answer is applied only after them. */
  readonly #early = new Map<number, { update: ChannelUpdate; applied: () => void }[]>();

  constructor(self: number, violations: string[]) {
    this.#self = self;
    this.#violations = violations;
  }

  find(id: number): ChannelState | undefined {
    return this.#states.get(id);
  }

  /** The state of a channel; a new one begins at a pts. */
  open(id: number, pts = 1): ChannelState {
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    const state = new ChannelState(this.#self, this.#violations, pts);
    this.#states.set(id, state);
    return state;
  }

  /** Forgets a channel that the account is in no longer. */
  forget(id: number): void {
    this.#states.delete(id);
    this.#early.delete(id);
    this.behind.delete(id);
  }

  get states(): IterableIterator<[number, ChannelState]> {
    return this.#states.entries();
  }

  /** True while an update of a channel waits for an earlier one, or a channel has to be read. */
  get hasHole(): boolean {
    return this.behind.size > 0 || [...this.#states.values()].some(({ line }) => line.hasHole);
  }

  /** Describes the channels that wait, in words; empty if none does. */
  get holes(): string {
    const waiting = [...this.#states].filter(([, { line }]) => line.hasHole).map(([id, { line }]) => `; channel ${id} at pts ${line.holes}`);
    return waiting.join('') + [...this.behind].map((id) => `; channel ${id} has to be read`).join('');
  }

  /** Applies an update where it continues the channel. The first event of a channel has pts 2. */
  step(update: ChannelUpdate, applied: () => void): void {
    const id = channelOf(update);
    const isFirst = update.pts - update.pts_count === 1;
    const state = this.#states.get(id) ?? (isFirst ? this.open(id) : undefined);
    if (state === undefined) {
      this.behind.add(id);
      this.#early.set(id, [...(this.#early.get(id) ?? []), { update, applied }]);
      return;
    }
    state.line.step(update, () => {
      apply(state, update);
      applied();
    });
  }

  /** Applies a slice of a channel's difference. @param from the pts that was asked with @returns whether there is more */
  applyDifference(id: number, difference: tl.updates.ChannelDifference, from: number): boolean {
    const state = this.open(id);
    this.wasAway = true;
    if (difference.final === true && (difference.timeout ?? 0) <= 0) this.#violations.push('rule P26: a final channel difference has no timeout');
    if (difference._ === 'updates.channelDifferenceTooLong') {
      this.#startAnew(id, state, difference, from);
      this.#stepEarly(id);
      return false;
    }
    if (difference._ === 'updates.channelDifference') {
      if (difference.pts <= from) this.#violations.push(`rule P26: a channel difference stays at pts ${from}`);
      const ids = difference.new_messages.map((message) => message.id);
      if (ids.some((one, at) => at > 0 && one <= ids[at - 1]!)) this.#violations.push(`rule P26: the new messages ${ids.join()} do not ascend`);
      for (const message of difference.new_messages) state.box.put(message);
      for (const update of difference.other_updates) if ('pts' in update && update._ !== 'updateReadChannelInbox') apply(state, update as ChannelUpdate);
      // Pushes may have brought the channel further meanwhile.
      if (difference.pts > state.line.pts) state.line.moveTo(difference.pts);
    }
    if (difference.final === true) this.#stepEarly(id);
    return difference.final !== true;
  }

  #stepEarly(id: number): void {
    const early = this.#early.get(id) ?? [];
    this.#early.delete(id);
    for (const { update, applied } of early) this.step(update, applied);
  }

  #startAnew(id: number, { box, line }: ChannelState, { dialog, messages }: tl.updates.channelDifferenceTooLong, from: number): void {
    if (dialog._ !== 'dialog') throw new Error(`channelDifferenceTooLong has a ${dialog._}`);
    const pts = dialog.pts ?? 0;
    if (pts - from <= BEHIND_MAX) this.#violations.push(`rule P27: channelDifferenceTooLong for ${id}, which is only ${pts - from} events behind`);
    if (!messages.some((message) => message.id === dialog.top_message)) this.#violations.push(`rule P27: channelDifferenceTooLong for ${id} has no top message`);
    box.remove([...box.messages.keys()]);
    for (const message of messages) box.put(message);
    this.read('readInbox', id, dialog.read_inbox_max_id);
    this.read('readOutbox', id, dialog.read_outbox_max_id);
    line.moveTo(pts);
    this.unloaded.add(id);
  }

  /** Moves a read mark. */
  read(side: 'readInbox' | 'readOutbox', id: number, maxId: number): void {
    const box = this.#states.get(id)?.box;
    if (box !== undefined) raise(box[side], id, maxId);
  }

  /** The messages of all channels. */
  boxes(): MessageBox[] {
    return [...this.#states.values()].map(({ box }) => box);
  }

  /** Takes over how polls stand, as {@link MessageBox.readPolls}. */
  readPolls(loaded: ChannelStates): void {
    for (const [id, { box }] of loaded.#states) this.#states.get(id)?.box.readPolls(box, true);
  }

  /** Copies all channels of another account state. */
  copyFrom(other: ChannelStates): void {
    this.#states.clear();
    for (const [id, { box, line }] of other.#states) {
      const state = this.open(id, line.pts);
      for (const [msgId, message] of box.messages) state.box.messages.set(msgId, message);
      for (const side of ['readInbox', 'readOutbox'] as const) for (const [peer, maxId] of box[side]) state.box[side].set(peer, maxId);
    }
  }

  /** What is compared. How far others have read is told to devices that are online only. */
  describe(): Record<string, unknown> {
    const states = [...this.#states].sort(([a], [b]) => a - b);
    return Object.fromEntries(states.map(([id, { box, line }]) => [`channel ${id}`, { pts: line.pts, ...box.describe(), unreadByPeers: undefined }]));
  }
}

function apply({ box }: ChannelState, update: ChannelUpdate): void {
  switch (update._) {
    case 'updateNewChannelMessage':
    case 'updateEditChannelMessage':
      return box.put(update.message);
    case 'updateDeleteChannelMessages':
      return box.remove(update.messages);
    case 'updatePinnedChannelMessages':
      return box.pin(update.messages, update.pinned === true);
    case 'updateChannelWebPage':
      return box.showPage(update.webpage);
  }
}
