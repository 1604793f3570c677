import type { Logger } from '@aerogram/runtime';
import { codecFor } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

const TOO_LONG: tl.updatesTooLong = { _: 'updatesTooLong' };

/** Encodes a push. An update that an old layer cannot express would be retried for ever. Its clients are told to fetch the difference instead. */
export function encodePush({ log, onEncode }: { log: Logger; onEncode(): void }, layer: number, updates: tl.Updates): Uint8Array {
  const codec = codecFor(layer);
  onEncode();
  try {
    return codec.encode(updates);
  } catch (error) {
    log.error({ err: error, layer, kind: updates._ }, 'an update cannot be encoded for a layer');
    return codec.encode(TOO_LONG);
  }
}
