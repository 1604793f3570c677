import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readParents } from '@aerogram/dev-env/load';

/** How long what a killed server has started may still run: a picture that is being decoded, or the end of a video. */
const ENDED_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** Programs that a server starts for files of users. */
const PROGRAMS = /photo-worker|media-worker|relay-worker|ffmpeg/;

const readOf = (pid: number, name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');

/** Whether a process is in the process group of this one. The group is the third field after the command, which stands in parentheses and may contain spaces. */
async function isInOurGroup(pid: number): Promise<boolean> {
  const [stat, ours] = [await readOf(pid, 'stat'), await readOf(process.pid, 'stat')];
  const groupIn = (text: string): string | undefined => text.slice(text.lastIndexOf(')') + 2).split(' ')[2];
  return stat !== '' && groupIn(stat) === groupIn(ours);
}

/** The processes for files of users that were started from here and whose server is gone. */
async function listOrphans(): Promise<string[]> {
  const parents = await readParents();
  const orphans: string[] = [];
  for (const pid of parents.keys()) {
    const command = await readOf(pid, 'cmdline');
    if (!PROGRAMS.test(command) || !(await isInOurGroup(pid))) continue;
    // The parent of ffmpeg is such a process, too.
    let above = parents.get(pid) ?? 1;
    while (above > 1 && PROGRAMS.test(await readOf(above, 'cmdline'))) above = parents.get(above) ?? 1;
    if (above <= 1 || !(await isInOurGroup(above))) orphans.push(`${pid} ${command.replaceAll('\0', ' ')}`);
  }
  return orphans;
}

/** Waits until the processes that a killed server has started for photos and media have ended by themselves. @throws if one goes on */
export async function waitForOrphans(): Promise<void> {
  for (const deadline = performance.now() + ENDED_WITHIN_MS; ; await delay(POLL_MS)) {
    const orphans = await listOrphans();
    if (orphans.length === 0) return;
    if (performance.now() > deadline) throw new Error(`processes of a killed server go on:\n${orphans.join('\n')}`);
  }
}
