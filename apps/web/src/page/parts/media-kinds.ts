import type { Media } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';

/** What pages ask of a kind of media. */
interface MediaKind<M> {
  /** The name of such a message in one line. That of a document depends on its role. */
  label: TextKey;
  /** Whether the message has a text that could be edited. */
  hasText(media: M): boolean;
}

const yes = (): boolean => true;
const no = (): boolean => false;

/** What pages ask of each kind. */
const KINDS: { readonly [Kind in Media['kind']]: MediaKind<Extract<Media, { kind: Kind }>> } = {
  photo: { label: 'mediaPhoto', hasText: ({ ttl }) => ttl === undefined },
  document: { label: 'mediaFile', hasText: ({ role, ttl }) => role !== 'sticker' && role !== 'round' && ttl === undefined },
  page: { label: 'mediaPage', hasText: yes },
  place: { label: 'mediaPlace', hasText: no },
  checklist: { label: 'checklist', hasText: no },
  contact: { label: 'mediaContact', hasText: no },
  dice: { label: 'mediaDice', hasText: no },
  poll: { label: 'poll', hasText: no },
  expired: { label: 'mediaExpired', hasText: no },
  unsupported: { label: 'mediaUnsupported', hasText: no },
};

/** The name of a kind of media in one line. Pure. */
export const labelOfMedia = (kind: Media['kind']): TextKey => KINDS[kind].label;

/** Whether a message with these media has a text that could be edited. Pure. */
export function hasText(media: Media | undefined): boolean {
  // The cast is safe: the entry of each kind takes media of that kind.
  return media === undefined || (KINDS[media.kind] as MediaKind<Media>).hasText(media);
}
