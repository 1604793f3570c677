import type { MediaFacts } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { joinAttributes } from './join-attributes.ts';
import { prepareAttributes } from './prepare-document.ts';

/** The longest side of a round video, in pixels. */
const ROUND_SIDE_MAX = 640;
/** The longest side of a video, in pixels. No codec that clients play has more; a file that says so goes as a plain file. */
const VIDEO_SIDE_MAX = 16_384;
/** How long a round video may last, in seconds: a minute, and what the last frame may add. */
const ROUND_SECONDS_MAX = 61;
/** A video without sound counts as an animation if it has at most so many bytes, unless its client says that it is a video. */
const ANIMATION_BYTES_MAX = 10 * 1024 * 1024;

/** What a client says about a document. */
export type DocumentClaims = Pick<tl.inputMediaUploadedDocument, 'attributes' | 'force_file' | 'nosound_video'>;

/** What the server has read from a file, its size, and the waveform that it has made. */
export type KnownFacts = MediaFacts & { size: number; waveform: Uint8Array | undefined };

/**
 * The attributes of a new document. What the server has read from the file replaces what its client says; without facts, the client's attributes stay, within
 * bounds. Only the client knows what a file is meant to be: a voice message, a round video, a plain file. Pure.
 */
export function describeDocument(claims: DocumentClaims, facts: KnownFacts | undefined): tl.DocumentAttribute[] {
  if (facts === undefined) return prepareAttributes(claims.attributes);
  const attributes = joinAttributes(claims.attributes);
  const others = attributes.filter(({ _ }) => _ !== 'documentAttributeVideo' && _ !== 'documentAttributeAudio' && _ !== 'documentAttributeAnimated');
  // Values out of range are left out here, too: a file may say anything.
  return prepareAttributes([...(facts.video === undefined ? describeAudio({ ...claims, attributes }, facts) : describeVideo({ ...claims, attributes }, facts, facts.video)), ...others]);
}

/** A file with a picture is a video or an animation, whatever its client calls it, unless it is sent as a plain file. */
function describeVideo({ attributes, force_file: isForced, nosound_video: isVideo }: DocumentClaims, facts: KnownFacts, { width: w, height: h }: { width: number; height: number }): tl.DocumentAttribute[] {
  const claimed = attributes.find((attribute) => attribute._ === 'documentAttributeVideo');
  const isAnimated = attributes.some((attribute) => attribute._ === 'documentAttributeAnimated');
  const isPlain = claimed === undefined && !isAnimated && (isForced === true || facts.type !== 'mp4');
  if (isPlain || Math.max(w, h) > VIDEO_SIDE_MAX || Math.min(w, h) < 1) return [];
  const duration = facts.durationS ?? claimed?.duration ?? 0;
  const isRound = claimed?.round_message === true && w === h && w <= ROUND_SIDE_MAX && duration <= ROUND_SECONDS_MAX;
  const video: tl.documentAttributeVideo = {
    _: 'documentAttributeVideo',
    round_message: isRound || undefined,
    supports_streaming: facts.isStreamable || undefined,
    nosound: !facts.hasSound && isVideo === true ? true : undefined,
    duration,
    w,
    h,
  };
  const mayBecomeAnimation = !isForced && isVideo !== true && !isRound && facts.type === 'mp4' && facts.size <= ANIMATION_BYTES_MAX;
  return !facts.hasSound && (isAnimated || mayBecomeAnimation) ? [video, { _: 'documentAttributeAnimated' }] : [video];
}

/** A file with sound only is music or a voice message, unless it is sent as a plain file. */
function describeAudio({ attributes, force_file: isForced }: DocumentClaims, facts: KnownFacts): tl.DocumentAttribute[] {
  const claimed = attributes.find((attribute) => attribute._ === 'documentAttributeAudio');
  if (claimed === undefined && isForced === true) return [];
  const duration = Math.round(facts.durationS ?? claimed?.duration ?? 0);
  if (claimed?.voice === true) return [{ ...claimed, duration, waveform: facts.waveform ?? claimed.waveform }];
  // The names that the sender has chosen come first.
  return [{ _: 'documentAttributeAudio', duration, title: chosenName(claimed?.title) ?? facts.title, performer: chosenName(claimed?.performer) ?? facts.performer }];
}

/** A name that the sender has chosen. Some clients send an empty one if there is none. */
function chosenName(name: string | undefined): string | undefined {
  return name === undefined || name.trim() === '' ? undefined : name;
}
