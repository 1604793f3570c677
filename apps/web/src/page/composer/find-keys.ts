import type { BotKeys, Key, Message, MessageId } from '../../protocol/index.ts';

/** The keyboard that a bot offers in a chat now. */
export interface OfferedKeys {
  /** The message that brought it. */
  message: MessageId;
  from: number;
  keys: Exclude<BotKeys, { kind: 'hide' }>;
  /** The account has pressed one of its keys since, or has given the answer that was asked for. */
  isUsed: boolean;
}

function isPressed(key: Key, { media, service, text }: Message): boolean {
  if (key.kind === 'phone') return media?.kind === 'contact';
  if (key.kind === 'place') return media?.kind === 'place';
  if (key.kind === 'poll') return media?.kind === 'poll';
  if (key.kind === 'peer') return service?.kind === 'peersShared' && service.button === key.request.button;
  return key.text === text;
}

function isUse({ keys, message }: OfferedKeys, own: Message, isPrivate: boolean): boolean {
  if (keys.kind === 'forceReply') return isPrivate || own.replyTo?.id === message;
  return keys.rows.some((row) => row.some((key) => isPressed(key, own)));
}

/**
 * Finds the keyboard that a bot offers: the newest one that is meant for this account and was not taken away by its bot. Pure.
 * @param messages the newest ones, from old to new
 * @param isPrivate whether everything in the chat is meant for this account
 * @param before what was offered before the first of these messages, as far as that is known
 */
export function findKeys(messages: readonly Message[], isPrivate: boolean, before?: OfferedKeys): OfferedKeys | undefined {
  const firstId = messages[0]?.id ?? Infinity;
  let offered = before && before.message < firstId ? before : undefined;
  for (const message of messages) {
    const { keys, from, id, isOut, mentionsMe } = message;
    if (isOut) {
      if (offered && !offered.isUsed && isUse(offered, message, isPrivate)) offered = { ...offered, isUsed: true };
    } else if (keys && (isPrivate || !keys.isSelective || mentionsMe)) {
      if (keys.kind !== 'hide') offered = { message: id, from, keys, isUsed: false };
      else if (offered?.from === from) offered = undefined;
    }
  }
  return offered;
}
