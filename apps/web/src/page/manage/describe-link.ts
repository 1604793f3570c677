import type { InviteLink } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { dayNumber } from '../parts/dates.ts';
import { shortLink } from '../parts/own-links.ts';

/** What admins call a link, or the link itself. */
export const nameOfLink = ({ name, link }: Pick<InviteLink, 'name' | 'link'>): string => (name === '' ? shortLink(link) : name);

function describeUses({ uses, max }: Pick<InviteLink, 'uses' | 'max'>): string {
  if (max > 0) return t('linkUsesOf', { n: uses, all: max });
  return uses === 0 ? t('linkUnused') : t('linkUses', { n: uses });
}

function describeEnd(ends: number, now: number): string {
  if (ends <= now) return t('linkEnded');
  const days = dayNumber(ends) - dayNumber(now);
  if (days === 0) return t('linkEndsToday');
  return days === 1 ? t('linkEndsTomorrow') : t('linkEndsDays', { n: days });
}

/**
 * How a link stands, such as "3 of 10 uses, ends tomorrow".
 * @param now seconds since 1970
 */
export function describeLink(invite: InviteLink, now: number): string {
  const isFull = invite.max > 0 && invite.uses >= invite.max;
  return [
    describeUses(invite),
    ...(invite.requests > 0 ? [t('linkRequests', { n: invite.requests })] : []),
    ...(invite.isRevoked ? [t('linkRevoked')] : invite.ends > 0 ? [describeEnd(invite.ends, now)] : isFull ? [t('linkFull')] : []),
  ].join(', ');
}
