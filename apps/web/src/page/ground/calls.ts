import { signal } from '@preact/signals';
import type { ChatView, Peer, PeerId } from '../../protocol/index.ts';
import { onRing, openView } from './link.ts';

/** The call that goes on or rings, in whatever tab: kept open as long as the page. */
export const openCall = openView('call', {}).state;

/** The call that is to be heard in this page while it rings. */
export const heardCall = signal<number | undefined>(undefined);
onRing((call) => (heardCall.value = call));

/** What calls somebody, handed in by `app`: the folder of calls is a later one. */
export const caller: { call(peer: PeerId, isVideo: boolean): void } = { call: () => undefined };

/** Calls somebody in this page. What stands against it is told. */
export const callPerson = (peer: PeerId, isVideo: boolean): void => caller.call(peer, isVideo);

/** Whether the account may call somebody. Pure. @param calls as the details of the chat say */
export const mayCall = (peer: Peer | undefined, calls: ChatView['calls']): boolean => calls !== undefined && peer?.kind === 'user' && !peer.isSelf && !peer.isBot && !peer.isDeleted;
