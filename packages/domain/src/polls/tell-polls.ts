import type { Bus } from '@aerogram/bus';
import { isMarkedChannel, isMarkedChat } from '@aerogram/cluster';
import type { Clock, Logger } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type Chats, isChatRow } from '../chats/index.ts';
import { publishChannelTransient, publishTransient } from '../events/index.ts';
import { PacedPushes, pauseFor, TICK_MS } from '../shared/index.ts';
import type { PollReaders } from './cast-votes.ts';
import { claimPush, findChoices, findShownPolls, listPollPlaces, type PollPlace, type PollRow, type ShownPoll } from './poll-store.ts';
import { FOR_EVERYBODY, projectPollUpdate, viewerOf } from './project-poll.ts';

/** Maximum number of boxes and channels that are told of a poll. Others learn when they ask. */
const PLACES_MAX = 200;

export interface TellDeps {
  db: Pick<Database, 'q' | 'run' | 'transact'>;
  bus: Bus;
  clock: Clock;
  log: Logger;
  chats: Pick<Chats, 'findRow' | 'findMember'>;
  readers: Pick<PollReaders, 'findOriginal'>;
  /** Which of these users are bots. */
  findBots(userIds: Iterable<bigint>): Promise<bigint[]>;
}

/** Who is told of a poll. */
interface Audience {
  /** The channels that have the poll, each with the newest message that shows it: who does not see this one sees none. */
  channels: readonly PollPlace[];
  /** The people who have the poll in their own box, and its creator, each with a message that shows it. */
  people: ReadonlyMap<bigint, PollPlace>;
  /** How many people there are at most. */
  size: number;
}

/**
 * Tells the devices that are online how polls stand: each poll at most once a second over all processes, and rarer the more people see it. Members of a channel get results that
 * are the same for all (`min`), the owners of boxes and the creator get theirs; all of them at the same tick, so that nobody learns the totals of an anonymous poll before others.
 */
export class PollTeller implements AsyncDisposable {
  readonly #deps: TellDeps;
  readonly #pushes: PacedPushes<bigint, undefined>;

  constructor(deps: TellDeps) {
    this.#deps = deps;
    this.#pushes = new PacedPushes(deps, { what: 'how polls stand', push: (batch) => this.#push([...batch.keys()]) });
  }

  /** Notes that a poll has changed, or its totals. Called after the commit. */
  note(pollId: bigint): void {
    this.#pushes.note(pollId, undefined);
  }

  /** Tells what was noted and is due now. Called by the timer and by tests. */
  flush(): Promise<void> {
    return this.#pushes.flush();
  }

  /** Tells what was not told yet. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#pushes[Symbol.asyncDispose]();
  }

  /** @returns the pauses after these pushes */
  async #push(pollIds: readonly bigint[]): Promise<Map<bigint, number>> {
    const { db } = this.#deps;
    const rows = await findShownPolls(db, pollIds, undefined);
    const pauses = new Map<bigint, number>();
    for (const row of rows.values()) pauses.set(row.poll_id, await this.#tell(row));
    return pauses;
  }

  /** @returns the pause until the next push */
  async #tell(row: ShownPoll): Promise<number> {
    const { db, clock } = this.#deps;
    const audience = await this.#findAudience(row);
    const pauseMs = pauseFor(audience.size);
    // Ticks are counted, because timers are not exact.
    const tick = Math.round(clock.nowMs() / TICK_MS);
    const claim = await db.transact('claim-poll-push', (tx) => claimPush(tx, row.poll_id, { tick, pause: Math.floor(pauseMs / TICK_MS) }));
    if (claim === 'early') this.note(row.poll_id);
    if (claim !== 'edited' && claim !== 'changed') return 0;
    await this.#publish(audience, row.poll_id, claim === 'edited');
    return pauseMs;
  }

  async #findAudience(row: PollRow): Promise<Audience> {
    const { db, chats, readers, findBots } = this.#deps;
    const [places, original] = await Promise.all([listPollPlaces(db, row.poll_id, PLACES_MAX), readers.findOriginal(db, row)]);
    const channels = places.filter(({ owner_id: ownerId }) => isMarkedChannel(ownerId)).map((row): PollPlace => ({ peerId: row.owner_id, msgId: row.msg_id, topId: null }));
    const people = new Map(places.flatMap(({ owner_id, peer_id, msg_id }): [bigint, PollPlace][] => (peer_id === null ? [] : [[owner_id, { peerId: peer_id, msgId: msg_id, topId: null }]])));
    // People who have left a basic group keep its messages in their boxes, but get no more results.
    for (const [userId, { peerId }] of people) if (isMarkedChat(peerId) && (await chats.findMember(peerId, userId))?.status !== 'member') people.delete(userId);
    // The creator of a poll in a channel gets an update of their own, because they see more than the others.
    if (original !== undefined) people.set(row.creator_id, original);
    // Bots are told by a job, and only of polls that they made.
    for (const botId of await findBots(people.keys())) people.delete(botId);
    const found = await Promise.all(channels.map(({ peerId }) => chats.findRow(peerId)));
    const members = found.reduce((sum, chat) => sum + (chat === undefined || isChatRow(chat) ? 0 : chat.members), 0);
    return { channels, people, size: members + people.size };
  }

  async #publish({ channels, people }: Audience, pollId: bigint, withPoll: boolean): Promise<void> {
    const { db, bus, clock } = this.#deps;
    const row = (await findShownPolls(db, [pollId], undefined)).get(pollId);
    if (row === undefined) return;
    // After the totals, so that a vote counted in between is not taken back from its voter.
    const chosen = people.size === 0 ? new Map<bigint, bigint>() : await findChoices(db, pollId, [...people.keys()]);
    const options = { withPoll, nowDate: clock.now() };
    // There is no `await` from here on, so that everybody gets the update at the same moment.
    for (const place of channels) publishChannelTransient(bus, place.peerId, projectPollUpdate(row, FOR_EVERYBODY, { ...options, place }));
    for (const [viewerId, place] of people) {
      publishTransient(bus, viewerId, projectPollUpdate(row, viewerOf(row, viewerId, chosen.get(viewerId) ?? 0n), { ...options, place }));
    }
  }
}
