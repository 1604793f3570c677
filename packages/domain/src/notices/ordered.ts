import type { PushDeviceRow } from '../auth/index.ts';

/** What has to be done after the commit of a transaction that has written notices. */
export interface Ordered {
  /** When the first notice is due, in milliseconds since 1970; undefined if nothing changes. */
  dueMs: number | undefined;
  /** Devices of which a session is to be woken. */
  woken: PushDeviceRow[];
}
