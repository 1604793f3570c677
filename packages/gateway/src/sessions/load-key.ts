import type { GatewayServices } from '../gateway-services.ts';
import type { KeyEntry } from './gateway-session.ts';

/** The key does not exist; the store cannot be reached; or the client's address has asked for too many keys that do not exist. */
export type NoKey = 'absent' | 'failed' | 'limited';

/** Finds the key that a client names, in memory or in the store. Never rejects. @param address of the client */
export async function loadKey({ keys, clock, log, addresses }: GatewayServices, keyId: bigint, address: string): Promise<KeyEntry | NoKey> {
  if (!addresses.allowsKeyLookUp(address, clock.nowMs())) return 'limited';
  try {
    const entry = await keys.load(keyId, clock.nowMs());
    if (entry) return entry;
  } catch (error) {
    log.warn({ err: error }, 'the key store could not be reached');
    return 'failed';
  }
  addresses.foundNoKey(address, clock.nowMs());
  return 'absent';
}
