import type { FunctionComponent } from 'preact';
import BadgeCheck from 'lucide-static/icons/badge-check.svg';
import type { Peer, PeerId } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { OnlyRead } from './only-read.tsx';
import { t } from '../ground/text.ts';

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

/** What the operator of the server says of a peer, behind its name. */
export const NameMark: FunctionComponent<{ of: Peer | undefined }> = ({ of: peer }) => {
  if (!peer?.mark || peer.isSelf) return null;
  if (peer.mark !== 'verified') return <span class="name-mark">{t(peer.mark)}</span>;
  return (
    <>
      <BadgeCheck />
      <OnlyRead>, {t('verified')}</OnlyRead>
    </>
  );
};
