import type { FunctionComponent } from 'preact';
import BadgeCheck from 'lucide-static/icons/badge-check.svg';
import type { Peer, PeerId, PeerMark } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { NameStatus } from './name-status.tsx';
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

/** What stands behind the name of a peer: its emoji, and what the operator of the server says of it. Saved Messages have nothing of it. @param isPerson the name is not that of Saved Messages */
export const NameMark: FunctionComponent<{ of: Peer | undefined; isPerson?: boolean }> = ({ of: peer, isPerson = false }) => {
  if (!peer || (peer.isSelf && !isPerson)) return null;
  return (
    <>
      {peer.status && <NameStatus status={peer.status} />}
      {peer.mark && <OperatorMark mark={peer.mark} />}
    </>
  );
};

const OperatorMark: FunctionComponent<{ mark: PeerMark }> = ({ mark }) => {
  if (mark !== 'verified') return <span class="name-mark">{t(mark)}</span>;
  return (
    <>
      <BadgeCheck />
      <OnlyRead>, {t('verified')}</OnlyRead>
    </>
  );
};
