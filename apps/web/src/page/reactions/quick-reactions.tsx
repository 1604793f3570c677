import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import ChevronDown from 'lucide-static/icons/chevron-down.svg';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import type { MoreReactionsProps } from './more-reactions.tsx';
import { offeredReactions, offersCustomReactions } from './offered-reactions.ts';
import { ReactionGlyph, reactionName } from './reaction-glyph.tsx';
import { react } from './reactions.tsx';

/** Reactions that can be given by one press. */
const QUICK = 7;

/** The reactions that are given most, above the menu of a message; a button shows all. @param close closes the menu */
export const QuickReactions: FunctionComponent<{ message: Message; close(): void }> = ({ message, close }) => {
  const offered = useSignal<readonly string[] | undefined>(undefined);
  const offersCustom = useSignal(false);
  const more = useSignal<{ More: ComponentType<MoreReactionsProps> } | undefined>(undefined);
  useEffect(() => {
    const asked = ask('reactions.list', undefined);
    asked.then(
      (choice) => {
        const peer = peerSignal(message.peer).value;
        const allowed = new Set(offeredReactions(choice, peer, message));
        offersCustom.value = offersCustomReactions(choice, peer, message);
        offered.value = [...new Set([choice.standard, ...choice.top, ...allowed])].filter((emoji) => allowed.has(emoji));
      },
      () => undefined,
    );
    void attempt(asked);
  }, []);
  const choose = (emoji: string): void => {
    close();
    void react(message, emoji);
  };
  const own = new Set(message.reactions?.filter(({ isChosen }) => isChosen).map(({ emoji }) => emoji));
  const { value: emoji } = offered;
  if (emoji?.length === 0) return null;
  if (more.value && emoji) {
    const { More } = more.value;
    return <More emoji={emoji} offersCustom={offersCustom.value} own={own} choose={choose} />;
  }
  return (
    <div class="quick-reactions" role="toolbar" aria-label={t('quickReactions')} aria-busy={emoji === undefined}>
      {emoji?.slice(0, QUICK).map((each) => (
        <button key={each} class="emoji" type="button" tabIndex={-1} aria-label={reactionName(each)} aria-pressed={own.has(each)} onClick={() => choose(each)}>
          <ReactionGlyph emoji={each} />
        </button>
      ))}
      {emoji && (emoji.length > QUICK || offersCustom.value) && (
        <button type="button" tabIndex={-1} aria-label={t('moreReactions')} onClick={() => void import('./more-reactions.tsx').then(({ MoreReactions }) => (more.value = { More: MoreReactions }))}>
          <ChevronDown />
        </button>
      )}
    </div>
  );
};
