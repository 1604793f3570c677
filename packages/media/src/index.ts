/** Photos, audio and video: processes that look into uploaded files, apart from the server; and the hook that judges new files. */
export { FileHook, type FileHookOptions, type HookedFile, type HookVerdict } from './file-hook.ts';
export { loadSharp, type SharpState } from './load-sharp.ts';
export { loadMediabunny, type MediabunnyState } from './load-mediabunny.ts';
export { AVATAR_BYTES_MAX, type AvatarWants, type MadeAvatar } from './make-avatar.ts';
export type { GifPicture, MediaDescription, MediaFacts, MediaWants } from './media-result.ts';
export { type AvatarLaneResult, MediaLane, type MediaLaneOptions, type MediaLaneResult } from './media-lane.ts';
export { type FfmpegState, findFfmpeg } from './run-ffmpeg.ts';
export { type CpuAccounts, UNLIMITED_CPU } from './process-lane.ts';
export { PhotoLane, type PhotoLaneOptions, type PhotoLaneResult, type ShapeLaneResult } from './photo-lane.ts';
export { type Backdrop, type Busy, type MadePhoto, type MadeSize, type MadeSticker, PHOTO_BYTES_MAX, type PhotoRefusal, type PhotoUse, PROFILE_BOXES, type Sides } from './protocol.ts';
export { PATTERN_TYPE } from './pattern.ts';
export { isGif } from './gif-shape.ts';
export { detectMediaType, MEDIA_TYPE_BYTES, type MediaType, type ProbedType } from './media-type.ts';
export { detectPictureType, TYPE_BYTES } from './picture-type.ts';
export { ANIMATION_BYTES_MAX, readAnimationSides, readWebpSides } from './sticker-shape.ts';
