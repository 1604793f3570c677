import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import type { InfoPage } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { InfoPanel } from '../info/info-panel.tsx';
import { useLoaded } from '../parts/use-loaded.ts';

interface ManageProps {
  peer: PeerId;
  info: InfoPage;
}

/** The pages on which groups and channels are managed. Few people open them, so they are loaded then. */
const ManagePlace: FunctionComponent<ManageProps> = (props) => {
  const Panel = useLoaded(async () => (await import('../manage/manage-panel.tsx')).ManagePanel);
  return Panel ? <Panel {...props} /> : <aside class="info" aria-label={t('loading')} aria-busy />;
};

/** What stands in the column beside a chat. */
export const InfoPlace: FunctionComponent<ManageProps> = ({ peer, info }) => (info.at === 'main' ? <InfoPanel peer={peer} /> : <ManagePlace peer={peer} info={info} />);
