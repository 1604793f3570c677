import type { FunctionComponent, VNode } from 'preact';
import { useSignal } from '@preact/signals';
import type { ChatView, MediaFilter, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { Tabs } from '../parts/tabs.tsx';
import { useAsked } from '../parts/use-loaded.ts';
import { t } from '../ground/text.ts';
import { SharedFiles } from '../media/shared-files.tsx';
import { SharedLinks } from '../media/shared-links.tsx';
import { SharedMedia } from '../media/shared-media.tsx';
import { Members } from './members.tsx';
import { SharedGifs } from './shared-gifs.tsx';
import { SharedSounds } from './shared-sounds.tsx';
import { SimilarChannels } from './similar-channels.tsx';

/** What a tab shows of a chat. */
interface InfoTab {
  title: TextKey;
  draw(peer: PeerId, similar: readonly PeerId[]): VNode;
}

const MEMBERS: InfoTab = { title: 'membersTab', draw: (peer) => <Members peer={peer} /> };

const SIMILAR: InfoTab = { title: 'similarTab', draw: (_peer, similar) => <SimilarChannels peers={similar} /> };

const SHARED: Readonly<Record<MediaFilter, InfoTab>> = {
  media: { title: 'mediaTab', draw: (peer) => <SharedMedia peer={peer} /> },
  files: { title: 'filesTab', draw: (peer) => <SharedFiles peer={peer} /> },
  links: { title: 'linksTab', draw: (peer) => <SharedLinks peer={peer} /> },
  music: { title: 'mediaAudio', draw: (peer) => <SharedSounds peer={peer} filter="music" /> },
  voice: { title: 'voiceTab', draw: (peer) => <SharedSounds peer={peer} filter="voice" /> },
  gifs: { title: 'gifs', draw: (peer) => <SharedGifs peer={peer} /> },
};

/** Who is in a group, what was sent in a chat, and which channels are like one. Of what there is nothing there is no tab. */
export const InfoTabs: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer: id, details }) => {
  const chosen = useSignal<InfoTab | undefined>(undefined);
  const peer = peerSignal(id).value;
  const counts = useAsked(() => ask('media.counts', { peer: id }));
  const similar = useAsked(() => (peer?.kind === 'channel' ? ask('groups.listSimilar', { channel: id }) : undefined));
  const isGroup = peer !== undefined && peer.kind !== 'user';
  const tabs = [
    ...(isGroup && details.canSeeMembers ? [MEMBERS] : []),
    ...Object.entries(SHARED).flatMap(([filter, tab]) => (counts && counts[filter as MediaFilter] > 0 ? [tab] : [])),
    ...(similar && similar.length > 0 ? [SIMILAR] : []),
  ];
  const shown = tabs.find((tab) => tab === chosen.value) ?? tabs[0];
  // Whether there are members to see is not known before.
  if (!details.isLoaded || !shown) return null;
  return (
    <section class="info-tabs info-card" aria-label={t('contents')}>
      <Tabs label={t('contents')} tabs={tabs.map(({ title }, at) => ({ id: at, title: t(title) }))} chosen={tabs.indexOf(shown)} onChoose={(at) => (chosen.value = tabs[at])} />
      <div role="tabpanel" key={shown.title} aria-label={t(shown.title)}>
        {shown.draw(id, similar ?? [])}
      </div>
    </section>
  );
};
