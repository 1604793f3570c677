import type { ComponentType, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import type { InfoPage } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { InfoPanel } from '../info/info-panel.tsx';
import { attempt } from '../parts/notice.tsx';

interface ManageProps {
  peer: PeerId;
  info: InfoPage;
}

/** The pages on which groups and channels are managed. Few people open them, so they are loaded then. */
const ManagePlace: FunctionComponent<ManageProps> = (props) => {
  const loaded = useSignal<{ Panel: ComponentType<ManageProps> } | undefined>(undefined);
  useEffect(() => {
    const loading = import('../manage/manage-panel.tsx').then(({ ManagePanel }) => (loaded.value = { Panel: ManagePanel }));
    void attempt(loading);
  }, []);
  if (!loaded.value) return <aside class="info" aria-label={t('loading')} aria-busy />;
  return <loaded.value.Panel {...props} />;
};

/** What stands in the column beside a chat. */
export const InfoPlace: FunctionComponent<ManageProps> = ({ peer, info }) => (info.at === 'main' ? <InfoPanel peer={peer} /> : <ManagePlace peer={peer} info={info} />);
