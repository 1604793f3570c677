import { rpcError } from '@aerogram/errors';

import type { CodeWay, DomainDeps } from '../shared/index.ts';

/** One code on one way. */
interface DeliveryInput {
  /** Names the code among those on their way. */
  id: string;
  way: CodeWay;
  purpose: string;
}

/** Runs the deliveries of codes. */
export interface Deliveries {
  /**
   * Delivers a code. Calls for a code that is just being delivered share its outcome.
   * @throws RpcError 400 SMS_CODE_CREATE_FAILED when the service that delivers codes failed, each time it is tried
   */
  deliver(input: DeliveryInput, run: () => Promise<void>): Promise<void>;
}

/**
 * Makes the runner of deliveries. A failure is a client error on purpose: clients repeat a call by themselves after a server error,
 * and people wait for a code that cannot come.
 */
export function createDeliveries({ log }: Pick<DomainDeps, 'log'>): Deliveries {
  const running = new Map<string, Promise<void>>();
  return {
    async deliver({ id, way, purpose }, run) {
      let delivery = running.get(id);
      if (!delivery) {
        delivery = run().finally(() => running.delete(id));
        running.set(id, delivery);
      }
      try {
        await delivery;
      } catch (error) {
        // The delivery services say what failed without addresses and codes.
        log.warn({ way, purpose, reason: error instanceof Error ? error.message : 'unknown' }, 'a code could not be delivered');
        throw rpcError('SMS_CODE_CREATE_FAILED');
      }
    },
  };
}
