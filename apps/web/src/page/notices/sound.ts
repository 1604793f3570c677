import { signal } from '@preact/signals';

const KEY = 'aerogram-sound';

/** Whether new messages are heard in this browser. */
export const soundIsOn = signal(localStorage.getItem(KEY) !== 'off');

export function setSound(isOn: boolean): void {
  soundIsOn.value = isOn;
  localStorage.setItem(KEY, isOn ? 'on' : 'off');
}

/** Two short tones, in hertz, and when they begin and end, in seconds. */
const TONES = [
  { pitch: 659.25, from: 0, to: 0.12 },
  { pitch: 987.77, from: 0.09, to: 0.3 },
];
const LOUDNESS = 0.08;

/** Two sounds are at least so far apart, in seconds: many messages at once make one. */
const APART_S = 1;

let audio: AudioContext | undefined;
let playedAt = -Infinity;

/** Plays the sound of a new message. Browsers keep silent until the page was touched once. */
export function playSound(): void {
  audio ??= new AudioContext();
  const { destination, currentTime } = audio;
  if (currentTime < playedAt + APART_S) return;
  playedAt = currentTime;
  for (const { pitch, from, to } of TONES) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.type = 'sine';
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, currentTime + from);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, currentTime + from + 0.015);
    loudness.gain.exponentialRampToValueAtTime(0.0005, currentTime + to);
    tone.connect(loudness).connect(destination);
    tone.start(currentTime + from);
    tone.stop(currentTime + to);
  }
  if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
}
