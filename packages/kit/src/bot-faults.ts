import type { WatchedCall, WatchedPost } from '@aerogram/bot-api';

/** How a call, or the delivery of an update to a webhook, goes wrong. */
export type FaultKind =
  /** The call is answered with an error. Its method does not run. */
  | 'error'
  /** The call is answered late. Its method runs at once. */
  | 'slow'
  /** The connection is closed without an answer. The method does not run. */
  | 'cut'
  /** The webhook gets an update twice. */
  | 'twice'
  /** The webhook gets an update late. */
  | 'late';

/** What goes wrong on purpose for one bot. */
export interface Fault {
  botId: bigint;
  kind: FaultKind;
  /** Only calls of this method, in any spelling. */
  method?: string | undefined;
  /** Only calls whose parameters contain this text, or updates that contain it. */
  contains?: string | undefined;
  /** How often it happens; 0: until the fault is removed. */
  times: number;
  /** Of an error; 500 if absent. */
  code?: number | undefined;
  /** Of an error; if absent, what the Bot API says with this code. */
  description?: string | undefined;
  /** Of an error, in seconds; 1 if absent and the code is 429. */
  retryAfter?: number | undefined;
  /** Of what is slow or late. */
  delayMs?: number | undefined;
}

/** The most faults that there may be at once. */
const FAULTS_MAX = 1000;

interface HeldFault extends Fault {
  id: number;
  leftTimes: number;
}

/** The faults of all bots. */
export class BotFaults {
  readonly #faults = new Map<number, HeldFault>();
  #nextId = 1;

  /** @returns the number of the fault; undefined if there are too many */
  add(fault: Fault): number | undefined {
    if (this.#faults.size >= FAULTS_MAX) return undefined;
    const id = this.#nextId++;
    this.#faults.set(id, { ...fault, method: fault.method?.toLowerCase(), id, leftTimes: fault.times === 0 ? Infinity : fault.times });
    return id;
  }

  /** Whose fault it is; undefined if it is not there. */
  botOf(id: number): bigint | undefined {
    return this.#faults.get(id)?.botId;
  }

  remove(id: number): void {
    this.#faults.delete(id);
  }

  /** Removes the faults of some bots. */
  clear(bots: ReadonlySet<bigint>): void {
    for (const { id, botId } of this.#faults.values()) if (bots.has(botId)) this.#faults.delete(id);
  }

  /** Uses the first fault that is meant for a call. @param text all that the call contains */
  ofCall({ botId, method }: WatchedCall, text: () => string): Fault | undefined {
    return this.#use((fault) => fault.botId === botId && isOfCall(fault) && (fault.method === undefined || fault.method === method.toLowerCase()), text);
  }

  /** Uses the first fault that is meant for an update to a webhook. */
  ofPost({ botId, json }: WatchedPost): Fault | undefined {
    return this.#use((fault) => fault.botId === botId && !isOfCall(fault), () => json);
  }

  #use(isMeant: (fault: HeldFault) => boolean, text: () => string): Fault | undefined {
    for (const fault of this.#faults.values()) {
      if (!isMeant(fault) || (fault.contains !== undefined && !text().includes(fault.contains))) continue;
      if (--fault.leftTimes <= 0) this.#faults.delete(fault.id);
      return fault;
    }
    return undefined;
  }
}

function isOfCall({ kind }: Fault): boolean {
  return kind !== 'twice' && kind !== 'late';
}
