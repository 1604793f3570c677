import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Share from 'lucide-static/icons/share-2.svg';
import type { SetRef, StickerSet, WholeSet } from '../../protocol/index.ts';
import { ask, RefusedError } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { LiveEmoji } from '../motion/live-emoji.tsx';
import { Sticker } from '../motion/sticker.tsx';
import { copyText } from '../parts/copy-text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { describeRefusal } from '../parts/errors.ts';
import { attempt } from '../parts/notice.tsx';
import './words.ts';

/** Longer sides of what a set shows, in pixels. */
const SIDE = { stickers: 72, emoji: 34 };

/** The link by which a set is passed on. */
const linkOf = ({ kind, name }: StickerSet): string => `${location.origin}/${kind === 'emoji' ? 'addemoji' : 'addstickers'}/${name}`;

/** The name of a set, how much it has, and a button that copies its link. */
const Head: FunctionComponent<{ whole: WholeSet }> = ({ whole: { set, stickers } }) => (
  <>
    <div class="set-head">
      <h2>
        <bdi>{set.title}</bdi>
      </h2>
      <p class="hint">{t(set.kind === 'emoji' ? 'emojiInSet' : 'stickersInSet', { n: stickers.length })}</p>
    </div>
    <button class="round" type="button" aria-label={t('shareSet')} title={t('shareSet')} onClick={() => void copyText(linkOf(set))}>
      <Share />
    </button>
  </>
);

/** What a set has, without its heading. */
const Content: FunctionComponent<{ whole: WholeSet; onDone(): void }> = ({ whole: { set, stickers }, onDone }) => {
  const isBusy = useSignal(false);
  const isEmoji = set.kind === 'emoji';
  const { isInstalled } = set;
  const toggle = async (): Promise<void> => {
    isBusy.value = true;
    if (await attempt(ask(isInstalled ? 'stickers.uninstall' : 'stickers.install', { set: set.id }))) onDone();
    isBusy.value = false;
  };
  return (
    <>
      <ul class={`set-stickers set-of-${set.kind}`} aria-label={set.title}>
        {stickers.map((sticker) => (
          <li key={sticker.document.id} title={sticker.emoji}>
            {isEmoji ? (
              <LiveEmoji sticker={sticker} side={SIDE.emoji}>
                <span class="live-emoji-text">{sticker.emoji}</span>
              </LiveEmoji>
            ) : (
              <Sticker file={{ of: 'sticker', file: sticker.document.id, size: '' }} mime={sticker.document.mime} preview={sticker.document.preview} side={SIDE.stickers} width={sticker.document.width} height={sticker.document.height} isLazy />
            )}
          </li>
        ))}
      </ul>
      <button class={`button button-wide${isInstalled ? ' button-plain' : ''}`} type="button" autofocus disabled={isBusy.value} onClick={() => void toggle()}>
        {t(isInstalled ? (isEmoji ? 'removeEmojiSet' : 'removeStickers') : isEmoji ? 'addEmojiSet' : 'addStickers', { n: stickers.length })}
      </button>
    </>
  );
};

const problemOf = (error: unknown): string => (error instanceof RefusedError ? (error.refusal.code === 'STICKERSET_INVALID' ? t('setGone') : describeRefusal(error.refusal)) : t('errorInternal'));

/** A set: what it has, and whether the account wants to have it. */
export const SetDialog: FunctionComponent<{ of: SetRef; onClose(): void }> = ({ of, onClose }) => {
  const found = useSignal<{ whole?: WholeSet; problem?: string }>({});
  useEffect(() => {
    ask('stickers.set', of).then(
      (whole) => (found.value = { whole }),
      (error: unknown) => (found.value = { problem: problemOf(error) }),
    );
  }, []);
  const { whole, problem } = found.value;
  return (
    <Dialog title={t('stickerSet')} head={whole && <Head whole={whole} />} onClose={onClose} className="sticker-set">
      {whole ? <Content whole={whole} onDone={onClose} /> : problem === undefined ? <p class="set-loading" aria-busy /> : <p role="alert">{problem}</p>}
    </Dialog>
  );
};

/** Shows a set until it is closed. */
export const showSet = (ref: SetRef): Promise<void> => openDialog<void>((close) => <SetDialog of={ref} onClose={() => close()} />);
