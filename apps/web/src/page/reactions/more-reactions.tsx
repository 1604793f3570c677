import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { emojiName, findEmoji } from '../emoji/find-emoji.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { customIdOf } from '../../protocol/index.ts';
import { CustomReactions } from './custom-reactions.tsx';
import { ReactionGlyph, reactionName } from './reaction-glyph.tsx';

export interface MoreReactionsProps {
  /** All that can be given. */
  emoji: readonly string[];
  /** Any custom emoji can be given, too. */
  offersCustom: boolean;
  own: ReadonlySet<string>;
  choose(emoji: string): void;
}

/** All reactions that can be given to a message: those that the account gave lately, and all, with a search by their names, and below them the custom emoji of the account. */
export const MoreReactions: FunctionComponent<MoreReactionsProps> = ({ emoji, offersCustom, own, choose }) => {
  const query = useSignal('');
  const recent = useSignal<readonly string[]>([]);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    ask('reactions.recent', undefined).then((found) => (recent.value = found.filter((each) => emoji.includes(each) || (offersCustom && customIdOf(each) !== undefined))), () => undefined);
  }, []);
  const isSearching = query.value.trim() !== '';
  const found = new Set(isSearching ? findEmoji(query.value).map(([each]) => each) : []);
  const parts = isSearching ? [{ title: undefined, shown: emoji.filter((each) => found.has(each)) }] : [{ title: t('recentEmoji'), shown: recent.value }, { title: t('allReactions'), shown: emoji }];
  return (
    <div class="more-reactions" role="group" aria-label={t('reactionsToChoose')}>
      <SearchBox label={t('searchReactions')} query={query} field={field} />
      <div class="more-reactions-list">
        {parts.filter(({ shown }) => shown.length > 0).map(({ title, shown }) => (
          <section key={title ?? ''} aria-label={title ?? t('searchReactions')}>
            {title !== undefined && <h3 role="presentation">{title}</h3>}
            <div class="emoji-grid">
              {shown.map((each) => (
                <button key={each} class="emoji-button emoji" type="button" aria-label={reactionName(each)} title={emojiName(reactionName(each))} aria-pressed={own.has(each)} onClick={() => choose(each)}>
                  <ReactionGlyph emoji={each} />
                </button>
              ))}
            </div>
          </section>
        ))}
        {!isSearching && offersCustom && <CustomReactions own={own} choose={choose} />}
        {isSearching && parts[0]!.shown.length === 0 && <p class="empty">{t('nothingFound')}</p>}
      </div>
    </div>
  );
};
