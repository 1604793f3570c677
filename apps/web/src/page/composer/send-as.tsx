import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, session } from '../ground/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { openMenu } from '../parts/menu.tsx';
import { authorName, namedAsObject } from '../parts/names.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

/** Shows in whose name the account writes in a group, and offers others: its own public channels, or the channel whose posts are commented there. */
export const SendAs: FunctionComponent<{ peer: PeerId; current: PeerId }> = ({ peer, current }) => {
  const isOpening = useSignal(false);
  const open = async (place: HTMLElement): Promise<void> => {
    const listing = ask('groups.listSendAs', { peer });
    isOpening.value = true;
    const isListed = await attempt(listing);
    isOpening.value = false;
    if (!isListed) return;
    const offered = await listing;
    const choose = async (as: PeerId): Promise<void> => {
      if (await attempt(ask('groups.setSendAs', { peer, as }))) tell(t('writesAs', { name: namedAsObject(as) }));
    };
    openMenu({
      label: t('writeAs'),
      place,
      items: offered.map((as) => ({ name: authorName(as), icon: () => <Avatar peer={as} size="small" isPerson />, act: () => void choose(as) })),
    });
  };
  const isOther = current !== session.value.me;
  return (
    <button
      class="round send-as"
      type="button"
      aria-label={t('writeAsNow', { name: authorName(current) })}
      aria-haspopup="menu"
      aria-pressed={isOther}
      disabled={isOpening.value}
      onClick={({ currentTarget }) => void open(currentTarget)}
    >
      <Avatar peer={current} size="small" isPerson />
    </button>
  );
};
