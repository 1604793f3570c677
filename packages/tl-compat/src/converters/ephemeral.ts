import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Templates of welcome messages are in no chat; layer 228 has no such messages. */
export function lowerEphemeralMessage({ peer_id, ...rest }: tl.ephemeralMessage): old.ephemeralMessage_d9c6dc1a | undefined {
  return peer_id && { ...rest, _: 'ephemeralMessage#d9c6dc1a', peer_id };
}

export function lowerEphemeralCallback({ peer, ...rest }: tl.updateEphemeralBotCallbackQuery): old.updateEphemeralBotCallbackQuery_9b380762 | undefined {
  return peer && { ...rest, _: 'updateEphemeralBotCallbackQuery#9b380762', peer };
}
