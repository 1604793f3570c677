import type { TurnCounts } from '@aerogram/turn';

/** What the process that relays calls gets to know, once, when it starts. */
export interface RelayStart {
  kind: 'start';
  /** Where clients are listened for, over UDP and TCP. Port 0: one that is free. */
  listen: { host: string; port: number };
  /** From which the UDP ports of relayed calls are taken; 0 to 0: any that is free. */
  relayPorts: { from: number; to: number };
  /** The addresses of this server that clients are told, at most one of each family. */
  addresses: { 4?: string | undefined; 6?: string | undefined };
  /** From which passwords are made. */
  secret: string;
  /** Nobody but programs of this machine reaches the server: what is relayed may go anywhere. */
  isLocalOnly: boolean;
}

/** What that process says. */
export type FromRelay =
  | { kind: 'listening'; port: number }
  /** It cannot listen, and ends. */
  | { kind: 'failed'; reason: string }
  /** What it has done since it began; sent when that has changed. */
  | { kind: 'counts'; allocations: number; counts: TurnCounts };
