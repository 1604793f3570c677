import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';
import { linkExclusively, processStart } from '@aerogram/runtime';
import { codeOf, listSorted, unlinkIfThere } from '../file-io.ts';

interface Holder {
  pid: number;
  /** `processStart` of the process. */
  started: string;
  /** Which copy of this module in the process it is: worker threads have their own. */
  instance: string;
}

const INSTANCE = randomUUID();

/** Another call has been writing the same part or file, or beginning the same upload anew, for so long that the caller should try again later. */
export class PartBusy extends Error {
  override name = 'PartBusy';
}

const POLL_MS = 10;
/** How long a call waits for its turn in this process and for other processes together. */
const PATIENCE_MS = 10_000;

/** For an action that leaves nothing behind when it fails, so that its claim is simply given back. */
export const nothingToNote = (): Promise<void> => Promise.resolve();

/** The last holder of each claim in this process, by path. */
const turns = new Map<string, Promise<void>>();

/**
 * Lets one process at a time do a piece of work, such as writing a part. Node has no file locks, so a claim is a hard link to a file that names the process; only one
 * process can create a link of one name. The claims of one part are numbered: whoever finds that the holder of number n is dead creates
 * n + 1, and a claim of a dead process is only deleted after the part is whole. So a process cannot take a claim away from a live one, and
 * every holder reads again, under its claim, whether the part is whole meanwhile.
 */
export class PartClaims implements AsyncDisposable {
  readonly #marks: string;
  readonly #mark: string;
  readonly #holder: Holder;

  readonly #patienceMs: number;

  /** @param root the directory of all uploads @param patienceMs how long a call waits for a claim */
  constructor(root: string, patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
    this.#marks = path.join(root, 'processes');
    this.#mark = path.join(this.#marks, `${process.pid}.${randomUUID()}`);
    this.#holder = { pid: process.pid, started: processStart(process.pid), instance: INSTANCE };
  }

  /**
   * Waits for the claim `base`, runs `action`, and gives the claim back.
   * @param action is told whether an earlier holder may have stopped in the middle. `hold` returns its `result`; `isWhole` says that what was
   * written is complete, so that claims of dead processes can be deleted
   * @param afterFailure makes a note of a failed action. If it fails too, or is absent, the claim stays
   * @throws PartBusy when others hold the claim for more than ten seconds, in this process or in another one
   */
  async hold<T>(base: string, action: (isAfterCrash: boolean) => Promise<{ result: T; isWhole: boolean }>, afterFailure?: () => Promise<void>): Promise<T> {
    const deadline = performance.now() + this.#patienceMs;
    const before = turns.get(base);
    let endTurn!: () => void;
    // A call that gives up ends its turn, but those after it still wait for the ones before it.
    const ended = new Promise<void>((resolve) => {
      endTurn = resolve;
    });
    const turn = Promise.all([before, ended]).then(() => {
      if (turns.get(base) === turn) turns.delete(base);
    });
    turns.set(base, turn);
    try {
      if (before !== undefined && !(await endsBefore(before, deadline))) throw new PartBusy('other calls have been writing the same part or file for too long');
      const number = await this.#take(base, deadline);
      const release = async (from: number): Promise<void> => {
        for (let old = number; old >= from; old--) await unlinkIfThere(`${base}.${old}`);
      };
      try {
        const { result, isWhole } = await action(number > 0);
        await release(isWhole ? 0 : number);
        return result;
      } catch (error) {
        await afterFailure?.().then(() => release(number), () => {});
        throw error;
      }
    } finally {
      endTurn();
    }
  }

  /** Deletes the marks of dead processes. */
  async removeDead(): Promise<void> {
    for (const name of await listSorted(this.#marks)) {
      const file = path.join(this.#marks, name);
      if (file !== this.#mark && isDead(await readHolder(file), this.#holder)) await rm(file, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#mark, { force: true });
  }

  /** Creates the next free number of a claim. Within this process it is the caller's turn. */
  async #take(base: string, deadline: number): Promise<number> {
    for (let number = 0; ; ) {
      const claim = `${base}.${number}`;
      if (await this.#link(claim)) return number;
      const holder = await readHolder(claim);
      if (holder === undefined) {
        // Given back meanwhile.
        number = 0;
      } else if (isDead(holder, this.#holder)) {
        number++;
      } else {
        if (performance.now() > deadline) throw new PartBusy(`the process ${holder.pid} has been writing the same part or file for too long`);
        await delay(POLL_MS);
      }
    }
  }

  async #link(claim: string): Promise<boolean> {
    try {
      return await linkExclusively(this.#mark, claim);
    } catch (error) {
      // The mark is written at the first claim, and again if the directory was cleaned.
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(this.#marks, { recursive: true, mode: 0o700 });
      // Claims may be linked to an earlier mark, so its content is never changed.
      const draft = `${this.#mark}.${randomUUID()}`;
      await writeFile(draft, JSON.stringify(this.#holder), { mode: 0o600 });
      await rename(draft, this.#mark);
      return await linkExclusively(this.#mark, claim);
    }
  }
}

/** Waits for the end of something, until a time of `performance.now`. @returns whether it has ended */
async function endsBefore(end: Promise<void>, deadline: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    const timeout = delay(Math.max(0, deadline - performance.now()), false, { signal: timer.signal });
    // Aborted below.
    timeout.catch(() => {});
    return await Promise.race([end.then(() => true), timeout]);
  } finally {
    timer.abort();
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    // After a power failure the content may be lost; no process of before lives.
    if (error instanceof SyntaxError) return { pid: 0, started: '', instance: '' };
    throw error;
  }
}

/** Whether no process can still act under this mark. What this process holds is known by `turns`, so its own claims are leftovers. */
function isDead(holder: Holder | undefined, own: Holder): boolean {
  if (holder === undefined || holder.started === '') return true;
  if (holder.instance === own.instance) return true;
  return processStart(holder.pid) !== holder.started;
}
