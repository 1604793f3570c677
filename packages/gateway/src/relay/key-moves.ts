import { type Clock, pause } from '@aerogram/runtime';
import type { CallRunner } from '../call-runner.ts';
import type { KeyEntry } from '../sessions/gateway-session.ts';
import type { KeyDirectory } from '../sessions/key-directory.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { OtherNodes } from './other-nodes.ts';

interface KeyMovesDeps {
  nodes: OtherNodes;
  keys: KeyDirectory;
  table: SessionTable;
  calls: CallRunner;
  clock: Clock;
}

/** Calls under way go on for so long when another node takes their key over, in milliseconds. */
const PATIENCE_MS = 2000;

/** How often calls under way are looked at, in milliseconds. */
const LOOK_MS = 10;

/** Keys that are given up without letting anything else run. */
const AT_ONCE = 64;

/** Stops serving the keys that belong to other nodes. */
export class KeyMoves {
  readonly #deps: KeyMovesDeps;

  constructor(deps: KeyMovesDeps) {
    this.#deps = deps;
  }

  /**
   * Lets the calls under these keys end, for a while, sends their answers, and ends their sessions without a word to the clients, whose connections stay. No
   * packet under them is taken meanwhile. Never rejects.
   */
  async giveUp(): Promise<void> {
    const { keys, table, calls, clock, nodes } = this.#deps;
    const moving = [...keys.list()].filter((entry) => !nodes.owns(entry.key.id));
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    // Calls that wait for a message which has not come would wait in vain.
    for (const { sessions } of moving) for (const { mtproto } of sessions.values()) mtproto.awaited.close();
    while (moving.some(hasCalls) && clock.monotonicMs() < untilMs) await pause(clock, LOOK_MS);
    for (const [at, entry] of moving.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await pause(clock, 0);
      for (const session of entry.sessions.values()) {
        calls.drop(session);
        for (const carrier of session.carriers) carrier.part(session);
        table.remove(session, clock.nowMs());
      }
      keys.disown(entry.key.id);
    }
  }
}

function hasCalls({ sessions }: KeyEntry): boolean {
  for (const { callsRunning, callsWaiting } of sessions.values()) if (callsRunning > 0 || callsWaiting !== undefined) return true;
  return false;
}
