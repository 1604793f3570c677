import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { CUSTOM_REACTION, type StickerSet } from '../../protocol/index.ts';
import { useView } from '../ground/use-view.ts';
import { useSet } from '../emoji/set-cover.tsx';
import { LiveEmoji } from '../motion/live-emoji.tsx';
import { useInSight } from '../motion/use-in-sight.ts';

/** Height of a custom emoji, in pixels. */
const SIDE = 30;

interface CustomReactionsProps {
  /** Keys of what the account has given to the message. */
  own: ReadonlySet<string>;
  /** @param key that of the reaction */
  choose(key: string): void;
}

/** The custom emoji of the account, as reactions. A set is loaded once it can be seen. */
export const CustomReactions: FunctionComponent<CustomReactionsProps> = (props) => {
  const { sets = [] } = useView('stickerSets', { kind: 'emoji' }).state.value;
  return (
    <>
      {sets.map((set) => (
        <OfSet key={set.id} set={set} {...props} />
      ))}
    </>
  );
};

const OfSet: FunctionComponent<CustomReactionsProps & { set: StickerSet }> = ({ set, own, choose }) => {
  const place = useRef<HTMLElement>(null);
  const isInSight = useInSight(place);
  const stickers = useSet(set, isInSight.value)?.stickers ?? [];
  return (
    <section ref={place} aria-label={set.title}>
      <h3 role="presentation">
        <bdi>{set.title}</bdi>
      </h3>
      <div class="emoji-grid">
        {stickers.map((sticker) => {
          const key = CUSTOM_REACTION + sticker.document.id;
          return (
            <button key={key} class="emoji-button emoji" type="button" aria-label={`${sticker.emoji} ${set.title}`} title={sticker.emoji} aria-pressed={own.has(key)} onClick={() => choose(key)}>
              <LiveEmoji sticker={sticker} side={SIDE}>
                <span class="live-emoji-text">{sticker.emoji}</span>
              </LiveEmoji>
            </button>
          );
        })}
      </div>
    </section>
  );
};
