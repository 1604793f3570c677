import type { tl } from '@aerogram/tl';

/** Text of a notice from the service chat. */
export interface Notice {
  text: string;
  entities: tl.MessageEntity[];
}

/** Moment in a notice: `2026-01-31 at 12:00 UTC`. */
function whenOf(date: number): string {
  return `${new Date(date * 1000).toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
}

/** The notice that brings a log-in code to the user's other devices. Clients find the code in it by its digits. */
export function codeNotice(code: string): Notice {
  const lead = 'Login code: ';
  return {
    text:
      `${lead}${code}. Do not give this code to anyone, even if they say they are from Aerogram!\n\n` +
      'This code can be used to log in to your account. We never ask it for anything else.\n\n' +
      "If you didn't request this code by trying to log in on another device, simply ignore this message.",
    entities: [
      { _: 'messageEntityBold', offset: 0, length: lead.length - 1 },
      { _: 'messageEntityBold', offset: lead.length + code.length + 2, length: 'Do not give this code to anyone'.length },
    ],
  };
}

/** The notice that another device has logged in. */
export function newLoginNotice(device: { name: string; app: string; place: string; address: string; date: number }): Notice {
  const lead = 'New login.';
  return {
    text:
      `${lead} We detected a login into your account from a new device on ${whenOf(device.date)}.\n\n` +
      `Device: ${device.app}, ${device.name}\nLocation: ${device.place} (IP = ${device.address})\n\n` +
      "If this wasn't you, you can terminate that session in Settings > Devices (or Privacy & Security > Active Sessions).",
    entities: [{ _: 'messageEntityBold', offset: 0, length: lead.length }],
  };
}

/** A text that begins with a line in bold. */
function titled(title: string, text: string): Notice {
  return { text: `${title}\n\n${text}`, entities: [{ _: 'messageEntityBold', offset: 0, length: title.length }] };
}

/** The notice that one of the user's devices wants the password of two-step verification gone. */
export function passwordResetNotice(untilDate: number): Notice {
  return titled(
    'Password reset requested.',
    `One of your devices has asked to reset the password of your two-step verification. It can be reset on ${whenOf(untilDate)}.\n\n` +
      "If this wasn't you, cancel the request in Settings > Privacy & Security > Two-Step Verification and terminate the session that you do not know.",
  );
}

/** The notice that somebody with the number, but not the password, wants the account deleted. The link in it stops that. */
export function deletionNotice(request: { untilDate: number; phone: string; hash: string }): Notice {
  const lead = 'Account deletion requested.';
  const link = `https://t.me/confirmphone?phone=${request.phone}&hash=${request.hash}`;
  const notice = titled(
    lead,
    `Somebody with access to your phone number +${request.phone} has asked to delete your account, which has a password that they do not know. ` +
      `It can be deleted on ${whenOf(request.untilDate)}.\n\nIf this wasn't you, cancel it by this link: ${link}`,
  );
  const offset = notice.text.length - link.length;
  return { ...notice, entities: [...notice.entities, { _: 'messageEntityUrl', offset, length: link.length }] };
}

/** The notice that the account has another number now. */
export function phoneChangedNotice(change: { phone: string; oldPhone: string; date: number }): Notice {
  return titled(
    'Phone number changed.',
    `The number of your account was changed from +${change.oldPhone} to +${change.phone} on ${whenOf(change.date)}. ` +
      'People who have the old number in their contacts see you as before.',
  );
}

/** The notice that somebody who logs in wants the codes by phone again, not by e-mail. */
export function loginEmailResetNotice(untilDate: number): Notice {
  return titled(
    'Login e-mail reset requested.',
    `Somebody who is logging in to your account has asked for the login codes by phone, because they cannot read your login e-mail. It will be removed on ${whenOf(untilDate)}.\n\n` +
      "If this wasn't you, log in with a code from your e-mail once: that cancels the request.",
  );
}

/** Longest excerpt of a message in a notice, in UTF-16 units. */
const EXCERPT_MAX = 100;

/** A message that could not be sent at its time. */
export interface UnsentMessage {
  /** What it says or shows. */
  content: string;
  /** The receiver, as the author knows them. */
  to: { id: bigint; name: string };
  /** When it was to be sent, in seconds; undefined: when the receiver comes online. */
  scheduledDate: number | undefined;
  /** A clause in plain words. */
  reason: string;
  /** It was to be sent again and again. */
  repeats: boolean;
}

/** The notice that a scheduled message could not be sent and waits for its author. The receiver's name leads to the chat. */
export function unsentNotice({ content, to, scheduledDate, reason, repeats }: UnsentMessage): Notice {
  const excerpt = content.length <= EXCERPT_MAX ? content : `${content.slice(0, EXCERPT_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
  const lead = 'Your scheduled message to ';
  const when = scheduledDate === undefined ? 'to be sent when they come online' : `to be sent on ${whenOf(scheduledDate)}`;
  const notice = titled(
    'Scheduled message not sent.',
    `${lead}${to.name}, ${when}, was not sent because ${reason}.\n\n“${excerpt}”\n\n` +
      'It is still in the list of scheduled messages of that chat. It will not be sent by itself any more' +
      `${repeats ? ', and will not repeat' : ''}: send it from there, choose another time for it, or delete it.`,
  );
  const offset = notice.text.indexOf(lead) + lead.length;
  return { ...notice, entities: [...notice.entities, { _: 'messageEntityMentionName', offset, length: to.name.length, user_id: to.id }] };
}
