import type { FunctionComponent } from 'preact';
import { StatusPlace } from '../statuses/status-place.tsx';
import { EditPicture, EditTexts } from './edit-texts.tsx';
import { EntryRows, LastRows, RuleRows } from './edit-rows.tsx';
import type { ManagePageProps } from './page-props.ts';

/** What there is of a group or channel to manage, as far as the account may do it. */
export const EditPage: FunctionComponent<ManagePageProps> = (props) => {
  const { peer } = props;
  return (
    <>
      {peer.rights.changeInfo && (
        <>
          <EditPicture {...props} />
          <EditTexts {...props} />
          {peer.kind !== 'group' && <StatusPlace peer={peer} />}
        </>
      )}
      <EntryRows {...props} />
      <RuleRows {...props} />
      <LastRows {...props} />
    </>
  );
};
