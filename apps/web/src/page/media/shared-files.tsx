import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { formatDay } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { FileContent } from './file.tsx';
import { SharedList } from './shared-list.tsx';
import { useMediaList } from './use-media-list.ts';

/** The files of a chat. */
export const SharedFiles: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const list = useMediaList(peer, 'files');
  return (
    <SharedList list={list} empty={t('noFiles')}>
      <ul class="shared-rows">
        {list.messages.map((message) => (
          <li key={message.key}>
            <FileContent message={message} note={formatDay(message.date)} />
          </li>
        ))}
      </ul>
    </SharedList>
  );
};
