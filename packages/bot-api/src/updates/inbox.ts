import type { UpdateName } from '../objects/update-object.ts';

/** An update that is stored and has its id. */
export interface StoredUpdate {
  id: number;
  name: UpdateName;
  /** Updates of one queue are told in order. */
  queue: bigint;
  /** When it is no longer told, in Unix seconds. */
  expires: number;
  /** The whole object `Update`, as it was first made. */
  json: string;
}

/** Thrown by an inbox after another process has opened the inbox of the bot. */
export class InboxTaken extends Error {
  override readonly name = 'InboxTaken';
}

/** The updates of one bot that wait for it: rows, which this process alone writes and hands out. All methods throw {@link InboxTaken}. */
export interface BotInbox {
  /** The id of the next update: greater than all ids so far. */
  readonly nextId: number;
  /** Which kinds of updates the bot wants; undefined for the default. */
  readonly allowed: readonly string[] | undefined;
  /** Reads the updates from an id on that were not confirmed and have not expired, in ascending order of their ids: at most `limit`, and about 4 MiB. */
  list(fromId: number, limit: number): Promise<StoredUpdate[]>;
  /** Deletes the updates before an id: the bot has them. After a crash, those of the last seconds may be there again. */
  confirmBefore(id: number): Promise<void>;
  /** Deletes single updates, in the same way. */
  confirm(ids: readonly number[]): Promise<void>;
  /** Deletes all but the last `count` updates, also those that were not read from the boxes yet. */
  keepLast(count: number): Promise<void>;
  /** Deletes all updates, also those that were not read from the boxes yet. */
  drop(): Promise<void>;
  /** Number of updates that wait. */
  count(): Promise<number>;
  /** Calls back when there may be new updates, and when the inbox was taken. */
  onArrival(listener: () => void): Disposable;
  /** Which kinds of updates the bot wants; kept until it says something else. Updates that wait stay. */
  setAllowed(names: readonly string[] | undefined): Promise<void>;
}

/** Opens the inboxes of the bots that this process answers for. */
export interface Inboxes {
  /**
   * Opens the inbox of a bot, when what it lacked was read from the message boxes, as far as it fits. Its updates are read as they come while somebody has it open, and
   * for some time after.
   */
  open(botId: bigint): Promise<BotInbox & Disposable>;
}
