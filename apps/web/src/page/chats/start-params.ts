import { signal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';

/** What links that were opened want bots to be started with, until that is done. */
export const startParams = signal<ReadonlyMap<PeerId, string>>(new Map());

/** Notes what a link starts a bot with; undefined: it was started. */
export function noteStart(bot: PeerId, param: string | undefined): void {
  const params = new Map(startParams.value);
  if (param === undefined) params.delete(bot);
  else params.set(bot, param);
  startParams.value = params;
}
