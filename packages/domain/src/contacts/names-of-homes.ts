import { HomeAway, type OtherHomes } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import { z } from 'zod';

import { packPlain, unpackPlain, wireInt } from '../effects/index.ts';
import type { FindNames } from './find-elsewhere.ts';

const QUESTION = 'cards.names';

const typeSchema = z.enum(['phone', 'username']);

const questionSchema = z.object({ type: typeSchema, names: z.array(z.string().max(64)).max(1000) });

const answerSchema = z.object({ found: z.array(z.object({ name: z.string(), peerId: wireInt })) });

/** Asks every other home who has names. It stands in until one home decides about all names. */
export function createNamesOfHomes(db: Database, homes: OtherHomes): FindNames {
  const findHere = async (type: 'phone' | 'username', names: readonly string[]): Promise<{ name: string; peerId: bigint }[]> => {
    if (names.length === 0) return [];
    return type === 'phone'
      ? db.q.selectFrom('phones').select(['phone as name', 'user_id as peerId']).where('phone', 'in', names).where('confirmed', '=', true).execute()
      : db.q.selectFrom('usernames').select(['name', 'peer_id as peerId']).where('name', 'in', names).where('confirmed', '=', true).execute();
  };
  homes.onAsk(QUESTION, async (body) => {
    const { type, names } = unpackPlain(questionSchema, body);
    return packPlain({ found: await findHere(type, names) });
  });
  const find = async (type: 'phone' | 'username', names: Iterable<string>, onAway: (dc: number) => void): Promise<Map<string, bigint>> => {
    const wanted = [...names];
    const found = new Map((await findHere(type, wanted)).map(({ name, peerId }) => [name, peerId]));
    for (const dc of homes.others) {
      try {
        const answer = await homes.ask(dc, QUESTION, packPlain({ type, names: wanted.filter((name) => !found.has(name)) }));
        for (const { name, peerId } of unpackPlain(answerSchema, answer).found) if (homes.dcOf(peerId) === dc) found.set(name, peerId);
      } catch (error) {
        if (!(error instanceof HomeAway)) throw error;
        onAway(dc);
      }
    }
    return found;
  };
  return {
    find: (type, names) => find(type, names, () => undefined),
    async findOne({ type, name }) {
      const found = await find(type, [name], (dc) => {
        throw rpcError('INTERDC_%d_CALL_ERROR', dc);
      });
      return found.get(name);
    },
  };
}
