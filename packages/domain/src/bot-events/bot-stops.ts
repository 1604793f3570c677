import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import type { SubjectDeps } from '../events/index.ts';
import { findRelations, pairKey } from '../relations/index.ts';
import { type BotStop, saveStop, selectBots } from './bot-stop-store.ts';

/** What the blocks of a person have become, all by one change. */
export interface ChangedBlocks {
  userId: bigint;
  /** Whom the change concerns, and whether the person blocks them now. */
  blocked: ReadonlyMap<bigint, boolean>;
  /** Position of the change in the person's box; absent if that is elsewhere. */
  seq?: number;
  date: number;
}

/** Tells bots who has stopped them. */
export interface BotStops {
  /** Orders, in the transaction that changes the blocks, that the bots among these peers are told. */
  order(tx: Tx, changed: ChangedBlocks): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the telling of bots who has stopped them. A job writes it, because the bot may have another home than the person. */
export function createBotStops({ writeBoxes }: Pick<SubjectDeps, 'writeBoxes'>): BotStops {
  const jobKind = defineJobKind<BotStop>({
    kind: 'bot-stopped',
    codec: jsonCodec(),
    async run(stop, { ownerId: botId, done }) {
      const { userId, date, seq } = stop;
      await writeBoxes('apply-bot-stop', [botId], async (tx, boxes, nowDate) => {
        const pair = pairKey(userId, botId);
        const stopped = seq === undefined ? (await findRelations(tx, [pair])).get(pair)!.blocks : stop.stopped;
        if (await saveStop(tx, botId, { ...stop, stopped })) boxes.addQts(botId, nowDate, (qts) => ({ _: 'updateBotStopped', user_id: userId, date, stopped, qts }));
        await done(tx);
      });
    },
  });
  return {
    jobKind,
    async order(tx, { userId, blocked, seq, date }) {
      for (const botId of await selectBots(tx, [...blocked.keys()])) {
        await tx.job(jobKind.order(botId, { userId, stopped: blocked.get(botId)!, seq, date }));
      }
    },
  };
}
