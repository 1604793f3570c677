import LayoutList from 'lucide-static/icons/layout-list.svg';
import MessagesSquare from 'lucide-static/icons/messages-square.svg';
import PanelTop from 'lucide-static/icons/panel-top.svg';
import Plus from 'lucide-static/icons/plus.svg';
import type { Peer } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { t } from '../ground/text.ts';
import { showAs, shownAs, type ShownAs, waysToShow } from './shown-as.ts';
import { createTopic } from './topic-dialog.tsx';

const NAMES: Record<ShownAs, TextKey> = { list: 'viewAsList', tabs: 'viewAsTabs', messages: 'viewAsMessages' };
const ICONS = { list: LayoutList, tabs: PanelTop, messages: MessagesSquare };

/** What can be done with a forum: new topics, and other ways to show it. Nothing for other chats. */
export function forumMenu(peer: Peer | undefined, asMessages: boolean): MenuItem[] {
  if (peer?.isForum !== true) return [];
  const { id } = peer;
  const now = shownAs(id, asMessages);
  const fresh: MenuItem[] = peer.isMember && peer.rights.createTopics ? [{ name: t('newTopic'), icon: Plus, act: () => void createTopic(id) }] : [];
  return [...fresh, ...waysToShow().filter((way) => way !== now).map((way) => ({ name: t(NAMES[way]), icon: ICONS[way], act: () => void showAs(id, way, now) }))];
}
