/** A tone that repeats: pitches in hertz, each with when it begins and ends, in seconds, and the length of a round. */
interface Melody {
  notes: readonly { pitch: number; from: number; to: number }[];
  roundS: number;
  loudness: number;
}

const MELODIES = {
  /** Somebody calls. */
  ring: {
    notes: [659.25, 783.99, 987.77, 783.99].flatMap((pitch, at) => [{ pitch, from: at * 0.18, to: at * 0.18 + 0.16 }, { pitch, from: 0.9 + at * 0.18, to: 1.06 + at * 0.18 }]),
    roundS: 3,
    loudness: 0.12,
  },
  /** It rings on the other side. */
  waiting: { notes: [{ pitch: 425, from: 0, to: 1 }], roundS: 4, loudness: 0.05 },
} as const satisfies Record<string, Melody>;

/** Plays a tone again and again. Browsers keep silent until the page was touched once. @returns what stops it */
export function playTone(name: keyof typeof MELODIES): () => void {
  const { notes, roundS, loudness }: Melody = MELODIES[name];
  const audio = new AudioContext();
  const play = (): void => {
    for (const { pitch, from, to } of notes) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      const start = audio.currentTime + 0.05;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, start + from);
      gain.gain.linearRampToValueAtTime(loudness, start + from + 0.02);
      gain.gain.setValueAtTime(loudness, start + to - 0.04);
      gain.gain.linearRampToValueAtTime(0, start + to);
      tone.connect(gain).connect(audio.destination);
      tone.start(start + from);
      tone.stop(start + to);
    }
  };
  void audio.resume().catch(() => undefined);
  play();
  const timer = setInterval(play, roundS * 1000);
  return () => {
    clearInterval(timer);
    void audio.close().catch(() => undefined);
  };
}
