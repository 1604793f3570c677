import { signal } from '@preact/signals';
import type { MediaFilter, Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { localAddresses } from './local-addresses.ts';
import { lacksOgg, makePlayable } from './playable-voice.ts';
import { fileOf, mediaOf } from './shown-media.ts';
import { openSource, type PlaySource, WHOLE_MAX } from './stream.ts';

/** How fast voice messages can be played. */
export const SPEEDS = [1, 1.5, 2] as const;

/** What is being played in this page: a voice message, a round video or a piece of music. There is one at a time. */
export const playing = signal<Message | undefined>(undefined);

export const isPaused = signal(true);
/** Seconds from the beginning. */
export const playedTime = signal(0);

export const playedDuration = signal(0);
export const speed = signal<(typeof SPEEDS)[number]>(1);
/** Messages whose sound this browser cannot play, by key. */
export const unplayable = signal<ReadonlySet<string>>(new Set());

/** The element that plays; round videos bring their own. */
let element: HTMLMediaElement | undefined;
let source: PlaySource | undefined;
let audio: HTMLAudioElement | undefined;
/** Round videos that are on the page, by the key of their message. */
const rounds = new Map<string, HTMLVideoElement>();

const isPlayed = (message: Message): boolean => playing.value?.key === message.key;

/** Stops what is played. */
export function stopPlaying(): void {
  element?.pause();
  const round = playing.value && rounds.get(playing.value.key);
  if (round) round.currentTime = 0;
  source?.release();
  [element, source, playing.value, isPaused.value, playedTime.value] = [undefined, undefined, undefined, true, 0];
}

/** Makes a round video one that can be played. @returns what takes it away again */
export function offerRound(message: Message, video: HTMLVideoElement): () => void {
  rounds.set(message.key, video);
  const stop = listen(video, message);
  return () => {
    stop();
    if (isPlayed(message)) stopPlaying();
    rounds.delete(message.key);
  };
}

/** Follows an element that plays a message. */
function listen(media: HTMLMediaElement, message: Message | undefined): () => void {
  const isOurs = (): boolean => element === media && (message === undefined || isPlayed(message));
  const handlers: Record<string, () => void> = {
    timeupdate: () => isOurs() && (playedTime.value = media.currentTime),
    durationchange: () => isOurs() && Number.isFinite(media.duration) && (playedDuration.value = media.duration),
    play: () => isOurs() && (isPaused.value = false),
    pause: () => isOurs() && (isPaused.value = true),
    ended: () => isOurs() && void playNext(),
    error: () => isOurs() && void tryWhole(),
  };
  for (const [name, handle] of Object.entries(handlers)) media.addEventListener(name, handle);
  return () => {
    for (const [name, handle] of Object.entries(handlers)) media.removeEventListener(name, handle);
  };
}

function ownAudio(): HTMLAudioElement {
  if (audio) return audio;
  audio = new Audio();
  listen(audio, undefined);
  return audio;
}

/** Plays a message, or goes on with it, or pauses it. */
export async function togglePlaying(message: Message): Promise<void> {
  if (!isPlayed(message)) {
    await play(message);
  } else if (isPaused.value) await element?.play().catch(() => undefined);
  else element?.pause();
}

async function play(message: Message): Promise<void> {
  stopPlaying();
  const media = mediaOf(message);
  if (!media) return;
  playing.value = message;
  playedDuration.value = media.document?.duration ?? media.local?.duration ?? 0;
  const round = rounds.get(message.key);
  const own = localAddresses(message.key, media.local);
  if (round) element = round;
  else {
    element = ownAudio();
    if (own && !(media.role === 'voice' && media.document && lacksOgg())) element.src = own.file;
    else await open(message, false);
  }
  if (!isPlayed(message)) return;
  await start();
  if (message.isUnplayed) void ask('media.played', { peer: message.peer, message: message.id }).catch(() => undefined);
}

async function start(): Promise<void> {
  if (!element) return;
  element.playbackRate = mediaOf(playing.value!)?.role === 'audio' ? 1 : speed.value;
  // A refusal to play is told by the event `error`, if it is about the file.
  await element.play().catch(() => undefined);
}

async function open(message: Message, isWhole: boolean): Promise<void> {
  const { document, role } = mediaOf(message) ?? {};
  if (!document) return;
  try {
    // Voice messages are short, and their length is at their end.
    const opened = await openSource(fileOf(message, document), document.bytes, isWhole || role === 'voice' || undefined, role === 'voice' ? makePlayable : undefined);
    if (!isPlayed(message)) return opened.release();
    source?.release();
    source = opened;
    element!.src = opened.address;
  } catch {
    giveUp(message);
  }
}

/** What cannot be played as a stream may be played as a whole. */
async function tryWhole(): Promise<void> {
  const message = playing.value;
  if (!message) return;
  const { document } = mediaOf(message) ?? {};
  if (!source?.isStream || !document || document.bytes > WHOLE_MAX) return giveUp(message);
  await open(message, true);
  if (isPlayed(message)) await start();
}

function giveUp(message: Message): void {
  unplayable.value = new Set([...unplayable.value, message.key]);
  if (isPlayed(message)) stopPlaying();
}

/** Plays what follows in the chat: after a voice message the next one, after music the next piece. */
async function playNext(): Promise<void> {
  const message = playing.value;
  if (!message) return;
  stopPlaying();
  if (message.id === 0) return;
  const filter: MediaFilter = mediaOf(message)?.role === 'audio' ? 'music' : 'voice';
  const { messages } = await ask('media.list', { peer: message.peer, filter, after: message.id, limit: 1 }).catch(() => ({ messages: [] }));
  const [next] = messages;
  // Somebody may have started something else meanwhile; and a round video is played where it can be seen.
  if (!next || playing.value || (mediaOf(next)?.role === 'round' && !rounds.has(next.key))) return;
  await play(next);
}

/** Goes to a place. @param share of the whole, 0 to 1 */
export async function seekPlaying(message: Message, share: number): Promise<void> {
  if (!isPlayed(message)) await play(message);
  if (!element || !isPlayed(message)) return;
  const duration = Number.isFinite(element.duration) ? element.duration : playedDuration.value;
  element.currentTime = share * duration;
  playedTime.value = element.currentTime;
}

/** Plays faster, or again at the first speed. */
export function changeSpeed(): void {
  speed.value = SPEEDS[(SPEEDS.indexOf(speed.value) + 1) % SPEEDS.length]!;
  if (element && playing.value && mediaOf(playing.value)?.role !== 'audio') element.playbackRate = speed.value;
}
