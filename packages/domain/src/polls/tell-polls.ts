import type { Bus } from '@aerogram/bus';
import { isMarkedChannel } from '@aerogram/cluster';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { publishChannelTransient, publishTransient } from '../events/index.ts';
import { recentVotes } from './poll-filler.ts';
import { findShownPolls, findVoters, listPollPlaces, type PollRow } from './poll-store.ts';
import { FOR_EVERYBODY, type PollViewer, projectPoll } from './project-poll.ts';

/** Pause between two pushes about one poll, in milliseconds. */
const PAUSE_MS = 1000;
/** Maximum number of polls about which this process pushes at the same time; devices ask for the results of what they show anyway. */
const POLLS_MAX = 10_000;
/** Maximum number of boxes and channels that are told of a poll. Others learn when they ask. */
const PLACES_MAX = 200;

export interface TellDeps {
  db: Pick<Database, 'run'>;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** Which of these users are bots. */
  findBots(userIds: Iterable<bigint>): Promise<bigint[]>;
}

/** What is to be told of a poll. */
interface Told {
  timer: TimerHandle;
  /** Something has changed since the last push. */
  isChanged: boolean;
  /** The poll itself has changed, not just its totals. */
  isEdited: boolean;
}

/**
 * Tells the devices that are online how polls stand, each poll at most once a second. Members of a channel get results that are the same for all (`min`), so that all learn the
 * totals of an anonymous poll at the same time; the owners of boxes get theirs.
 */
export class PollTeller implements AsyncDisposable {
  readonly #deps: TellDeps;
  readonly #told = new Map<bigint, Told>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(deps: TellDeps) {
    this.#deps = deps;
  }

  /** Notes that the totals of a poll have changed. Called after the commit. @param isEdited whether the poll itself has changed as well, such as its answers */
  note(pollId: bigint, isEdited = false): void {
    const told = this.#told.get(pollId);
    if (told !== undefined) {
      told.isChanged = true;
      told.isEdited ||= isEdited;
      return;
    }
    if (this.#told.size >= POLLS_MAX) return;
    this.#told.set(pollId, { timer: this.#later(pollId), isChanged: false, isEdited: false });
    this.#tell(pollId, isEdited);
  }

  /** Waits for the pushes that are under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { timer } of this.#told.values()) timer.cancel();
    this.#told.clear();
    await this.#running;
  }

  #later(pollId: bigint): TimerHandle {
    return this.#deps.clock.setTimeout(() => this.#next(pollId), PAUSE_MS);
  }

  #next(pollId: bigint): void {
    const told = this.#told.get(pollId);
    if (told?.isChanged !== true) {
      this.#told.delete(pollId);
      return;
    }
    const { isEdited } = told;
    this.#told.set(pollId, { timer: this.#later(pollId), isChanged: false, isEdited: false });
    this.#tell(pollId, isEdited);
  }

  #tell(pollId: bigint, isEdited: boolean): void {
    const telling = this.#push(pollId, isEdited).catch((error: unknown) => this.#deps.log.warn({ err: error }, 'the devices were not told how a poll stands'));
    this.#running = Promise.all([this.#running, telling]);
  }

  async #push(pollId: bigint, isEdited: boolean): Promise<void> {
    const { db, bus, clock, findBots } = this.#deps;
    const [rows, places] = await Promise.all([findShownPolls(db, [pollId], undefined), listPollPlaces(db, pollId, PLACES_MAX)]);
    const row = rows.get(pollId);
    if (row === undefined) return;
    const nowDate = clock.now();
    const channels = places.filter(isMarkedChannel);
    const common = projectPollUpdate(row, FOR_EVERYBODY, { isEdited, nowDate });
    for (const peerId of channels) publishChannelTransient(bus, peerId, common);
    // The creator of a poll in a channel sees what the others do not.
    const people = new Set([...places.filter((ownerId) => ownerId > 0n), ...(channels.length > 0 ? [row.creator_id] : [])]);
    // Bots are told of their own polls alone, by a job.
    for (const botId of await findBots(people)) people.delete(botId);
    const chosen = people.size === 0 ? new Map<bigint, bigint>() : await findVoters(db, pollId, [...people]);
    for (const viewerId of people) {
      const viewer = { viewerId, chosen: chosen.get(viewerId) ?? 0n, recent: recentVotes(row) };
      publishTransient(bus, viewerId, projectPollUpdate(row, viewer, { isEdited, nowDate }));
    }
  }
}

/** The update that shows how a poll stands. Pure. @param isEdited whether the poll itself is sent along */
export function projectPollUpdate(row: PollRow, viewer: PollViewer, { isEdited, nowDate }: { isEdited: boolean; nowDate: number }): tl.updateMessagePoll {
  const { poll, results } = projectPoll(row, viewer, nowDate);
  return { _: 'updateMessagePoll', poll_id: row.poll_id, poll: isEdited ? poll : undefined, results };
}
