import type { FunctionComponent } from 'preact';
import type { Peer, PeerId } from '../../protocol/index.ts';
import { peerSignal, session } from '../app/link.ts';
import { t } from './text.ts';

/** The name of a peer as this account sees it. */
export function nameOf(peer: Peer | undefined): string {
  if (!peer) return '';
  if (peer.isSelf) return t('savedMessages');
  return peer.isDeleted || peer.name === '' ? t('deletedAccount') : peer.name;
}

/** The name of an author: the account itself is "You". */
export function authorName(id: PeerId): string {
  const peer = peerSignal(id).value;
  if (id === session.value.me) return t('you');
  return peer?.kind === 'user' ? (peer.firstName ?? nameOf(peer)) : nameOf(peer);
}

/** The name of somebody with whom something is done: the account itself is "you". */
export const namedAsObject = (id: PeerId): string => (id === session.value.me ? t('youAsObject') : authorName(id));

/** A name, apart from the direction of the text around it. */
export const Name: FunctionComponent<{ peer: PeerId }> = ({ peer }) => <bdi>{nameOf(peerSignal(peer).value)}</bdi>;
