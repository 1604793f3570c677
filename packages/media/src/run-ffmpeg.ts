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
const SEEKING: ReadonlySet<string> = new Set(['gif', 'mov', 'avi']);

/** Whether ffmpeg is on PATH. */
export type FfmpegState = { isThere: true; version: string } | { isThere: false; reason: string };

/** Looks for ffmpeg, or for ffprobe, which comes with it, on PATH. */
export function findFfmpeg(program: 'ffmpeg' | 'ffprobe' = 'ffmpeg'): Promise<FfmpegState> {
  return new Promise((resolve) => {
    execFile(program, ['-version'], { timeout: VERSION_MS }, (error, stdout) => {
      const version = /^ff(?:mpeg|probe) version (\S+)/.exec(stdout)?.[1];
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
  return run('ffmpeg', [...common, '-max_pixels', String(PIXELS_MAX), ...sourceOf(format), '-map_metadata', '-1', '-threads', '1', ...output, 'pipe:1'], input, outputMax);
}

/** Runs ffprobe over bytes in memory, as {@link runFfmpeg}. @param show what it is to say, as its option `-show_entries` names it @returns JSON; undefined if it fails, takes too long, or writes too much */
export function runFfprobe({ format, input, outputMax }: Omit<FfmpegRun, 'output'>, show: string): Promise<Uint8Array | undefined> {
  return run('ffprobe', ['-v', 'quiet', '-threads', '1', ...sourceOf(format), '-show_entries', show, '-of', 'json'], input, outputMax);
}

/** The options that name the input. */
function sourceOf(format: string): string[] {
  return SEEKING.has(format) ? ['-protocol_whitelist', 'pipe,cache', '-f', format, '-i', 'cache:pipe:0'] : ['-protocol_whitelist', 'pipe', '-f', format, '-i', 'pipe:0'];
}

function run(program: 'ffmpeg' | 'ffprobe', args: readonly string[], input: Uint8Array, outputMax: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    // The shell sets the limit and becomes the program.
    const child = spawn('/bin/sh', ['-c', `ulimit -t ${CPU_S} 2>/dev/null; exec "$0" "$@"`, program, ...args], { env: { PATH: process.env['PATH'] }, stdio: ['pipe', 'pipe', 'ignore'] });
    const stop = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(stop, RUN_MS);
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > outputMax) stop();
      else chunks.push(chunk);
    });
    // The program may end before it has read everything.
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
