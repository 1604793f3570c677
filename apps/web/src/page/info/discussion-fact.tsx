import type { FunctionComponent } from 'preact';
import Megaphone from 'lucide-static/icons/megaphone.svg';
import MessagesSquare from 'lucide-static/icons/messages-square.svg';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { chooseChat } from '../history/forward-dialog.tsx';
import { confirm } from '../parts/dialog.tsx';
import { Name, nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { Fact } from './fact.tsx';

const name = (peer: PeerId): string => nameOf(peerSignal(peer).value);

async function choose(channel: PeerId): Promise<void> {
  const listing = ask('groups.listForDiscussion', undefined);
  if (!(await attempt(listing))) return;
  const groups = new Set(await listing);
  const group = await chooseChat(t('chooseDiscussion'), (peer) => groups.has(peer));
  if (group === undefined) return;
  if (await confirm({ title: t('setDiscussion'), text: t('setDiscussionText', { channel: name(channel), group: name(group) }), button: t('setDiscussion') })) {
    await attempt(ask('groups.setDiscussion', { channel, group }));
  }
}

async function unlink(channel: PeerId): Promise<void> {
  if (await confirm({ title: t('unlinkDiscussion'), text: t('unlinkDiscussionText', { channel: name(channel) }), button: t('unlink') })) await attempt(ask('groups.setDiscussion', { channel }));
}

/** The group in which posts of a channel are commented, or the channel of a discussion group. Whoever may change a channel chooses its group. */
export const DiscussionFact: FunctionComponent<{ peer: PeerId; linked?: PeerId | undefined; isLoaded: boolean }> = ({ peer: id, linked, isLoaded }) => {
  const peer = peerSignal(id).value;
  const isChannel = peer?.kind === 'channel';
  const mayChange = isChannel && peer.isMember === true && peer.rights.changeInfo;
  if (!isLoaded || (linked === undefined && !mayChange)) return null;
  return (
    <Fact icon={isChannel ? MessagesSquare : Megaphone} name={t(isChannel ? 'discussion' : 'linkedChannel')}>
      {linked !== undefined && (
        <a href={chatAddress(linked)}>
          <Name peer={linked} />
        </a>
      )}
      {mayChange && (
        <button class="link link-plain" type="button" onClick={() => void (linked === undefined ? choose(id) : unlink(id))}>
          {t(linked === undefined ? 'chooseDiscussion' : 'unlinkDiscussion')}
        </button>
      )}
    </Fact>
  );
};
