import type { ClockNeed, Config } from '@aerogram/runtime';

/** What a connection that is handed over speaks. */
export type HandedTransport = 'stream' | 'websocket' | 'http';

/** What a supervisor tells a worker. */
export type ToWorker =
  /** First of all. */
  | {
      kind: 'start';
      config: Config;
      databaseUrl: string;
      /** The name of the process among its like. */
      process: string;
      /** Its place among the workers, from 0. */
      slot: number;
      /** Where the worker takes HTTP requests that other processes forward, and where the supervisor does. */
      httpPath: string;
      supervisorPath: string;
      /** How many workers are there already: a pipe to each is open, from {@link FIRST_BUS_FD} on. */
      peers: number;
    }
  /** Another worker was started: a pipe to it comes with this message. */
  | { kind: 'peer' }
  /**
   * The supervisor has the right to serve from the database. It said so to the database so long ago; and so it judges the clock.
   */
  | { kind: 'right'; ageMs: number; doubts: Record<ClockNeed, string | undefined> }
  /** Another server has taken the database over: nothing may be written any more. */
  | { kind: 'lost'; reason: string }
  /** Why nothing may be written, or that it may again. */
  | { kind: 'disk'; refusal: string | undefined }
  /** A connection comes with this message; these bytes were read of it. */
  | { kind: 'connection'; id: number; transport: HandedTransport; bytes: Uint8Array }
  /** Another worker serves the key. */
  | { kind: 'disown'; authKeyId: bigint }
  | { kind: 'metrics'; id: number }
  /** Whether the worker still turns. */
  | { kind: 'ping' }
  /** Drain and end. */
  | { kind: 'stop' };

/** What a worker tells its supervisor. */
export type ToSupervisor =
  | { kind: 'progress'; words: string }
  | { kind: 'ready' }
  | { kind: 'failed'; reason: string }
  /** The connection was taken. */
  | { kind: 'took'; id: number }
  /** These connections have ended. */
  | { kind: 'closed'; ids: number[] }
  | { kind: 'claim'; authKeyId: bigint }
  | { kind: 'release'; authKeyId: bigint }
  | { kind: 'metrics'; id: number; text: string }
  | { kind: 'pong' };

/** The number of the first pipe to another worker, behind those of every process and that of the messages above. */
export const FIRST_BUS_FD = 4;

/** In a request that is forwarded to another process: where it came from, as JSON of a `ClientAddress`. */
export const CLIENT_HEADER = 'x-aerogram-client';
