import { type Clock, RecentMap } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type HasLimits, QuotaBuckets, type UserKey } from '../shared/index.ts';
import { accessCall, type CallRef } from './access-call.ts';
import { isInCall, stateOf } from './call-row.ts';
import type { CallTeller } from './call-teller.ts';

/** For how long it is remembered to whom a device of a call speaks, in milliseconds. What it says after the end of the call is lost anyway. */
const KNOWN_MS = 3000;
/** Devices of which that is remembered. */
const KNOWN_MAX = 10_000;

/** Whom a device of a call speaks to; undefined if the call is over. */
type Hearer = UserKey | undefined;

/** What both devices of a call say to each other until they are connected. The server cannot read it, and does not keep it. */
export class Signalling {
  readonly #deps: { db: Database; clock: Clock; teller: CallTeller };
  readonly #packets: QuotaBuckets;
  readonly #kilobytes: QuotaBuckets;
  /** All that a device says at once waits for the same look, so that its order is kept. */
  readonly #known = new RecentMap<string, { hearer: Promise<Hearer>; untilMs: number }>(KNOWN_MAX);

  constructor(deps: { db: Database; clock: Clock; teller: CallTeller; hasLimits?: HasLimits | undefined }) {
    this.#deps = deps;
    this.#packets = new QuotaBuckets(deps, 'callSignals');
    this.#kilobytes = new QuotaBuckets(deps, 'callSignalBytes');
  }

  /** Passes on what a device says. What is too much is lost, and so is what comes after the end. @throws RpcError 400 CALL_PEER_INVALID */
  async pass(device: UserKey, call: CallRef, data: Uint8Array): Promise<void> {
    const hearer = await this.#find(device, call);
    if (hearer === undefined || data.length === 0) return;
    const whom = `${device.userId}:${call.callId}`;
    if (this.#packets.take(whom, 1) > 0 || this.#kilobytes.take(whom, Math.ceil(data.length / 1024)) > 0) return;
    this.#deps.teller.pass(hearer, call.callId, data);
  }

  #find(device: UserKey, call: CallRef): Promise<Hearer> {
    const key = `${device.userId}:${device.authKeyId}:${call.callId}:${call.accessHash}`;
    const nowMs = this.#deps.clock.monotonicMs();
    const known = this.#known.get(key);
    if (known !== undefined && known.untilMs > nowMs) return known.hearer;
    const hearer = this.#look(device, call);
    this.#known.set(key, { hearer, untilMs: nowMs + KNOWN_MS });
    hearer.then((found) => found === undefined && this.#known.delete(key), () => this.#known.delete(key));
    return hearer;
  }

  async #look({ userId, authKeyId }: UserKey, call: CallRef): Promise<Hearer> {
    const row = await accessCall(this.#deps.db, userId, call);
    const state = stateOf(row);
    // A device that has not answered may still be busy with its own end of the call.
    if (state === 'ended' || state === 'ringing' || !isInCall(row, authKeyId)) return undefined;
    return { userId: row.peer_id, authKeyId: row.peer_auth_key_id };
  }
}
