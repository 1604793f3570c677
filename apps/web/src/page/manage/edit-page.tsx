import type { FunctionComponent } from 'preact';
import Trash from 'lucide-static/icons/trash-2.svg';
import { deleteForAll } from '../chats/delete-chat.ts';
import { t } from '../ground/text.ts';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { EditPicture, EditTexts } from './edit-texts.tsx';
import { EntryRows, RuleRows } from './edit-rows.tsx';
import type { ManagePageProps } from './page-props.ts';

/** What there is of a group or channel to manage, as far as the account may do it. */
export const EditPage: FunctionComponent<ManagePageProps> = (props) => {
  const { id, peer } = props;
  return (
    <>
      {peer.rights.changeInfo && (
        <>
          <EditPicture {...props} />
          <EditTexts {...props} />
        </>
      )}
      <EntryRows {...props} />
      <RuleRows {...props} />
      {peer.isCreator && (
        <InfoCard>
          <InfoAction icon={Trash} text={t(peer.kind === 'channel' ? 'deleteChannel' : 'deleteGroup')} isDangerous act={() => void deleteForAll(id)} />
        </InfoCard>
      )}
    </>
  );
};
