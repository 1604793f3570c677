import type { FunctionComponent } from 'preact';
import Hash from 'lucide-static/icons/hash.svg';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { SavedSwitch } from '../parts/saved-switch.tsx';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';

/** Whether messages are divided by topics, and how these are shown. */
export const TopicRows: FunctionComponent<ManagePageProps> = ({ id, peer: { isForum = false, hasTabs = false } }) => {
  const save = (wanted: { isForum: boolean; hasTabs: boolean }): Promise<boolean> => changeSupergroup(id, (peer) => ask('topics.setForum', { peer, ...wanted }));
  return (
    <>
      <div class="info-row">
        <Hash />
        <SavedSwitch text={t('topics')} isOn={isForum} save={(isOn) => save({ isForum: isOn, hasTabs: isOn && hasTabs })} />
      </div>
      {isForum && (
        <div class="info-row info-row-inner">
          <SavedSwitch text={t('topicsAsTabs')} isOn={hasTabs} save={(isOn) => save({ isForum, hasTabs: isOn })} />
        </div>
      )}
    </>
  );
};
