import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { Tabs } from '../parts/tabs.tsx';
import { t } from '../ground/text.ts';
import { SharedFiles } from '../media/shared-files.tsx';
import { SharedLinks } from '../media/shared-links.tsx';
import { SharedMedia } from '../media/shared-media.tsx';
import { Members } from './members.tsx';

type InfoTab = 'members' | 'media' | 'files' | 'links';

const TITLES = { members: 'membersTab', media: 'mediaTab', files: 'filesTab', links: 'linksTab' } as const;

/** Who is in a group, and what was sent in a chat. */
export const InfoTabs: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer: id, details }) => {
  const chosen = useSignal<InfoTab | undefined>(undefined);
  const peer = peerSignal(id).value;
  const isGroup = peer !== undefined && peer.kind !== 'user';
  const tabs: InfoTab[] = [...(isGroup && details.canSeeMembers ? (['members'] as const) : []), 'media', 'files', 'links'];
  const shown = tabs.find((tab) => tab === chosen.value) ?? tabs[0]!;
  // Which tabs there are is not known before.
  if (!details.isLoaded) return null;
  return (
    <section class="info-tabs info-card" aria-label={t('contents')}>
      <Tabs label={t('contents')} tabs={tabs.map((tab) => ({ id: tab, title: t(TITLES[tab]) }))} chosen={shown} onChoose={(tab) => (chosen.value = tab)} />
      <div role="tabpanel" aria-label={t(TITLES[shown])}>
        {shown === 'members' && <Members peer={id} />}
        {shown === 'media' && <SharedMedia peer={id} />}
        {shown === 'files' && <SharedFiles peer={id} />}
        {shown === 'links' && <SharedLinks peer={id} />}
      </div>
    </section>
  );
};
