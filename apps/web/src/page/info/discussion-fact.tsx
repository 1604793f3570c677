import type { FunctionComponent } from 'preact';
import Megaphone from 'lucide-static/icons/megaphone.svg';
import MessagesSquare from 'lucide-static/icons/messages-square.svg';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Name } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { Fact } from './fact.tsx';

/** The group in which posts of a channel are commented, or the channel of a discussion group. */
export const DiscussionFact: FunctionComponent<{ peer: PeerId; linked: PeerId }> = ({ peer, linked }) => {
  const isChannel = peerSignal(peer).value?.kind === 'channel';
  return (
    <Fact icon={isChannel ? MessagesSquare : Megaphone} name={t(isChannel ? 'discussion' : 'linkedChannel')}>
      <a href={chatAddress(linked)}>
        <Name peer={linked} />
      </a>
    </Fact>
  );
};
