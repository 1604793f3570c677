import type { DcAddress } from '@aerogram/domain';

/** Where pages reach the MTProto of another data centre. */
export interface WebHome {
  dc: number;
  /** Such as `wss://chat.example.org`. */
  socket: string;
}

/** What may stand in a policy: other data centres say where they are. */
const ORIGIN = /^http(s?:\/\/[\w.-]+(?::\d{1,5})?|s?:\/\/\[[\da-f:.]+\](?::\d{1,5})?)$/i;

/** The data centres to which the web client of this one may connect. Those whose address is not known, or is none, are left out. Pure. */
export function webHomesOf(addresses: readonly DcAddress[]): WebHome[] {
  return addresses.flatMap(({ dc, webAddress }) => {
    const rest = ORIGIN.exec(webAddress)?.[1];
    return rest === undefined ? [] : { dc, socket: `ws${rest}` };
  });
}
