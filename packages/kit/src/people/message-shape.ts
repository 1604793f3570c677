import { z } from 'zod';

const userSchema = z.object({ id: z.string(), name: z.string(), username: z.string().optional() });

const inlineButtonSchema = z.object({
  text: z.string(),
  url: z.string().optional(),
  data: z.string().optional().describe('Callback data as text.'),
  switchInline: z.string().optional().describe('Inline query that the button begins.'),
  copies: z.string().optional().describe('Text that the button copies.'),
});

/** The kinds of media that tests see; `MediaKind` of @aerogram/testing has the same. */
export const MEDIA_KINDS = [
  'photo', 'video', 'animation', 'audio', 'voice', 'video_note', 'document', 'sticker', 'location', 'live_location', 'venue', 'contact', 'dice', 'poll', 'checklist', 'other',
] as const;

/** A message as one person sees it. */
export const messageSchema = z.object({
  id: z.int(),
  chat: z.string().describe('Marked id of the chat.'),
  from: userSchema.nullable().describe('The author: a person, a bot, or the group or channel in whose name it was written.'),
  out: z.boolean().describe('Whether this person wrote it.'),
  date: z.int().describe('Unix seconds.'),
  editDate: z.int().optional(),
  text: z.string().describe('The text, or the caption of the media.'),
  entities: z.array(z.record(z.string(), z.unknown())).optional().describe('Entities in the form of the Bot API.'),
  buttons: z.array(z.array(z.string())).describe('Labels of the inline keyboard, or of the reply keyboard that came with it, row by row.'),
  inlineButtons: z.array(z.array(inlineButtonSchema)).optional(),
  replyTo: z.int().optional(),
  media: z
    .object({
      kind: z.string().describe(`${MEDIA_KINDS.slice(0, -1).join(', ')} or ${MEDIA_KINDS.at(-1)}`),
      fileName: z.string().optional(),
      size: z.int().optional().describe('Bytes.'),
    })
    .optional(),
  album: z.string().optional().describe('The same for all messages of an album.'),
  action: z.string().optional().describe('What a service message tells of, such as messageActionChatAddUser.'),
  viaBot: z.string().optional(),
  reactions: z.array(z.object({ emoji: z.string(), count: z.int(), mine: z.boolean() })).optional(),
}).meta({ id: 'Message' });

/** A message as one person sees it. */
export type Message = z.output<typeof messageSchema>;
