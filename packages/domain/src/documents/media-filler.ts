import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { fillAction, fillAnswers, type FileFill, filesOf, fillMedia, fillSolution, mediaInside } from '../content/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { fillBundled, fillSet, fillSetOf, hashOfSet, isBundled } from './bundled-emoji.ts';
import { EVERYBODY } from './everybody.ts';
import type { FileOrigin, FileReferences } from './file-reference.ts';
import { withoutFalseSticker } from './prepare-document.ts';

/** Adds to messages what clients need to load the files in them: access hashes and file references, which are not stored. */
export interface MediaFiller {
  /** Fills in the media of messages. They belong to the box of whoever gets them, or to a channel. */
  fill(messages: readonly tl.Message[]): void;
  /** As {@link MediaFiller.fill}, for messages that their owner has scheduled. */
  fillScheduled(messages: readonly tl.Message[]): void;
  /** As {@link MediaFiller.fill}, for copies of posts in the admin log of their channel. */
  fillLogged(messages: readonly tl.Message[]): void;
  /** As {@link MediaFiller.fill}, for the messages in updates, and for polls of which an update says the message. */
  fillUpdates(updates: readonly tl.Update[]): void;
  /** The document with its access hash and a reference to this origin. */
  fillDocument(document: tl.document, origin: FileOrigin): tl.document;
  /** The photo with its access hash and a reference to this origin. */
  fillPhoto(photo: tl.photo, origin: FileOrigin): tl.photo;
  /** The page with what its readers need to load its photo, for those who are shown it outside of a message. */
  fillPage<P extends tl.WebPage>(page: P): P;
  /** A sticker set as clients name it; null: none. */
  nameSet(id: bigint | null): tl.InputStickerSet;
  /** The wallpaper with its access hash, and those of its document. */
  fillWallpaper(wallpaper: tl.WallPaper): tl.WallPaper;
}

/** Where messages were read. */
type Source = 'sent' | 'scheduled' | 'log';

/** Creates the filler. */
export function createMediaFiller(references: FileReferences, accessHashes: AccessHashes): MediaFiller {
  const fillDocument: MediaFiller['fillDocument'] = (document, origin) => {
    if (isBundled(document.id)) return fillBundled([document], accessHashes)[0]!;
    return {
      ...fillSetOf(withoutFalseSticker(document), accessHashes),
      access_hash: accessHashes.of('document', EVERYBODY, document.id),
      file_reference: references.of(document.id, origin),
    };
  };
  const fillPhoto: MediaFiller['fillPhoto'] = (photo, origin) => ({
    ...photo,
    access_hash: accessHashes.of('photo', EVERYBODY, photo.id),
    file_reference: references.of(photo.id, origin),
    video_sizes: photo.video_sizes?.map((video) => (video._ === 'videoSizeStickerMarkup' ? { ...video, stickerset: fillSet(video.stickerset, accessHashes) } : video)),
  });
  const fillPagePhoto = <P extends tl.WebPage>(page: P, origin: FileOrigin): P => (page._ === 'webPage' && page.photo?._ === 'photo' ? { ...page, photo: fillPhoto(page.photo, origin) } : page);
  const fillPage: MediaFiller['fillPage'] = (page) => (page._ === 'webPage' ? fillPagePhoto(page, { kind: 'page', pageId: page.id }) : page);
  const fillWallpaper = (wallpaper: tl.WallPaper): tl.WallPaper => {
    if (wallpaper._ !== 'wallPaper' || wallpaper.document._ !== 'document') return wallpaper;
    return {
      ...wallpaper,
      access_hash: accessHashes.of('wallpaper', EVERYBODY, wallpaper.id),
      document: fillDocument(wallpaper.document, { kind: 'wallpaper', wallpaperId: wallpaper.id }),
    };
  };
  const fillOf = (origin: FileOrigin): FileFill => {
    const fill: FileFill = {
      photo: (photo) => fillPhoto(photo, origin),
      document: (document) => fillDocument(document, origin),
      wallpaper: fillWallpaper,
      media: (media) => fillMedia(media, fill),
    };
    return fill;
  };
  const fillOne = (message: tl.Message, source: Source): void => {
    if (message._ === 'messageService') message.action = fillAction(message.action, () => fillOf(originOf(message, source)));
    if (message._ !== 'message') return;
    const { media, reply_to: header } = message;
    if (media !== undefined && hasFiles(media)) message.media = fillOf(originOf(message, source)).media(media);
    if (header?._ === 'messageReplyHeader' && header.reply_media !== undefined && hasFiles(header.reply_media)) {
      message.reply_to = { ...header, reply_media: fillOf(originOf(message, source)).media(header.reply_media) };
    }
  };
  return {
    nameSet: (id) => (id === null ? { _: 'inputStickerSetEmpty' } : { _: 'inputStickerSetID', id, access_hash: hashOfSet(accessHashes, id) }),
    fillDocument,
    fillPhoto,
    fillPage,
    fillWallpaper,
    fill(messages) {
      for (const message of messages) fillOne(message, 'sent');
    },
    fillScheduled(messages) {
      for (const message of messages) fillOne(message, 'scheduled');
    },
    fillLogged(messages) {
      for (const message of messages) fillOne(message, 'log');
    },
    fillUpdates(updates) {
      for (const update of updates) {
        if (update._ === 'updatePeerWallpaper' && update.wallpaper !== undefined) update.wallpaper = fillWallpaper(update.wallpaper);
        if (update._ === 'updateWebPage' || update._ === 'updateChannelWebPage') update.webpage = fillPage(update.webpage);
        if (update._ === 'updateMessagePoll' && update.peer !== undefined && update.msg_id !== undefined) {
          const fill = fillOf(originOf({ peer_id: update.peer, id: update.msg_id }, 'sent'));
          if (update.poll !== undefined) update.poll = fillAnswers(update.poll, fill);
          update.results = fillSolution(update.results, fill);
        }
        if ('message' in update && typeof update.message === 'object') fillOne(update.message as tl.Message, update._ === 'updateNewScheduledMessage' ? 'scheduled' : 'sent');
      }
    },
  };
}

/** Whether there is a file that clients can load. Pure. */
function hasFiles(media: tl.MessageMedia): boolean {
  return filesOf(media).length > 0 || mediaInside(media).some(hasFiles);
}

function originOf({ peer_id: peer, id: msgId }: Pick<tl.message, 'peer_id' | 'id'>, source: Source): FileOrigin {
  if (source === 'scheduled') return { kind: 'scheduled', peerId: markPeer(peer), msgId };
  if (peer._ === 'peerChannel') return { kind: source === 'log' ? 'log' : 'post', channelId: peer.channel_id, msgId };
  return { kind: 'message', msgId };
}
