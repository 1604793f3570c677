import { rpcError } from '@aerogram/errors';

import type { CodeWay, DomainDeps } from '../shared/index.ts';
import { countCode } from './log-in-events.ts';

/** A code to deliver in one way. */
interface DeliveryInput {
  /** Identifies the code among the deliveries in progress. */
  id: string;
  way: CodeWay;
  purpose: string;
}

/** Runs the deliveries of codes. */
export interface Deliveries {
  /**
   * Delivers a code. Concurrent calls for the same code share one delivery.
   * @throws RpcError 400 SMS_CODE_CREATE_FAILED each time the delivery service fails
   */
  deliver(input: DeliveryInput, run: () => Promise<void>): Promise<void>;
}

/**
 * Creates the runner of deliveries. A failure is a 400 error on purpose: after a server error clients would repeat the call by themselves
 * and leave the user waiting.
 */
export function createDeliveries({ log, metrics }: Pick<DomainDeps, 'log' | 'metrics'>): Deliveries {
  const running = new Map<string, Promise<void>>();
  return {
    async deliver({ id, way, purpose }, run) {
      let delivery = running.get(id);
      if (!delivery) {
        delivery = run().finally(() => running.delete(id));
        delivery.then(() => countCode({ metrics }, way, 'sent'), () => countCode({ metrics }, way, 'failed'));
        running.set(id, delivery);
      }
      try {
        await delivery;
      } catch (error) {
        // Delivery services report failures without addresses and codes.
        log.warn({ way, purpose, reason: error instanceof Error ? error.message : 'unknown' }, 'a code could not be delivered');
        throw rpcError('SMS_CODE_CREATE_FAILED');
      }
    },
  };
}
