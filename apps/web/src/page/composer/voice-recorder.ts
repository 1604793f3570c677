import { signal } from '@preact/signals';
import type { LocalFile } from '../../protocol/index.ts';

/** Kinds of recordings, the best first: what is no Opus in Ogg already is changed into it. */
const KINDS = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'];
/** A shorter press was a mistake, in milliseconds. */
const SHORTEST_MS = 400;

const BITS_PER_SECOND = 32_000;

/** Records from the microphone. */
export class VoiceRecorder {
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #context: AudioContext;
  readonly #analyser: AnalyserNode;
  readonly #started = performance.now();
  #parts: Blob[] = [];
  #frame = 0;
  /** Loudness now, 0 to 1. */
  readonly level = signal(0);
  /** Seconds so far. */
  readonly seconds = signal(0);

  /** @throws DOMException if the browser gives no microphone */
  static async start(): Promise<VoiceRecorder> {
    const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return new VoiceRecorder(await navigator.mediaDevices.getUserMedia({ audio }));
  }

  private constructor(stream: MediaStream) {
    this.#stream = stream;
    this.#recorder = new MediaRecorder(stream, { mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)), audioBitsPerSecond: BITS_PER_SECOND });
    this.#recorder.ondataavailable = ({ data }) => this.#parts.push(data);
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    this.#recorder.start();
    this.#measure();
  }

  #measure(): void {
    const samples = new Uint8Array(this.#analyser.fftSize);
    const measure = (): void => {
      this.#analyser.getByteTimeDomainData(samples);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0);
      this.level.value = Math.max(peak / 128, this.level.value * 0.85);
      this.seconds.value = (performance.now() - this.#started) / 1000;
      this.#frame = requestAnimationFrame(measure);
    };
    measure();
  }

  async #end(): Promise<void> {
    cancelAnimationFrame(this.#frame);
    const stopped = new Promise((resolve) => this.#recorder.addEventListener('stop', resolve, { once: true }));
    if (this.#recorder.state !== 'inactive') {
      this.#recorder.stop();
      await stopped;
    }
    for (const track of this.#stream.getTracks()) track.stop();
    await this.#context.close().catch(() => undefined);
  }

  /** Ends it, and forgets what was recorded. */
  async cancel(): Promise<void> {
    await this.#end();
    this.#parts = [];
  }

  /** Ends it. @returns the voice message; undefined if it is too short to be one */
  async finish(): Promise<LocalFile | undefined> {
    const lasted = performance.now() - this.#started;
    await this.#end();
    const [type = ''] = this.#recorder.mimeType.split(';');
    const recording = new Blob(this.#parts, { type });
    if (lasted < SHORTEST_MS || recording.size === 0) return undefined;
    const { makeVoice } = await import('./make-voice.ts');
    return await makeVoice(recording, lasted / 1000);
  }
}
