import { documentKind, type FileSize, fileSizes, projectEntities } from '@aerogram/bot-api';
import { markPeer } from '@aerogram/cluster';
import { askMedia, isText, type MediaTable } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import type { KnownNames } from './known-names.ts';
import type { MEDIA_KINDS, Message } from './message-shape.ts';

const utf8 = new TextDecoder();

/**
 * A message as tests see it; undefined for one that is gone. Pure.
 * @param viewerId the person who sees it
 */
export function projectMessage(message: tl.Message, viewerId: bigint, names: KnownNames): Message | undefined {
  if (message._ === 'messageEmpty') return undefined;
  const { id, date } = message;
  const shared = {
    id,
    chat: String(markPeer(message.peer_id)),
    from: names.of(authorOf(message, viewerId)),
    out: message.out === true,
    date,
    replyTo: message.reply_to?._ === 'messageReplyHeader' ? message.reply_to.reply_to_msg_id : undefined,
    reactions: projectReactions(message.reactions),
  };
  if (message._ === 'messageService') return { ...shared, text: '', buttons: [], action: message.action._ };
  const { entities = [], reply_markup: markup } = message;
  const found = projectEntities(entities, (userId) => names.of({ _: 'peerUser', user_id: userId }));
  return {
    ...shared,
    // Bots may change buttons without the message counting as edited.
    editDate: message.edit_hide === true ? undefined : message.edit_date,
    text: message.message,
    entities: found.length === 0 ? undefined : found.map((entity) => ({ ...entity })),
    buttons: rowsOf(markup).map(({ buttons }) => buttons.map(({ text }) => text)),
    inlineButtons: markup?._ === 'replyInlineMarkup' ? markup.rows.map(({ buttons }) => buttons.map(projectInlineButton)) : undefined,
    media: projectMedia(message.media),
    album: message.grouped_id?.toString(),
    viaBot: message.via_bot_id?.toString(),
  };
}

/** The rows of a keyboard; none for what only hides one or asks for a reply. Pure. */
export function rowsOf(markup: tl.ReplyMarkup | undefined): (tl.KeyboardButtonRow | tl.KeyboardInlineButtonRow)[] {
  return markup?._ === 'replyInlineMarkup' || markup?._ === 'replyKeyboardMarkup' ? markup.rows : [];
}

function authorOf({ from_id: from, peer_id: peer, out }: tl.message | tl.messageService, viewerId: bigint): tl.Peer {
  if (from !== undefined) return from;
  return peer._ === 'peerUser' && out === true ? { _: 'peerUser', user_id: viewerId } : peer;
}

function projectInlineButton({ text, type }: tl.KeyboardInlineButton): NonNullable<Message['inlineButtons']>[number][number] {
  switch (type._) {
    case 'inlineButtonTypeUrl':
    case 'inlineButtonTypeUrlAuth':
      return { text, url: type.url };
    case 'inlineButtonTypeCallback':
      return { text, data: utf8.decode(type.data) };
    case 'inlineButtonTypeSwitchInline':
      return { text, switchInline: type.query };
    case 'inlineButtonTypeCopy':
      return { text, copies: type.copy_text };
    default:
      return { text };
  }
}

function projectReactions(reactions: tl.MessageReactions | undefined): Message['reactions'] {
  const found = (reactions?.results ?? []).flatMap(({ reaction, count, chosen_order: chosen }) =>
    reaction._ === 'reactionEmoji' ? [{ emoji: reaction.emoticon, count, mine: chosen !== undefined }] : [],
  );
  return found.length === 0 ? undefined : found;
}

type ShownMedia = Message['media'];

/** For media of which tests see nothing but the kind. */
const only = (kind: (typeof MEDIA_KINDS)[number]) => (): ShownMedia => ({ kind });

/** For media that belong to the text. */
const nothing = (): ShownMedia => undefined;

/** How tests see media of each kind. */
const MEDIA: MediaTable<[], ShownMedia> = {
  messageMediaEmpty: nothing,
  messageMediaWebPage: nothing,
  messageMediaPhoto: ({ photo }) => ({ kind: 'photo', size: photo?._ === 'photo' ? longestSize(photo.sizes)?.bytes : undefined }),
  messageMediaDocument({ document }) {
    if (document?._ !== 'document') return { kind: 'document' };
    const named = document.attributes.find((attribute) => attribute._ === 'documentAttributeFilename');
    return { kind: documentKind(document), fileName: named?.file_name, size: Number(document.size) };
  },
  messageMediaGeo: only('location'),
  messageMediaGeoLive: only('live_location'),
  messageMediaVenue: only('venue'),
  messageMediaContact: only('contact'),
  messageMediaDice: only('dice'),
  messageMediaPoll: only('poll'),
  messageMediaToDo: only('checklist'),
};

/** What a message carries besides its text; undefined for link previews, which belong to the text. */
function projectMedia(media: tl.MessageMedia | undefined): ShownMedia {
  if (media === undefined || isText(media)) return undefined;
  return askMedia(MEDIA, media) ?? { kind: 'other' };
}

/** The longest file among the sizes of a photo; undefined if none is a file. Pure. */
export function longestSize(sizes: readonly tl.PhotoSize[]): FileSize | undefined {
  return fileSizes(sizes).toSorted((a, b) => a.bytes - b.bytes).at(-1);
}
