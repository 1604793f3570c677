import type { BotCall } from '../bot-call.ts';
import { type BotMethod, defineBotMethod } from '../define-bot-method.ts';
import { keepSentFile, prepareMedia } from '../files/input-file.ts';
import type { MediaKind } from '../files/media-details.ts';
import type { Params } from '../params/params.ts';
import { CAPTION_NAMES, readText } from '../texts/index.ts';
import { oneMessage } from './count-messages.ts';
import { FILE_PARAMS, readWanted } from './read-media.ts';
import { CONTENT_PARAMS, type Content, sendContent } from './send-content.ts';
import { messagesOf, projectOne } from './sent-messages.ts';

/** Parameters of the text of media. */
export const CAPTION_PARAMS = ['caption', 'parse_mode', 'caption_entities', 'show_caption_above_media'] as const;

/** Reads the text of media, which may be empty. @throws BotError as `readText` */
export function readCaption(params: Params<(typeof CAPTION_PARAMS)[number]>): Content {
  return { ...readText(params, CAPTION_NAMES), invertMedia: params.bool('show_caption_above_media') };
}

/** Declares the method that sends files of a kind. @param captionParams none for files without a text */
export function defineFileMethod(method: string, kind: MediaKind, captionParams: readonly string[] = CAPTION_PARAMS): BotMethod {
  return defineBotMethod<string>({
    method,
    params: [...CONTENT_PARAMS, ...captionParams, kind, ...FILE_PARAMS[kind]],
    sends: oneMessage,
    run: (call, params) => sendFile(call, params, { kind, content: captionParams.length === 0 ? { message: '', entities: [] } : readCaption(params) }),
  });
}

async function sendFile(call: BotCall, params: Params, { kind, content }: { kind: MediaKind; content: Content }): Promise<object> {
  const media = await prepareMedia(call, readWanted(params, kind));
  const answer = await sendContent(call, params, { ...content, media });
  for (const message of messagesOf(answer).messages) await keepSentFile(call, media, message._ === 'message' ? message.media : undefined);
  return projectOne(call, answer);
}
