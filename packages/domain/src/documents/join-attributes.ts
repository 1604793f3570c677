import type { tl } from '@aerogram/tl';

/** Maximum width and height of pictures and videos, in pixels. */
const SIDE_MAX = 1 << 16;
/** Maximum duration of audio and video, in seconds. */
const DURATION_MAX = 7 * 86_400;
/** A waveform has 100 values of 5 bits. */
const WAVEFORM_MAX = 63;

/** Whether a picture or video may have a side of so many pixels. Pure. */
export function isSide(side: number): boolean {
  return side > 0 && side <= SIDE_MAX;
}

/** Whether audio or video may last so many seconds. Pure. */
export function isDuration(duration: number): boolean {
  return Number.isFinite(duration) && duration >= 0 && duration <= DURATION_MAX;
}

/** Whether a waveform has a length that clients can draw. Pure. */
export function isWaveform(waveform: Uint8Array | undefined): waveform is Uint8Array {
  return waveform !== undefined && waveform.length > 0 && waveform.length <= WAVEFORM_MAX;
}

/**
 * Joins the attributes of each kind to one, because some clients send two: one with what is usual for the type of a file, and one with what they know of this file, such as that it is
 * a voice message, and its waveform. What any of them sets is set. Of values that exclude each other the first usable one is taken. Pure.
 */
export function joinAttributes(given: readonly tl.DocumentAttribute[]): tl.DocumentAttribute[] {
  const joined = new Map<tl.DocumentAttribute['_'], tl.DocumentAttribute>();
  for (const attribute of given) {
    const earlier = joined.get(attribute._);
    joined.set(attribute._, earlier === undefined ? attribute : joinTwo(earlier, attribute));
  }
  return [...joined.values()];
}

function joinTwo(first: tl.DocumentAttribute, second: tl.DocumentAttribute): tl.DocumentAttribute {
  if (first._ === 'documentAttributeAudio' && second._ === 'documentAttributeAudio') return joinAudio(first, second);
  if (first._ === 'documentAttributeVideo' && second._ === 'documentAttributeVideo') return joinVideo(first, second);
  if (first._ === 'documentAttributeImageSize') return isSide(first.w) && isSide(first.h) ? first : second;
  if (first._ === 'documentAttributeSticker') return isNamed(first.alt) ? first : second;
  // Some clients send the path to the file; a path that ends with a slash has no name.
  if (first._ === 'documentAttributeFilename') return isNamed(first.file_name.replace(/^.*[/\\]/s, '')) ? first : second;
  return first;
}

function joinAudio(first: tl.documentAttributeAudio, second: tl.documentAttributeAudio): tl.documentAttributeAudio {
  return {
    _: 'documentAttributeAudio',
    voice: first.voice || second.voice,
    duration: joinDurations(first, second),
    title: isNamed(first.title) ? first.title : second.title,
    performer: isNamed(first.performer) ? first.performer : second.performer,
    waveform: isWaveform(first.waveform) ? first.waveform : second.waveform,
  };
}

function joinVideo(first: tl.documentAttributeVideo, second: tl.documentAttributeVideo): tl.documentAttributeVideo {
  const { w, h } = isSide(first.w) && isSide(first.h) ? first : second;
  return {
    _: 'documentAttributeVideo',
    round_message: first.round_message || second.round_message,
    supports_streaming: first.supports_streaming || second.supports_streaming,
    nosound: first.nosound || second.nosound,
    duration: joinDurations(first, second),
    w,
    h,
  };
}

/** A client that does not know the duration says 0. */
function joinDurations({ duration: first }: { duration: number }, { duration: second }: { duration: number }): number {
  return isDuration(first) && (first > 0 || !isDuration(second)) ? first : second;
}

function isNamed(name: string | undefined): boolean {
  return name !== undefined && name.trim() !== '';
}
