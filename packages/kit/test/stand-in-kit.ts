import { KitError, type Kit, type RecordedCall, type TestSet } from '@aerogram/kit';
import { silentLogger, systemRandom } from '@aerogram/runtime';

/** A kit without a server: sets that tests fill, and a log of calls that they write. */
export interface StandInKit {
  kit: Kit;
  /** The bots of the set `main`. */
  mainBots: Set<bigint>;
  /** The bots of the set `other`. */
  otherBots: Set<bigint>;
  /** Records a call of a bot. */
  record(botId: bigint, params?: Record<string, unknown>): RecordedCall;
  /** How many listen to calls. */
  listeners(): number;
}

export function createStandInKit(): StandInKit {
  const calls: RecordedCall[] = [];
  const listeners = new Set<(call: RecordedCall) => void>();
  const sets = new Map<string, Pick<TestSet, 'id' | 'hasLimits' | 'people' | 'bots'>>();
  const addSet = (id: string): Set<bigint> => {
    const bots = new Set<bigint>();
    sets.set(id, { id, hasLimits: false, people: new Set(), bots });
    return bots;
  };
  const isOf = (bots: ReadonlySet<bigint>, { botId }: RecordedCall): boolean => bots.has(BigInt(botId));
  const parts = {
    random: systemRandom,
    log: silentLogger,
    botCalls: {
      newest: (bots: ReadonlySet<bigint>) => calls.findLast((call) => isOf(bots, call))?.n ?? 0,
      list: (bots: ReadonlySet<bigint>, after = 0) => calls.filter((call) => call.n > after && isOf(bots, call)),
      onCall(listener: (call: RecordedCall) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    sets: {
      get(id: string) {
        const set = sets.get(id);
        if (set === undefined) throw new KitError('invalid', `There is no set ${id}.`);
        return set;
      },
    },
  };
  return {
    kit: parts as unknown as Kit,
    mainBots: addSet('main'),
    otherBots: addSet('other'),
    record(botId, params = {}) {
      const call = { n: calls.length + 1, botId: String(botId), method: 'sendMessage', params, ok: true, result: true, startedMs: 1, endedMs: 2 };
      calls.push(call);
      for (const listener of listeners) listener(call);
      return call;
    },
    listeners: () => listeners.size,
  };
}
