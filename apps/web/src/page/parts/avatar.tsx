import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Bookmark from 'lucide-static/icons/bookmark.svg';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { pictureAddress } from '../ground/pictures.ts';
import { nameOf } from './names.tsx';

/** Colours of peers without a picture. */
export const COLOURS = 7;

/** First letters of the first and last word of a name. Pure. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string | undefined): string => Array.from((word ?? '').replace(/^[^\p{L}\p{N}]+/u, ''))[0] ?? '';
  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : '')).toUpperCase();
}

/** The picture of a peer, or its initials. @param isPerson shows the account itself as others see it, not as the place of saved messages */
export const Avatar: FunctionComponent<{ peer: PeerId; size?: 'small' | 'middle' | 'card' | 'large'; isPerson?: boolean }> = ({ peer: id, size, isPerson }) => {
  const peer = peerSignal(id).value;
  const address = useSignal<string | undefined>(undefined);
  const photo = peer?.photo;
  useEffect(() => {
    address.value = undefined;
    if (!photo) return undefined;
    const picture = pictureAddress({ of: 'peer', peer: id, photo: photo.id, isBig: size === 'large' }, photo.preview);
    const stop = picture.subscribe((value) => (address.value = value));
    return () => {
      stop();
      picture.release();
    };
  }, [id, photo?.id, size]);
  const className = `avatar${size ? ` avatar-${size}` : ''} avatar-${Math.abs(id) % COLOURS}`;
  if (peer?.isSelf && !isPerson) {
    return (
      <span class={`${className} avatar-saved`} aria-hidden="true">
        <Bookmark />
      </span>
    );
  }
  return (
    <span class={className} aria-hidden="true">
      {address.value === undefined ? initialsOf(peer?.isSelf ? peer.name : nameOf(peer)) : <img src={address.value} alt="" draggable={false} />}
    </span>
  );
};
