import type { RunningServer } from '../running-server.ts';
import type { WorkRow } from '../work-row.ts';
import { sendText } from './messages.ts';

const SENDS = 100;
const SENDS_A_MINUTE = 10;
const MINUTE_MS = 60_000;

/** A loop that sleeps for a second between two looks finds that it has slept for one. */
async function passTime(server: RunningServer, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await server.tell({ do: 'advance', ms: 1000 });
    await server.settle();
  }
}

/** What is done without a call. */
export const LATER_ROWS: readonly WorkRow[] = [
  {
    name: 'ten seconds after 100 texts to a person',
    isAlone: true,
    isLater: true,
    prepare: (caller, { server }) => ({
      async before() {
        for (let n = 0; n < SENDS; n++) {
          if (n % SENDS_A_MINUTE === 0) await server.tell({ do: 'jump', ms: MINUTE_MS });
          await sendText(caller, caller.account.inputPeer(caller.friend));
        }
      },
      call: () => passTime(server, 10),
    }),
  },
  { name: 'an idle minute', isAlone: true, isLater: true, prepare: (_caller, { server }) => ({ call: () => passTime(server, 60) }) },
];
