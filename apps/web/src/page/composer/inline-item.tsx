import type { FunctionComponent, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { InlineResult, ResultPicture } from '../../protocol/index.ts';
import { useInSight } from '../motion/use-in-sight.ts';
import { usePicture } from '../motion/use-picture.ts';
import { t } from '../ground/text.ts';

const KIND_NAMES = { photo: 'mediaPhoto', gif: 'mediaGif', video: 'mediaVideo', sticker: 'mediaSticker', place: 'mediaPlace', contact: 'mediaContact', file: 'mediaFile' } as const;

/** The picture of a result. It is loaded once it can be seen. */
const Picture: FunctionComponent<{ picture: ResultPicture; place: RefObject<Element | null> }> = ({ picture: { file, preview }, place }) => {
  const isInSight = useInSight(place).value;
  const wasInSight = useRef(false);
  wasInSight.current ||= isInSight;
  const isUndecodable = useSignal(false);
  const { address } = usePicture(wasInSight.current ? file : undefined, preview).value;
  return <span class="inline-picture">{address !== undefined && !isUndecodable.value && <img src={address} alt="" decoding="async" draggable={false} onError={() => (isUndecodable.value = true)} />}</span>;
};

interface ItemProps {
  result: InlineResult;
  /** It is one of the pictures of a gallery, not a line. */
  isTile: boolean;
  isMarked: boolean;
  onChoose(): void;
}

/** One result of a bot. */
export const InlineItem: FunctionComponent<ItemProps> = ({ result: { kind, title, description, caption, picture }, isTile, isMarked, onChoose }) => {
  const item = useRef<HTMLLIElement>(null);
  const name = title ?? description ?? caption ?? t(KIND_NAMES[kind]);
  const isPictureOnly = isTile && picture !== undefined;
  return (
    <li
      role="option"
      aria-label={isPictureOnly ? name : undefined}
      aria-selected={isMarked}
      ref={(element) => {
        item.current = element;
        if (isMarked) element?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onChoose}
    >
      {picture && <Picture picture={picture} place={item} />}
      {!isPictureOnly && (
        <span class="inline-text">
          <bdi>{name}</bdi>
          {title !== undefined && description !== undefined && (
            <small>
              <bdi>{description}</bdi>
            </small>
          )}
        </span>
      )}
    </li>
  );
};
