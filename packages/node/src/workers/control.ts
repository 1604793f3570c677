import type { ClientAddress } from '@aerogram/gateway';
import type { ClockNeed, Config } from '@aerogram/runtime';
import type { Incarnation } from '@aerogram/storage';

/** The transport of a connection that is passed to a worker. */
export type HandedTransport = 'stream' | 'websocket' | 'http';

/** Messages from a supervisor to a worker. */
export type ToWorker =
  /** The first message. */
  | {
      kind: 'start';
      config: Config;
      databaseUrl: string;
      /** The supervisor's lease. */
      incarnation: Incarnation;
      /** Unique name of the process. */
      process: string;
      /** Index of the worker, from 0. */
      slot: number;
      /** Socket paths on which the worker and the supervisor accept HTTP requests forwarded by other processes. */
      httpPath: string;
      supervisorPath: string;
      /** Number of workers that exist already: a pipe to each is open, starting at {@link FIRST_BUS_FD}. */
      peers: number;
    }
  /** Another worker was started; a pipe to it comes with this message. */
  | { kind: 'peer' }
  /** The supervisor holds the serving lease: how long ago it was renewed, on which timeline of the database, and how reliable the clock is; and which level the log has now. */
  | { kind: 'right'; ageMs: number; timeline: string; doubts: Record<ClockNeed, string | undefined>; logLevel: string }
  /** Another server has taken over the database: nothing may be written any more. */
  | { kind: 'lost'; reason: string }
  /** Why nothing may be written to the database, and why no files; undefined if writing is possible again. */
  | { kind: 'disk'; database: string | undefined; files: string | undefined }
  /** A connection of this client comes with this message; `bytes` were already read from it. */
  | { kind: 'connection'; id: number; transport: HandedTransport; bytes: Uint8Array; client: ClientAddress }
  /** Another worker serves the key. */
  | { kind: 'disown'; authKeyId: bigint }
  | { kind: 'metrics'; id: number }
  /** The metrics of all processes, which the worker asked for. */
  | { kind: 'all metrics'; text: string }
  /** Where the relay of calls listens. */
  | { kind: 'relay'; port: number }
  /** Asks whether the worker's event loop still runs. */
  | { kind: 'ping' }
  /** Tells the worker to drain and exit. */
  | { kind: 'stop' };

/** Messages from a worker to its supervisor. */
export type ToSupervisor =
  | { kind: 'progress'; words: string }
  | { kind: 'ready' }
  | { kind: 'failed'; reason: string }
  /** The worker has taken the connection. */
  | { kind: 'took'; id: number }
  /** These connections have ended. */
  | { kind: 'closed'; ids: number[] }
  | { kind: 'claim'; authKeyId: bigint }
  | { kind: 'release'; authKeyId: bigint }
  | { kind: 'metrics'; id: number; text: string }
  /** Asks for the metrics of all processes. */
  | { kind: 'all metrics' }
  /** Begins the relay of calls, and asks where it is. */
  | { kind: 'relay' }
  | { kind: 'pong' };

/** File descriptor of the first pipe to another worker, after the standard ones and the IPC channel. */
export const FIRST_BUS_FD = 4;
