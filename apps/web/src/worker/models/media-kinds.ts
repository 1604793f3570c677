import type { Document, Media, Message, PeerId, Photo, Poll, ServiceAction } from '../../protocol/index.ts';

/** What the worker asks of a kind of media. */
interface MediaKind<M> {
  /** The people whom a page names beside the message. */
  peers(media: M): readonly PeerId[];
  /** The photo or document that the media show. */
  file(media: M): Photo | Document | undefined;
  /** Media beside parts of these. */
  inside(media: M): readonly Media[];
}

const none = (): readonly never[] => [];
const noFile = (): undefined => undefined;

/** All that stands beside the parts of a poll. */
const besidePoll = ({ attached, answers, solutionMedia }: Poll): Media[] => [attached, ...answers.map((answer) => answer.media), solutionMedia].filter((media) => media !== undefined);

const known = (peers: readonly (PeerId | undefined)[]): PeerId[] => peers.filter((peer) => peer !== undefined);

/** For kinds that show nothing but themselves. */
const PLAIN: MediaKind<Media> = { peers: none, file: noFile, inside: none };

const KINDS: { readonly [Kind in Media['kind']]: MediaKind<Extract<Media, { kind: Kind }>> } = {
  photo: { ...PLAIN, file: ({ photo }) => photo },
  document: { ...PLAIN, file: ({ document }) => document },
  page: { ...PLAIN, file: ({ photo }) => photo },
  place: PLAIN,
  checklist: { ...PLAIN, peers: ({ list }) => known(list.tasks.map(({ doneBy }) => doneBy)) },
  contact: { ...PLAIN, peers: ({ user }) => known([user]) },
  dice: PLAIN,
  poll: { ...PLAIN, peers: ({ poll }) => known(poll.answers.map(({ addedBy }) => addedBy)), inside: ({ poll }) => besidePoll(poll) },
  expired: PLAIN,
  unsupported: PLAIN,
};

const kindOf = (media: Media): MediaKind<Media> => KINDS[media.kind];

/** The people whom media name. Pure. */
export function peersOfMedia({ media }: Pick<Message, 'media'>): readonly PeerId[] {
  return media === undefined ? [] : kindOf(media).peers(media);
}

/** Finds a photo or document by its id: that of the media of a message, or one beside a part of them. Pure. */
export function findFile(media: Media | undefined, id: string): Photo | Document | undefined {
  return media && [media, ...kindOf(media).inside(media)].map((each) => kindOf(each).file(each)).find((file) => file?.id === id);
}

/** The people and chats whom a service message names, besides its author. Pure. */
export function* peersOfService(service: ServiceAction): Iterable<PeerId> {
  if ('user' in service) yield service.user;
  if ('users' in service) yield* service.users;
  if ('other' in service) yield service.other;
  if ('peers' in service) yield* service.peers;
  if ('bot' in service) yield service.bot;
}
