import { type Message, type PeerId, positionIn } from '../../protocol/index.ts';
import { addressOf, route } from '../ground/route.ts';

/** Whether the column about a chat covers the chat. */
export const coversChat = (): boolean => matchMedia('(max-width: 1099px)').matches;

/** The address at which a message is shown in its chat, beside the column about the chat where there is room for both. */
export function addressBesideInfo(peer: PeerId, message: Message): string {
  const at = route.value;
  const info = at.page === 'chat' && !coversChat() ? at.info : undefined;
  return addressOf({ peer, message: positionIn(peer, message), info });
}
