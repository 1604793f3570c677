import type { tl } from '@mtcute/core';
import type { Draft } from '../../protocol/index.ts';
import { readQuote } from './headers.ts';
import { peerOfInput } from './ids.ts';
import { readEntities } from './text.ts';

/**
 * Reads the draft of a chat or topic. Pure.
 * @returns undefined if there is none
 */
export function readDraft(draft: tl.TypeDraftMessage | undefined): Draft | undefined {
  if (draft?._ !== 'draftMessage') return undefined;
  const reply = draft.replyTo?._ === 'inputReplyToMessage' ? draft.replyTo : undefined;
  // In a topic, a draft that answers no message names the message with which the topic begins.
  const replyTo = reply?.replyToMsgId === reply?.topMsgId ? undefined : reply?.replyToMsgId;
  return { text: draft.message, entities: readEntities(draft.entities) ?? [], replyTo, replyIn: reply?.replyToPeerId && peerOfInput(reply.replyToPeerId), quote: reply && readQuote(reply), date: draft.date };
}
