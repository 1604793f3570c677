import type { tl } from '@aerogram/tl';
import type { RawAccount } from './raw-account.ts';

/** One message sent during the load, as its sender knows it. */
export interface Entry {
  from: RawAccount;
  peer: tl.InputPeer;
  /** Everybody else who must have it. */
  receivers: readonly RawAccount[];
  text: string;
  randomId: bigint;
  /** The sender's message id, once the server has acknowledged the send. */
  ackedId: number | undefined;
}

/** A message box as read from the server by differences from pts 1 on. */
interface Box {
  pts: number;
  qts: number;
  date: number;
  /** Text → ids of the messages with that text. */
  copies: Map<string, number[]>;
  /** Steps of pts covered by the rows of the differences. */
  steps: number;
  /** Versions of the basic group of which updates told, in order. */
  versions: number[];
}

/** What else boxes tell of. */
export interface OtherPromises {
  /** @param versions the versions of a group of which each account was told, in order. @returns what is broken */
  check(versions: ReadonlyMap<RawAccount, readonly number[]>): Promise<string[]>;
}

/** Records what was sent, and checks after each crash that the server kept it. */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  private readonly boxes = new Map<RawAccount, Box>();

  add(entry: Entry): void {
    this.entries.set(entry.text, entry);
  }

  get size(): number {
    return this.entries.size;
  }

  get acknowledged(): number {
    let count = 0;
    for (const entry of this.entries.values()) if (entry.ackedId !== undefined) count++;
    return count;
  }

  /** Messages that were sent and never acknowledged. */
  get open(): Entry[] {
    return [...this.entries.values()].filter((entry) => entry.ackedId === undefined);
  }

  /**
   * Reads every box again and checks it: acknowledged messages exist exactly once in the boxes of the sender and of all receivers, with the
   * acknowledged id; unacknowledged ones in all of them or in none; nothing else and nothing twice; and pts without gaps.
   *
   * @param group the group that all accounts are in
   * @returns how many of the unacknowledged messages the server has
   * @throws with all violations, of which at most 20 are described
   */
  async check(accounts: readonly RawAccount[], group: OtherPromises): Promise<{ openKept: number }> {
    const { broken, openKept } = await this.findBroken(accounts, group);
    if (broken.length > 0) throw new Error(`${broken.length} promises are broken:\n${broken.slice(0, 20).join('\n')}`);
    return { openKept };
  }

  /** As {@link check}, but returns the violations. */
  async findBroken(accounts: readonly RawAccount[], group?: OtherPromises): Promise<{ broken: string[]; openKept: number }> {
    const broken: string[] = [];
    for (const account of accounts) {
      const box = await readBox(account, broken);
      this.boxes.set(account, box);
      if (box.pts - 1 !== box.steps) broken.push(`${account.name}: pts is ${box.pts}, but the box accounts for ${box.steps} steps after 1`);
    }
    let openKept = 0;
    for (const entry of this.entries.values()) {
      const mine = this.boxes.get(entry.from)!.copies.get(entry.text) ?? [];
      const name = `"${entry.text}"`;
      const isAcknowledged = entry.ackedId !== undefined;
      if (isAcknowledged && (mine.length !== 1 || mine[0] !== entry.ackedId)) {
        broken.push(`acknowledged ${name} as ${entry.ackedId}, the sender's box has [${mine.join(', ')}]`);
      }
      if (!isAcknowledged) openKept += mine.length;
      for (const receiver of entry.receivers) {
        const theirs = this.boxes.get(receiver)!.copies.get(entry.text)?.length ?? 0;
        if (isAcknowledged && theirs !== 1) broken.push(`acknowledged ${name} is ${theirs} times in the box of ${receiver.name}`);
        if (!isAcknowledged && theirs !== mine.length) broken.push(`unacknowledged ${name}: ${mine.length} at the sender, ${theirs} at ${receiver.name}`);
      }
    }
    for (const [account, box] of this.boxes) {
      for (const [text, ids] of box.copies) {
        if (!this.entries.has(text)) broken.push(`${account.name} has "${text}", which nobody sent`);
        if (ids.length > 1) broken.push(`${account.name} has "${text}" ${ids.length} times`);
      }
    }
    if (group !== undefined) broken.push(...(await group.check(new Map([...this.boxes].map(([account, { versions }]) => [account, versions])))));
    return { broken, openKept };
  }
}

/** Reads a whole box by differences in slices; service messages and messages of 777000 do not count as copies. */
export async function readBox(account: RawAccount, broken: string[]): Promise<Box> {
  const box: Box = { pts: 1, qts: 1, date: 1, copies: new Map(), steps: 0, versions: [] };
  for (;;) {
    const answer = await account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts: box.pts, date: box.date, qts: box.qts });
    if (answer._ === 'updates.differenceEmpty') break;
    if (answer._ === 'updates.differenceTooLong') throw new Error('rule P15: differenceTooLong without pts_total_limit');
    for (const message of answer.new_messages) {
      box.steps++;
      takeMessage(box, message);
    }
    for (const update of answer.other_updates) {
      if ('qts' in update && update.qts !== ++box.qts) broken.push(`${account.name}: a difference tells of qts ${update.qts} instead of ${box.qts}`);
      if ('pts_count' in update) box.steps += Number(update.pts_count);
      if (update._ === 'updateChatParticipantAdd' || update._ === 'updateChatParticipantDelete') box.versions.push(update.version);
    }
    const state = answer._ === 'updates.difference' ? answer.state : answer.intermediate_state;
    if (state.pts <= box.pts && state.qts === 1 && answer._ === 'updates.differenceSlice') throw new Error(`${account.name}: a slice does not move on from pts ${box.pts}`);
    if (state.qts !== box.qts) broken.push(`${account.name}: a difference tells of events up to qts ${box.qts} and ends at ${state.qts}`);
    box.pts = state.pts;
    box.date = state.date;
    if (answer._ === 'updates.difference') break;
  }
  const now = await account.call<'updates.getState'>({ _: 'updates.getState' });
  if (now.qts !== box.qts) broken.push(`${account.name}: getState says qts ${now.qts}, the difference ends at ${box.qts}`);
  if (now.pts !== box.pts) broken.push(`${account.name}: getState says pts ${now.pts}, the difference ends at ${box.pts}`);
  return box;
}

function takeMessage(box: Box, message: tl.Message): void {
  if (message._ !== 'message' || (message.peer_id._ === 'peerUser' && message.peer_id.user_id === 777_000n)) return;
  const copies = box.copies.get(message.message);
  if (copies) copies.push(message.id);
  else box.copies.set(message.message, [message.id]);
}
