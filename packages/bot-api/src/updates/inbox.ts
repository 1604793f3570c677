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

/** The updates of one bot that wait for it: rows, which this process alone writes and hands out. */
export interface BotInbox {
  /** Reads the updates from an id on that were not confirmed and have not expired, in ascending order of their ids. */
  list(fromId: number, limit: number): Promise<StoredUpdate[]>;
  /** Deletes the updates before an id: the bot has them. */
  confirmBefore(id: number): Promise<void>;
  /** Deletes single updates. */
  confirm(ids: readonly number[]): Promise<void>;
  /** Deletes all updates, also those that were not read from the boxes yet. */
  drop(): Promise<void>;
  /** Number of updates that wait. */
  count(): Promise<number>;
  /** Calls back when there may be new updates. */
  onArrival(listener: () => void): Disposable;
  /** Which kinds of updates the bot wants; kept until it says something else. */
  setAllowed(names: readonly UpdateName[] | undefined): Promise<void>;
}

/** Opens the inboxes of the bots that this process answers for. */
export interface Inboxes {
  /** Opens the inbox of a bot. Its updates are read from the message boxes as they come while somebody has it open, and for some time after. */
  open(botId: bigint): Promise<BotInbox & Disposable>;
}
