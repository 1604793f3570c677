import { createInProcessBus } from '@aerogram/bus';
import type { BoxEvent, BoxHint, BoxReach, OpenedBotUpdates, StoredBotUpdate, ToldUpdate } from '@aerogram/domain';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { UpdateObject } from '../../src/objects/index.ts';
import type { EventSource } from '../../src/updates/read-sequences.ts';
import { OpenInboxes } from '../../src/updates/inboxes.ts';

export const BOT = 7n;

/** The parts of the server that the updates of one bot are made of, in memory. */
export class UpdateWorld {
  readonly clock = createFakeClock();
  readonly bus = createInProcessBus();
  /** The events of the bot's box, whose pts counts them. */
  readonly events: BoxEvent[] = [];
  readonly stored = new Map<number, StoredBotUpdate>();
  /** What the bot was asked, and what is not stored. */
  told: ToldUpdate[] = [];
  row: Pick<OpenedBotUpdates, 'ownerEpoch' | 'nextId' | 'reach'> & { allowed: readonly string[] | undefined } = { ownerEpoch: 0, nextId: 500_000_000, reach: { pts: 1, looseSeq: 0, loosePts: 1 }, allowed: undefined };
  /** Number of reads of the box, and of transactions. */
  reads = 0;
  saves = 0;
  /** Thrown by the next transactions. */
  failure: Error | undefined;
  /** The text of a message that cannot be made into an update. */
  poison: string | undefined;

  get pts(): number {
    return 1 + this.events.length;
  }

  open(owns = (): boolean => true): OpenInboxes {
    return new OpenInboxes({ domain: this.#domain(), bus: this.bus, clock: this.clock, log: silentLogger, owns, project: (_, updates) => this.#project(updates) });
  }

  /** Somebody writes to the bot, or the bot itself. @param isHinted whether the hint arrives */
  write(text: string, isHinted = true, authorId = 5n): void {
    const pts = this.pts + 1;
    const event = { kind: 'new_message', pts, ptsCount: 1, message: { from_id: authorId, flags: 0, date: this.clock.now(), text } } as unknown as BoxEvent;
    this.events.push(event);
    if (isHinted) this.publish({ kind: 'box', owner: BOT, pts, ptsCount: 1, looseCount: 0, events: [event] });
  }

  publish(hint: BoxHint): void {
    this.bus.publish(`user:${BOT}`, hint);
  }

  #domain(): EventSource {
    const position = (): { pts: number; looseSeq: number } => ({ pts: this.pts, looseSeq: 0 });
    const source = {
      updates: {
        readPosition: async () => position(),
        listMoved: async () => new Map([[BOT, position()]]),
        listEventsSince: async (_: bigint, reach: BoxReach, limit: number) => {
          this.reads++;
          const events = this.events.slice(reach.pts - 1, reach.pts - 1 + limit);
          const pts = events.at(-1)?.pts ?? reach.pts;
          return { events, pts, looseSeq: 0, more: pts < this.pts };
        },
        projectEvents: (_: bigint, events: readonly BoxEvent[]) => containerOf(events.map((event) => ({ _: 'updateNewMessage', message: 'message' in event ? event.message : undefined }) as unknown as tl.Update)),
        projectTransient: (_: bigint, update: tl.Update) => containerOf([update]),
      },
      channelUpdates: { listFollowed: async () => [], readPositions: async () => new Map() },
      botQuestions: {
        listUnqueued: async () => [...this.told],
        listBotsWithUnqueued: async () => (this.told.length > 0 ? [BOT] : []),
      },
      botUpdates: this.#store(),
    };
    return source as unknown as EventSource;
  }

  #store(): EventSource['botUpdates'] {
    const transaction = (): void => {
      this.saves++;
      if (this.failure !== undefined) throw this.failure;
    };
    const store: Pick<EventSource['botUpdates'], 'open' | 'save' | 'saveAllowed' | 'list' | 'findFreshPts'> = {
      open: async (): Promise<OpenedBotUpdates> => {
        transaction();
        this.row.ownerEpoch++;
        const waiting = [...this.stored.values()].map(({ id, expires }) => ({ id, expires }));
        return { ...this.row, allowed: this.row.allowed as string[] | undefined, channels: new Map(), waiting };
      },
      save: async (_, { ownerEpoch, nextId, reach, updates, confirmed, queryIds }) => {
        transaction();
        if (ownerEpoch !== this.row.ownerEpoch) return false;
        Object.assign(this.row, { nextId, reach });
        for (const update of updates) {
          if (this.stored.has(update.id)) throw new Error('an id was used twice');
          this.stored.set(update.id, update);
        }
        for (const id of this.stored.keys()) if (id < confirmed.before || confirmed.ids.includes(id)) this.stored.delete(id);
        this.told = this.told.filter(({ queryId }) => !queryIds.includes(queryId));
        return true;
      },
      saveAllowed: async (_, ownerEpoch, names) => {
        if (ownerEpoch !== this.row.ownerEpoch) return false;
        this.row.allowed = names;
        return true;
      },
      findFreshPts: async (_, { from, sinceDate }) => {
        const young = this.events.findIndex((event) => 'message' in event && event.message.date >= sinceDate);
        return Math.max(from, young === -1 ? this.pts : 1 + young);
      },
      list: async (_, fromId, limit) => [...this.stored.values()].filter(({ id, expires }) => id >= fromId && expires > this.clock.now()).slice(0, limit),
    };
    return store as EventSource['botUpdates'];
  }

  async #project(updates: tl.Updates): Promise<UpdateObject[]> {
    const list = updates._ === 'updates' ? updates.updates : [];
    return list.map((update): UpdateObject => {
      if (update._ === 'updateBotCallbackQuery') return { name: 'callback_query', value: { id: String(update.query_id) }, date: (updates as tl.updates).date, queue: update.user_id };
      const { text, date } = (update as unknown as { message: { text: string; date: number } }).message;
      if (text === this.poison) throw new Error('this cannot be made');
      return { name: 'message', value: { text }, date, queue: 5n };
    });
  }
}

function containerOf(updates: tl.Update[]): tl.updates {
  return { _: 'updates', updates, users: [], chats: [], date: 0, seq: 0 };
}
