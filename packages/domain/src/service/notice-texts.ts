import type { tl } from '@aerogram/tl';

/** The text of a message from the service chat. */
export interface Notice {
  text: string;
  entities: tl.MessageEntity[];
}

/** Formats a date for a notice: `2026-01-31 at 12:00 UTC`. */
function whenOf(date: number): string {
  return `${new Date(date * 1000).toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
}

/** The notice with a log-in code for the user's other devices. Clients detect the code by its digits. */
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

/** The notice that a new device has logged in. */
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

/** A text with a title line in bold. */
function titled(title: string, text: string): Notice {
  return { text: `${title}\n\n${text}`, entities: [{ _: 'messageEntityBold', offset: 0, length: title.length }] };
}

/**
 * The notice that a device has requested a reset of the two-step verification password.
 * @param untilDate when the reset becomes possible, in unix seconds
 */
export function passwordResetNotice(untilDate: number): Notice {
  return titled(
    'Password reset requested.',
    `One of your devices has asked to reset the password of your two-step verification. It can be reset on ${whenOf(untilDate)}.\n\n` +
      "If this wasn't you, cancel the request in Settings > Privacy & Security > Two-Step Verification and terminate the session that you do not know.",
  );
}

/** The notice that the operator of the server has taken the password off. */
export function passwordRemovedNotice(date: number): Notice {
  return titled(
    'Password removed.',
    `The operator of this server has removed the password of your two-step verification on ${whenOf(date)}. Whoever can read your login codes can log in without it.\n\n` +
      'You can set a new one in Settings > Privacy & Security > Two-Step Verification.',
  );
}

/**
 * The notice that a device has asked to export all data.
 * @param readyDate when the export may begin, in unix seconds; undefined if it has begun
 */
export function takeoutNotice({ name, readyDate }: { name: string; readyDate: number | undefined }): Notice {
  const when = readyDate === undefined ? 'The export has begun.' : `The export may begin on ${whenOf(readyDate)}.`;
  return titled(
    'Data export requested.',
    `Your device "${name}" has asked to export the data of your account: your profile, contacts, messages and files. ${when}\n\n` +
      "If this wasn't you, terminate that session in Settings > Devices (or Privacy & Security > Active Sessions).",
  );
}

/** The notice that the operator of the server has taken a copy of the data of the account. */
export function exportedNotice(date: number): Notice {
  return titled(
    'Your data was exported.',
    `The operator of this server has exported the data of your account on ${whenOf(date)}: your profile, contacts, devices, messages and files.\n\n` +
      'If you have not asked for it, ask the operator why.',
  );
}

/**
 * The notice that somebody who has the phone number but not the password has requested the deletion of the account. It contains a link that
 * cancels the request.
 */
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

/** The notice that the account's phone number was changed. */
export function phoneChangedNotice(change: { phone: string; oldPhone: string; date: number }): Notice {
  return titled(
    'Phone number changed.',
    `The number of your account was changed from +${change.oldPhone} to +${change.phone} on ${whenOf(change.date)}. ` +
      'People who have the old number in their contacts see you as before.',
  );
}

/**
 * The notice that somebody who is logging in has requested codes by phone instead of e-mail.
 * @param untilDate when the e-mail address will be removed, in unix seconds
 */
export function loginEmailResetNotice(untilDate: number): Notice {
  return titled(
    'Login e-mail reset requested.',
    `Somebody who is logging in to your account has asked for the login codes by phone, because they cannot read your login e-mail. It will be removed on ${whenOf(untilDate)}.\n\n` +
      "If this wasn't you, log in with a code from your e-mail once: that cancels the request.",
  );
}

/**
 * The notice that the operator has limited the account.
 * @param limit `reason`: '' for none; `untilDate`: in unix seconds; undefined: until the operator lifts it
 */
export function limitNotice({ reason, untilDate }: { reason: string; untilDate: number | undefined }): Notice {
  return titled(
    'Your account is limited.',
    'For now you can write only to people who have you in their contacts or have written to you. You cannot add people to groups, create groups or channels, or join public groups and write in them.\n\n' +
      `${reason === '' ? '' : `Reason: ${reason}\n`}${untilDate === undefined ? 'The limit has no end date.' : `The limit ends on ${whenOf(untilDate)}.`}`,
  );
}

/** The notice that the account is no longer limited. */
export function limitLiftedNotice(): Notice {
  return titled('Your account is no longer limited.', 'You can write to everybody and join groups again.');
}

/** The notice that the company's provider has to be asked anew whether the person may use the account. @param name of what people log in with; `url`: where */
export function enterAgainNotice(name: string, url: string): Notice {
  const notice = titled('Please log in again.', `The server has lost its connection to ${name}. Log in with it at ${url} once; your devices stay logged in. Until then, login codes are shown nowhere else.`);
  return { ...notice, entities: [...notice.entities, { _: 'messageEntityUrl', offset: notice.text.indexOf(url), length: url.length }] };
}

/** Maximum length of a message excerpt in a notice, in UTF-16 units. */
const EXCERPT_MAX = 100;

/** A scheduled message that could not be sent. */
export interface UnsentMessage {
  /** The message's text, or a description of its media. */
  content: string;
  /** The receiver, with the name that the author sees; without an id, the name links to nobody. */
  to: { id: bigint | undefined; name: string };
  /** The scheduled date in unix seconds; undefined for "when the receiver comes online". */
  scheduledDate: number | undefined;
  /** The reason as a clause that follows "because". */
  reason: string;
  /** Whether the message was to repeat. */
  repeats: boolean;
}

/** The notice that a scheduled message could not be sent and stays in the list. The name of a user in it links to the chat. */
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
  if (to.id === undefined) return notice;
  const offset = notice.text.indexOf(lead) + lead.length;
  return { ...notice, entities: [...notice.entities, { _: 'messageEntityMentionName', offset, length: to.name.length, user_id: to.id }] };
}
