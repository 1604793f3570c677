import type { Snippet } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { describeService } from './service.ts';
import { t } from '../ground/text.ts';

const MEDIA: Record<NonNullable<Snippet['media']>, TextKey> = {
  photo: 'mediaPhoto',
  video: 'mediaVideo',
  round: 'mediaRound',
  gif: 'mediaGif',
  voice: 'mediaVoice',
  audio: 'mediaAudio',
  file: 'mediaFile',
  document: 'mediaFile',
  sticker: 'mediaSticker',
  place: 'mediaPlace',
  checklist: 'checklist',
  contact: 'mediaContact',
  dice: 'mediaDice',
  poll: 'poll',
  page: 'mediaPage',
  expired: 'mediaExpired',
  unsupported: 'mediaUnsupported',
};

/** Says in one line what a message is. */
export function describeSnippet({ text, media, service, from }: Snippet): string {
  if (service) return describeService(service, from);
  if (media === undefined || media === 'page') return text;
  return text === '' ? t(MEDIA[media]) : `${t(MEDIA[media])}, ${text}`;
}
