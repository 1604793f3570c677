import type { FunctionComponent } from 'preact';
import { ask, type OpenView } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { attempt } from '../parts/notice.tsx';

/** Loads more of a list of members, if there are more. */
export const MoreMembers: FunctionComponent<{ view: OpenView<'members'> }> = ({ view }) =>
  view.state.value.hasMore && view.state.value.members ? (
    <button class="link more-results" type="button" onClick={() => void attempt(ask('members.more', { view: view.id }))}>
      {t('moreMembers')}
    </button>
  ) : null;
