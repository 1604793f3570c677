import { type InviteRow, isInviteOver, listInvitesOfAll } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { findChat } from './find-chat.ts';

/** `aerogram chats links`: the invite links of one group or channel. The links themselves are not printed, because whoever reads one can come in by it. */
export function showChatLinks(options: CliOptions, wanted: string, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { id } = await findChat(db, wanted);
    const links = await listInvitesOfAll(db, id, limit);
    const nowDate = systemClock.now();
    const lines = links.length === 0 ? ['no invite links'] : links.map((link) => describeLink(link, nowDate));
    if (links.length === limit) lines.push(`(the newest ${limit}; --limit shows more)`);
    return { value: links.map(projectLink), lines };
  });
}

/** One link as programs read it. Pure. */
const projectLink = (link: InviteRow): object => ({
  title: link.title,
  maker: link.admin_id,
  permanent: link.permanent,
  created_date: formatDate(link.date),
  came: link.usage,
  places: link.usage_limit,
  needs_approval: link.request_needed,
  waiting: link.requested,
  expire_date: findDate(link.expire_date),
  revoked: link.revoked,
});

/** One link as the operator reads it. Pure. */
function describeLink(link: InviteRow, nowDate: number): string {
  const { title, permanent, admin_id: makerId, usage, usage_limit: places, request_needed: needsApproval, requested, date, expire_date: endDate, revoked } = link;
  const name = title === null ? (permanent ? 'permanent link' : 'link without a title') : `"${title}"`;
  const facts = [`made by account ${makerId}`, `since ${formatDate(date)}`, places === null ? `${usage} came by it` : `${usage} of at most ${places} came by it`];
  if (needsApproval) facts.push('needs approval');
  if (requested > 0) facts.push(`${requested} wait for approval`);
  if (endDate !== null) facts.push(`${isInviteOver({ revoked: false, expire_date: endDate }, nowDate) ? 'expired' : 'expires'} ${formatDate(endDate)}`);
  if (revoked) facts.push('revoked');
  return `${name}  ${facts.join(', ')}`;
}
