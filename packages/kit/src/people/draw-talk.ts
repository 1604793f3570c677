import type { Message } from './message-shape.ts';

/** Longest text of a message that is drawn, in characters. */
const TEXT_MAX = 1000;

/**
 * Draws a chat as a person sees it, for people who read what went wrong in a test. Pure.
 * @param messages oldest first
 */
export function drawTalk(title: string, messages: readonly Message[]): string {
  const lines = messages.length === 0 ? ['  (no messages)'] : messages.flatMap(drawMessage);
  return [`── ${title} ──`, ...lines].join('\n');
}

function drawMessage(message: Message): string[] {
  const { id, from, text, media, action, editDate, replyTo, buttons, inlineButtons, reactions = [] } = message;
  const author = from === null ? '' : (from.username === undefined ? from.name : `${from.name} (@${from.username})`);
  const marks = [...(editDate === undefined ? [] : ['edited']), ...(replyTo === undefined ? [] : [`reply to ${replyTo}`])];
  const head = `  #${id} ${author}${marks.length === 0 ? '' : ` [${marks.join(', ')}]`}: `;
  const parts = [...(action === undefined ? [] : [`<${action}>`]), ...(media === undefined ? [] : [drawMedia(media)]), ...(text === '' ? [] : [cut(text)])];
  const indent = '\n      ';
  return [
    head + parts.join(' ').replaceAll('\n', indent),
    ...(buttons.length > 0 && inlineButtons === undefined ? ['      keyboard:'] : []),
    ...buttons.map((row) => `      ${row.map((label) => `[ ${label} ]`).join(' ')}`),
    ...(reactions.length === 0 ? [] : [`      ${reactions.map(({ emoji, count }) => `${emoji} ${count}`).join('  ')}`]),
  ];
}

function drawMedia({ kind, fileName }: NonNullable<Message['media']>): string {
  return fileName === undefined ? `<${kind}>` : `<${kind} ${fileName}>`;
}

function cut(text: string): string {
  const characters = Array.from(text.slice(0, 2 * TEXT_MAX + 2));
  return characters.length > TEXT_MAX ? `${characters.slice(0, TEXT_MAX).join('')}…` : text;
}
