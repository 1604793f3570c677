import type { Message, Peer } from '../../protocol/index.ts';
import { hasText } from '../parts/media-kinds.ts';

/** What the account may do with a message. */
export interface Allowed {
  reply: boolean;
  quote: boolean;
  /** Its text. */
  edit: boolean;
  /** The checklist in it. */
  editList: boolean;
  copy: boolean;
  forward: boolean;
  pin: boolean;
  react: boolean;
  report: boolean;
  delete: boolean;
  /** Whether a deletion can spare others; undefined if it always is for all. */
  deleteForOthers: boolean | undefined;
}

/** Messages can be edited for so long, in seconds. */
const EDIT_S = 172_800;

/** Whether the account may edit a message, if there is something in it that can be edited. */
function mayEdit(message: Message, peer: Peer, now: number): boolean {
  if (message.service || message.forwarded || message.via !== undefined) return false;
  if (peer.isSelf || (message.isPost && peer.rights.editOthers)) return true;
  return message.isOut && peer.rights.write && now - message.date < EDIT_S;
}

function mayDeleteForOthers(message: Message, peer: Peer): boolean | undefined {
  switch (peer.kind) {
    case 'user':
      return peer.isSelf !== true;
    case 'group':
      return message.isOut || peer.isAdmin === true;
    default:
      return undefined;
  }
}

/** The account is no stranger to its contacts, nor to itself. */
const mayReportIn = (peer: Peer): boolean => peer.kind !== 'user' || (peer.isContact !== true && peer.isSelf !== true);

/** Whether the account may react in a chat, as far as is known. Pure. */
export function mayReactIn(peer: Peer | undefined): boolean {
  return peer?.kind === 'user' || (peer?.isMember === true && peer.reactions?.kind !== 'none');
}

/** What the account may do with a message of a chat. Pure. @param now seconds since 1970 */
export function allowedOn(message: Message, peer: Peer | undefined, now: number): Allowed {
  if (!peer || message.id === 0) {
    return { reply: false, quote: false, edit: false, editList: false, copy: message.text !== '', forward: false, pin: false, react: false, report: false, delete: false, deleteForOthers: undefined };
  }
  const isService = message.service !== undefined;
  const isProtected = message.isProtected === true || peer.isProtected === true;
  const isPassing = message.media !== undefined && (message.media.kind === 'expired' || ('ttl' in message.media && message.media.ttl !== undefined));
  const reply = peer.rights.write && !isService;
  const isEditable = mayEdit(message, peer, now);
  return {
    reply,
    quote: reply && message.text !== '',
    edit: isEditable && hasText(message.media),
    editList: isEditable && message.media?.kind === 'checklist',
    copy: message.text !== '' && !isProtected,
    forward: !isService && !isProtected && !isPassing,
    pin: !isService && peer.rights.pin,
    react: mayReactIn(peer) && !isService,
    report: !message.isOut && !isService && mayReportIn(peer),
    delete: peer.kind === 'user' || peer.kind === 'group' || peer.rights.deleteOthers || message.isOut,
    deleteForOthers: mayDeleteForOthers(message, peer),
  };
}
