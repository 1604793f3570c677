import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { SubjectDeps } from '../events/index.ts';
import { type BotEffect, insertEffects, takeEffects } from './bot-effect-store.ts';

/** Maximum number of updates that one job moves into a bot's box. */
const BATCH = 500;

const KIND = 'bot-effects';
const codec = jsonCodec<null>();

/**
 * Orders, in the transaction of a change, that bots get these updates. Their boxes are not open there and may have another home, so a job moves the updates from the outbox
 * into the boxes, in the order of the changes.
 */
export async function orderBotEffects(tx: Tx, effects: readonly BotEffect[]): Promise<void> {
  if (effects.length === 0) return;
  await insertEffects(tx, effects);
  for (const owner_id of new Set(effects.map(({ botId }) => botId))) await tx.job({ kind: KIND, owner_id, payload: codec.encode(null) });
}

/** Creates the job that moves what {@link orderBotEffects} has ordered into the boxes of bots. */
export function createBotEffectsJob({ writeBoxes }: Pick<SubjectDeps, 'writeBoxes'>): JobKind {
  return defineJobKind<null>({
    kind: KIND,
    codec,
    async run(_, { ownerId: botId, done }) {
      await writeBoxes('apply-bot-effects', [botId], async (tx, boxes, date) => {
        const updates = await takeEffects(tx, botId, BATCH);
        // Each of them has a qts, because orderBotEffects takes nothing else.
        for (const update of updates) boxes.addQts(botId, date, (qts) => ({ ...update, qts }) as tl.Update);
        if (updates.length === BATCH) await tx.job({ kind: KIND, owner_id: botId, payload: codec.encode(null) });
        await done(tx);
      });
    },
  });
}
