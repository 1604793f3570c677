import { hashOfInviteLink } from '@aerogram/domain';
import type { Actor } from '@aerogram/dev-env';
import { tl } from '@mtcute/node';

/** The terms of a new link. */
export type InviteTerms = Partial<Pick<tl.messages.RawExportChatInviteRequest, 'legacyRevokePermanent' | 'requestNeeded' | 'expireDate' | 'usageLimit' | 'title'>>;

/** Makes an invite link. @param id marked id of a group or channel */
export async function exportInvite(actor: Actor, id: number, terms: InviteTerms = {}): Promise<tl.RawChatInviteExported> {
  return (await actor.main.call({ _: 'messages.exportChatInvite', peer: actor.main.inputPeer(id), ...terms })) as tl.RawChatInviteExported;
}

/** Revokes a link. */
export function revokeInvite(actor: Actor, id: number, link: string): Promise<tl.messages.TypeExportedChatInvite> {
  return actor.main.call({ _: 'messages.editExportedChatInvite', peer: actor.main.inputPeer(id), link, revoked: true });
}

/** Looks at what a link leads to. */
export function checkInvite(actor: Actor, link: string): Promise<tl.TypeChatInvite> {
  return actor.main.call({ _: 'messages.checkChatInvite', hash: hashOfInviteLink(link) });
}

/** Joins by a link. */
export async function enter(actor: Actor, link: string): Promise<tl.TypeUpdates> {
  const answer = await actor.main.call({ _: 'messages.importChatInvite', hash: hashOfInviteLink(link) });
  if (answer._ !== 'messages.chatInviteJoinResultOk') throw new Error(`importChatInvite answers ${answer._}`);
  return answer.updates;
}

/** The name of the error with which the server refuses a call. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (tl.RpcError.is(error)) return error.text;
  throw new Error(error === undefined ? 'it was not refused' : `the call failed otherwise`);
}
