import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { NameMark, nameOf } from '../parts/names.tsx';
import { describePeer } from '../parts/presence.ts';
import { t } from '../ground/text.ts';
import { showLargePicture } from './large-picture.tsx';

/** Picture, name and state of whom the page is about. */
export const InfoFace: FunctionComponent<{ peer: PeerId; online?: number }> = ({ peer: id, online }) => {
  const peer = peerSignal(id).value;
  return (
    <div class="info-face">
      {peer?.photo ? (
        <button class="picture-button" type="button" aria-label={t('showPicture')} onClick={() => showLargePicture(id)}>
          <Avatar peer={id} size="large" />
        </button>
      ) : (
        <Avatar peer={id} size="large" />
      )}
      <p class="person-title">
        <bdi>{nameOf(peer)}</bdi>
        <NameMark of={peer} />
      </p>
      <p class="hint">{describePeer(peer, online)}</p>
      {(peer?.mark === 'scam' || peer?.mark === 'fake') && <p class="problem">{t('suspicious')}</p>}
    </div>
  );
};
