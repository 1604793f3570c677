import type { Peer, Presence } from '../../protocol/index.ts';
import { clock } from './clock.ts';
import { formatDay, formatTime } from './dates.ts';
import { t } from '../ground/text.ts';

function describePresence(presence: Presence): string {
  switch (presence.kind) {
    case 'online':
      return presence.until > clock.value ? t('online') : describeOffline(presence.until);
    case 'offline':
      return describeOffline(presence.at);
    case 'recently':
      return t('lastSeenRecently');
    case 'lastWeek':
      return t('lastSeenWeek');
    case 'lastMonth':
      return t('lastSeenMonth');
    case 'unknown':
      return t('lastSeenLong');
  }
}

function describeOffline(at: number): string {
  const minutes = Math.floor((clock.value - at) / 60);
  if (minutes < 1) return t('lastSeenNow');
  if (minutes < 60) return t('lastSeenMinutes', { n: minutes });
  return t('lastSeenAt', { when: `${formatDay(at)}, ${formatTime(at)}` });
}

/** What stands below the title of a chat. @param online members who are online */
export function describePeer(peer: Peer | undefined, online?: number): string {
  switch (peer?.kind) {
    case undefined:
      return '';
    case 'user':
      if (peer.isSelf) return '';
      return peer.isBot ? t('bot') : peer.presence ? describePresence(peer.presence) : t('lastSeenLong');
    case 'channel':
      return peer.members === undefined ? t('channel') : t('subscribers', { n: peer.members });
    case 'group':
    case 'supergroup': {
      if (peer.members === undefined) return t('group');
      const members = t('members', { n: peer.members });
      return online !== undefined && online > 1 ? t('membersOnline', { members, n: online }) : members;
    }
  }
}
