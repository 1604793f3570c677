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

/** The chat in which somebody pressed the button above the results of a bot, by bot: a button of that bot leads back there, once. Lost with the page. */
const switches = new Map<PeerId, PeerId>();

/** Notes that a bot was opened by a button above its results in a chat. */
export function noteSwitch(bot: PeerId, from: PeerId): void {
  switches.set(bot, from);
}

/** The chat to which a bot leads back, once. */
export function takeSwitch(bot: PeerId): PeerId | undefined {
  const from = switches.get(bot);
  switches.delete(bot);
  return from;
}
