import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import Camera from 'lucide-static/icons/camera.svg';
import Text from 'lucide-static/icons/text.svg';
import UserPlus from 'lucide-static/icons/user-plus.svg';
import type { ChatView, Peer, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { StrangerCard } from './stranger-card.tsx';

const HELLO = '👋';

/** What the creator of a new group does first. */
export interface GroupStart {
  invite(group: PeerId): void;
  edit(group: PeerId): void;
}

interface EmptyChatProps {
  peer: PeerId;
  details: Partial<ChatView>;
  groupStart?: GroupStart;
  /** There are lines that the server wrote. */
  hasLines: boolean;
}

/** What stands where nobody wrote, and nothing is offered. */
export const NothingYet: FunctionComponent<{ hasLines: boolean }> = ({ hasLines }) => (hasLines ? null : <p class="empty-note">{t('noMessages')}</p>);

const SayHello: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const isBusy = useSignal(false);
  const greet = async (): Promise<void> => {
    isBusy.value = true;
    await attempt(ask('messages.send', { peer, text: HELLO, entities: [] }));
    isBusy.value = false;
  };
  return (
    <div class="empty-card">
      <p>{t('nothingWritten')}</p>
      <span class="empty-hello" aria-hidden="true">
        {HELLO}
      </span>
      <button class="button button-soft" type="button" disabled={isBusy.value} onClick={() => void greet()}>
        {t('sayHello')}
      </button>
    </div>
  );
};

const NewGroupCard: FunctionComponent<{ peer: PeerId; about: string; start: GroupStart }> = ({ peer: id, about, start }) => {
  const peer = peerSignal(id).value;
  return (
    <div class="empty-card">
      <Avatar peer={id} size="card" />
      <h2>
        <bdi>{nameOf(peer)}</bdi>
      </h2>
      <div class="empty-steps">
        <button class="button button-soft" type="button" onClick={() => start.invite(id)}>
          <UserPlus /> {t('invitePeople')}
        </button>
        {about === '' && (
          <button class="button button-soft" type="button" onClick={() => start.edit(id)}>
            <Text /> {t('addDescription')}
          </button>
        )}
        {peer?.photo === undefined && (
          <button class="button button-soft" type="button" onClick={() => start.edit(id)}>
            <Camera /> {t('setPicture')}
          </button>
        )}
      </div>
    </div>
  );
};

/** Whether a card tells of the stranger in this chat, as long as nobody has written. */
export const showsStranger = (peer: Peer | undefined, { actionBar, isBlocked }: Partial<ChatView>): boolean => peer?.kind === 'user' && !peer.isContact && !peer.isDeleted && !isBlocked && actionBar?.canAdd === true;

const PersonCards: FunctionComponent<EmptyChatProps> = ({ peer: id, details, hasLines }) => {
  const peer = peerSignal(id).value;
  if (!peer || peer.isDeleted || !peer.rights.write || details.isBlocked) return <NothingYet hasLines={hasLines} />;
  return (
    <>
      {showsStranger(peer, details) && <StrangerCard peer={id} details={details} />}
      <SayHello peer={id} />
    </>
  );
};

/** What stands in a chat in which nobody has written yet. */
export const EmptyChat: FunctionComponent<EmptyChatProps> = (props) => {
  const { peer: id, details, groupStart, hasLines } = props;
  const peer = peerSignal(id).value;
  // What is known of the chat decides what stands here.
  if (!peer || !details.isLoaded) return null;
  if (peer.isSelf) {
    return (
      <div class="empty-card">
        <Avatar peer={id} size="card" />
        <p>{t('savedText')}</p>
      </div>
    );
  }
  if (peer.isBot) {
    return (
      <div class="empty-card bot-description" dir="auto">
        {details.description ?? t('nothingWritten')}
      </div>
    );
  }
  if (peer.kind === 'user') return <PersonCards {...props} />;
  if (peer.kind === 'channel' && peer.rights.write) {
    return (
      <div class="empty-card">
        <Avatar peer={id} size="card" />
        <p>{t('writeFirstPost')}</p>
      </div>
    );
  }
  if (peer.kind !== 'channel' && peer.isCreator && peer.isMember && groupStart) return <NewGroupCard peer={id} about={details.about ?? ''} start={groupStart} />;
  return <NothingYet hasLines={hasLines} />;
};
