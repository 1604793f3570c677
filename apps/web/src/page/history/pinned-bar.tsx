import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import PinIcon from 'lucide-static/icons/pin.svg';
import X from 'lucide-static/icons/x.svg';
import type { Position, Snippet } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';

/** Marks for more than this many pinned messages would be too small. */
const MARKS_MAX = 5;

/** The pinned messages, one at a time, the newest first. Pressed, it goes there, and shows the next older one. */
export const PinnedBar: FunctionComponent<{ pinned: readonly Snippet[] }> = ({ pinned }) => {
  const open = useOpenChat();
  const chosen = useSignal<Position | undefined>(undefined);
  const at = Math.max(0, pinned.findIndex((each) => open.positionOf(each) === chosen.value));
  const shown = pinned[at];
  if (!shown) return null;
  const go = (): void => {
    chosen.value = open.positionOf(pinned[(at + 1) % pinned.length]!);
    void open.jump({ message: shown });
  };
  const text = describeSnippet(shown);
  const title = pinned.length === 1 ? t('pinnedMessage') : t('pinnedMessageOf', { n: pinned.length - at, total: pinned.length });
  return (
    <section class="pinned-bar" aria-label={t('pinnedMessages')}>
      <button class="pinned-go" type="button" aria-label={`${title}: ${text}`} onClick={go}>
        <span class="pinned-marks" aria-hidden="true">
          {pinned.slice(0, MARKS_MAX).map((each, index) => (
            <span key={open.positionOf(each)} class={Math.min(at, MARKS_MAX - 1) === index ? 'is-shown' : undefined} />
          )).reverse()}
        </span>
        <PinIcon />
        <span class="pinned-text">
          <strong>{title}</strong>
          <span dir="auto">{text}</span>
        </span>
      </button>
      {peerSignal(shown.peer).value?.rights.pin && (
        <button class="round" type="button" aria-label={t('unpinMessage')} onClick={() => void attempt(ask('messages.setPinned', { peer: shown.peer, message: shown.id, isPinned: false }))}>
          <X />
        </button>
      )}
    </section>
  );
};
