import type { ComponentChildren, FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';
import type { MediaList } from './use-media-list.ts';

/** What is shown of a list of a chat's contents while it is loaded page by page. */
export const SharedList: FunctionComponent<{ list: MediaList; empty: string; children: ComponentChildren }> = ({ list, empty, children }) => (
  <div class="shared" aria-busy={!list.isComplete && !list.isBroken}>
    {children}
    {list.messages.length === 0 && list.isComplete && <p class="empty">{empty}</p>}
    {list.isBroken && (
      <p class="empty" role="alert">
        {t('errorOffline')}
      </p>
    )}
    <div ref={list.end} class="shared-end" />
  </div>
);
