import type { WorkRow } from '../work-row.ts';
import { sendText } from './messages.ts';

const SENDS = 100;
const SENDS_A_MINUTE = 10;

/** The clock moves on in steps of this length, so that code which polls each second runs once a step. */
const SECOND_MS = 1000;

/** Work that the server does on its own, without a call. */
export const LATER_ROWS: readonly WorkRow[] = [
  {
    name: 'ten seconds after 100 texts to a person',
    isAlone: true,
    isLater: true,
    prepare: (caller, { server }) => ({
      async before() {
        for (let n = 0; n < SENDS; n++) {
          if (n % SENDS_A_MINUTE === 0) await server.passMinute();
          await sendText(caller, caller.account.inputPeer(caller.friend));
        }
      },
      call: () => server.passTime(10, SECOND_MS),
    }),
  },
  { name: 'an idle minute', isAlone: true, isLater: true, prepare: (_caller, { server }) => ({ call: () => server.passTime(60, SECOND_MS) }) },
];
