import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError, processStart } from '@aerogram/runtime';

/** Names the process that serves from a directory. */
const CLAIM_FILE = 'serving.json';
/** How often a start that meets others tries again. */
const TRIES = 10;

interface Holder {
  pid: number;
  /** `processStart` of the process, because another process may get its number later. */
  started: string;
}

/**
 * Makes this process the only one that serves from the directory of a node. Two nodes in one directory would have the same name, and each would overwrite what the other writes about itself.
 * A claim of a process that has ended is taken over.
 * @returns gives the directory back
 * @throws OperatorError while another process serves from it
 */
export async function claimDirectory(dataDir: string): Promise<AsyncDisposable> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const claim = join(dataDir, CLAIM_FILE);
  const draft = `${claim}.${randomUUID()}`;
  const own: Holder = { pid: process.pid, started: processStart(process.pid) };
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      if (await linkExclusively(draft, claim)) return { [Symbol.asyncDispose]: () => rm(claim, { force: true }) };
      const holder = await readHolder(claim);
      if (holder !== undefined && isAlive(holder)) throw refusal(dataDir, holder);
      await removeDead(claim, `${draft}.dead`);
    }
    throw new OperatorError(`several processes want to serve from ${dataDir}: start one of them`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the claim of a process that has ended. Another start may have done that before, and made a claim of its own: that one is put back. */
async function removeDead(claim: string, aside: string): Promise<void> {
  try {
    await rename(claim, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && isAlive(moved)) await linkExclusively(aside, claim);
  await rm(aside, { force: true });
}

/** Only one process can create a link of one name. @returns false if another one has it */
async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns undefined if there is no claim, or its content was lost in a power failure, after which no process of before lives */
async function readHolder(claim: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(claim, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  return started !== '' && processStart(pid) === started;
}

function refusal(dataDir: string, { pid }: Holder): OperatorError {
  return new OperatorError(`the process ${pid} serves from ${dataDir} already: stop it, or give this node another directory with --data-dir`);
}
