/** Kinds of content: what is asked of each kind of media and of service message, as pure facts, a file a kind. */
export { type BuiltAction, fillAction, filesOfAction, filtersOfAction } from './action-kinds.ts';
export { type DocumentRole, roleOf } from './document.ts';
export type { AlbumKind, ContentFile, ContentFilter, ContentRight, FileFill, MediaKind } from './media-kind.ts';
export {
  type BuiltMedia,
  endMedia,
  type FileMedia,
  filesOf,
  fillMedia,
  forwardMedia,
  hasCaption,
  isPassing,
  isPlayedMedia,
  isText,
  mediaKindOf,
  lifetimeOf,
  mediaElsewhere,
  mediaInside,
} from './media-kinds.ts';
export { fillAnswers, fillSolution, mediaOfAnswers } from './poll.ts';
export { keptIn } from './shown-in.ts';
export { type ActionTable, askAction, askMedia, type MediaTable } from './tables.ts';
