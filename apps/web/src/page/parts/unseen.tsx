import type { FunctionComponent } from 'preact';
import Heart from 'lucide-static/icons/heart.svg';
import Vote from 'lucide-static/icons/vote.svg';
import { OnlyRead } from './only-read.tsx';
import { t } from '../ground/text.ts';

/** What counts apart in a chat or a topic until it was seen. */
type Unseen = FunctionComponent<{ of: { mentions: number; reactions?: number; votes?: number } }>;

/** What of it a screen reader says. */
export const UnseenWords: Unseen = ({ of: { mentions, reactions = 0, votes = 0 } }) => (
  <>
    {mentions > 0 && <OnlyRead>, {t('mentioned')}</OnlyRead>}
    {reactions > 0 && <OnlyRead>, {t('reacted')}</OnlyRead>}
    {votes > 0 && <OnlyRead>, {t('voted')}</OnlyRead>}
  </>
);

/** What of it is drawn. */
export const UnseenBadges: Unseen = ({ of: { mentions, reactions = 0, votes = 0 } }) => (
  <>
    {mentions > 0 && <span class="badge badge-mention">@</span>}
    {reactions > 0 && (
      <span class="badge badge-mention">
        <Heart />
      </span>
    )}
    {votes > 0 && (
      <span class="badge badge-mention">
        <Vote />
      </span>
    )}
  </>
);
