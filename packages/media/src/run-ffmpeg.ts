import { execFile, spawn } from 'node:child_process';

/** How much CPU time one run may take, in seconds. */
const CPU_S = 5;
/** How long one run may take, in milliseconds, however little CPU a busy machine gives it. */
const RUN_MS = 40_000;
/** How long ffmpeg may take to say its version, in milliseconds. */
const VERSION_MS = 10_000;
/** No picture with more pixels is decoded. */
const PIXELS_MAX = 40_000_000;

/** Formats in which ffmpeg goes back to earlier bytes. It cannot do that in a pipe, so it keeps the input in a temporary file, which it deletes as soon as it has opened it. */
const SEEKING: ReadonlySet<string> = new Set(['gif', 'mov']);

/** Whether ffmpeg is on PATH. */
export type FfmpegState = { isThere: true; version: string } | { isThere: false; reason: string };

/** Looks for ffmpeg on PATH. */
export function findFfmpeg(): Promise<FfmpegState> {
  return new Promise((resolve) => {
    execFile('ffmpeg', ['-version'], { timeout: VERSION_MS }, (error, stdout) => {
      const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1];
      resolve(version === undefined ? { isThere: false, reason: error?.message.split('\n')[0] ?? 'it does not say its version' } : { isThere: true, version });
    });
  });
}

/** A run of ffmpeg. */
export interface FfmpegRun {
  /** The format of the input, as ffmpeg names it. Nothing else is tried, so no input can be taken for a list of other files. */
  format: string;
  input: Uint8Array;
  /** What is made of the input. */
  output: readonly string[];
  /** The most bytes of output. */
  outputMax: number;
}

/**
 * Runs ffmpeg over bytes in memory. It can open no files that these name and no connections: all it may use are its standard input and output. It has the same limit of memory, of its own and
 * the priority of this process.
 * @returns its output; undefined if it fails, takes too long, or writes too much
 */
export function runFfmpeg({ format, input, output, outputMax }: FfmpegRun): Promise<Uint8Array | undefined> {
  const common = ['-v', 'quiet', '-nostdin', '-threads', '1', '-filter_threads', '1'];
  const source = SEEKING.has(format) ? ['-protocol_whitelist', 'pipe,cache', '-f', format, '-i', 'cache:pipe:0'] : ['-protocol_whitelist', 'pipe', '-f', format, '-i', 'pipe:0'];
  const args = [...common, '-max_pixels', String(PIXELS_MAX), ...source, '-map_metadata', '-1', '-threads', '1', ...output, 'pipe:1'];
  return new Promise((resolve) => {
    // The shell sets the limit and becomes ffmpeg.
    const child = spawn('/bin/sh', ['-c', `ulimit -t ${CPU_S} 2>/dev/null; exec "$0" "$@"`, 'ffmpeg', ...args], { env: { PATH: process.env['PATH'] }, stdio: ['pipe', 'pipe', 'ignore'] });
    const stop = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(stop, RUN_MS);
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > outputMax) stop();
      else chunks.push(chunk);
    });
    // ffmpeg may end before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const finish = (isWhole: boolean): void => {
      clearTimeout(timer);
      resolve(isWhole && length > 0 && length <= outputMax ? Buffer.concat(chunks) : undefined);
    };
    child.once('error', () => finish(false));
    child.once('close', (code) => finish(code === 0));
  });
}
