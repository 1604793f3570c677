import type { DocumentRole, Snippet } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { labelOfMedia } from './media-kinds.ts';
import { describeService } from './service.ts';
import { t } from '../ground/text.ts';

/** The names of documents, by what they are to people. */
const ROLES: Record<DocumentRole, TextKey> = {
  video: 'mediaVideo',
  round: 'mediaRound',
  gif: 'mediaGif',
  voice: 'mediaVoice',
  audio: 'mediaAudio',
  file: 'mediaFile',
  sticker: 'mediaSticker',
};

const isRole = (media: NonNullable<Snippet['media']>): media is DocumentRole => Object.hasOwn(ROLES, media);

/** Says in one line what a message is. */
export function describeSnippet({ text, media, service, from }: Snippet): string {
  if (service) return describeService(service, from);
  if (media === undefined || media === 'page') return text;
  const name = t(isRole(media) ? ROLES[media] : labelOfMedia(media));
  return text === '' ? name : `${name}, ${text}`;
}
