import type { Bus } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

import { publishDeviceHint, publishToOthers } from '../events/index.ts';
import type { UserKey } from '../shared/index.ts';
import { type CallRow, NO_DEVICE } from './call-row.ts';
import { type CallRelays, projectCall } from './project-call.ts';

/** Tells devices how far a call is. What it tells may be lost: a device that connects is told again, from the rows. */
export class CallTeller {
  readonly #bus: Bus;
  readonly relays: CallRelays;

  constructor(bus: Bus, relays: CallRelays) {
    this.#bus = bus;
    this.relays = relays;
  }

  /**
   * Tells the devices of one side that take part: the one that has called or answered, and as long as nobody has answered all that ring.
   * @param exceptKeyId the device that learns of it by the answer to its call
   */
  tell(row: CallRow, exceptKeyId?: bigint): void {
    const { auth_key_id: keyId } = row;
    if (keyId === NO_DEVICE) return this.#tellAllBut(row, exceptKeyId === undefined ? [] : [exceptKeyId]);
    if (keyId === exceptKeyId) return;
    const phone_call = projectCall(row, keyId, this.relays);
    if (phone_call !== undefined) this.#show({ userId: row.owner_id, authKeyId: keyId }, { _: 'updatePhoneCall', phone_call });
  }

  /** Lets the devices of the callee ring. @param silentKeyIds those on which the owner wants no calls */
  ring(row: CallRow, silentKeyIds: readonly bigint[]): void {
    this.#tellAllBut(row, silentKeyIds);
  }

  /** Tells the devices of the callee that have not answered that they ring no more. */
  tellOthers(row: CallRow): void {
    this.#tellAllBut(row, [row.auth_key_id]);
  }

  /** Hands the device of the other side what only that device can read. */
  pass(peer: UserKey, callId: bigint, data: Uint8Array): void {
    this.#show(peer, { _: 'updatePhoneCallSignalingData', phone_call_id: callId, data });
  }

  #show({ userId: owner, authKeyId }: UserKey, transient: tl.Update): void {
    publishDeviceHint(this.#bus, { kind: 'device', owner, authKeyId, seq: 0, events: [], transient });
  }

  /** Tells what a device sees that has not answered. */
  #tellAllBut(row: CallRow, keyIds: readonly bigint[]): void {
    const phone_call = projectCall(row, NO_DEVICE, this.relays);
    if (phone_call !== undefined) publishToOthers(this.#bus, row.owner_id, keyIds, { _: 'updatePhoneCall', phone_call });
  }
}
