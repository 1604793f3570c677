import type { ComponentChildren, FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Avatar } from './avatar.tsx';
import { NameMark, nameOf } from './names.tsx';
import { describePeer } from './presence.ts';
import { t } from '../ground/text.ts';

/** The name of a person in a list of people: the account itself is "You". */
export const personName = (peer: PeerId): string => (peer === session.value.me ? t('you') : nameOf(peerSignal(peer).value));

/** Avatar, name and a line about somebody. */
export const PersonFace: FunctionComponent<{ peer: PeerId; line?: ComponentChildren }> = ({ peer: id, line }) => (
  <>
    <Avatar peer={id} size="middle" isPerson />
    <span class="person-name">
      <bdi>{personName(id)}</bdi>
      <NameMark of={peerSignal(id).value} isPerson />
    </span>
    <span class="person-line">{line ?? describePeer(peerSignal(id).value)}</span>
  </>
);

/** Somebody in a list, with a link to the chat, and buttons behind it. */
export const PersonRow: FunctionComponent<{ peer: PeerId; line?: ComponentChildren; onOpen?(): void; children?: ComponentChildren }> = ({ peer, line, onOpen, children }) => (
  <div class="person">
    <a class="person-row" href={chatAddress(peer)} onClick={onOpen}>
      <PersonFace peer={peer} line={line} />
    </a>
    {children}
  </div>
);
