import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRepositoryRoot } from '@aerogram/dev-env/load';

const run = promisify(execFile);

/** The program of the last release, built from the history of this repository. */
export class LastRelease implements Disposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Installs and builds it in a folder of its own. @throws Error that says what to do if the history is not there */
  static async build(): Promise<LastRelease> {
    const root = findRepositoryRoot();
    const [commit = ''] = readFileSync(join(root, 'tests/last-release.txt'), 'utf8').split(' ');
    await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root }).catch((error: unknown) => {
      throw new Error(`the last release (${commit}, tests/last-release.txt) is not in this clone, which has only a part of the history: run "git fetch --unshallow"`, { cause: error });
    });
    const release = new LastRelease(mkdtempSync(join(tmpdir(), 'last-release-')));
    try {
      const archive = join(release.#folder, 'source.tar');
      await run('git', ['archive', '--output', archive, commit], { cwd: root });
      await run('tar', ['--extract', '--file', archive, '--directory', release.#folder]);
      await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: release.#folder });
      await run(process.execPath, ['tools/build.mjs'], { cwd: release.#folder });
      return release;
    } catch (error) {
      release[Symbol.dispose]();
      throw error;
    }
  }

  /** Path of its server. */
  get server(): string {
    return join(this.#folder, 'dist/server.js');
  }

  /** Runs a command of its command line. @returns what it prints */
  aerogram(dataDir: string, ...args: string[]): Promise<string> {
    return runAerogram(this.#folder, dataDir, args);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs the command line of a program that was built in a folder. @returns what it prints */
export async function runAerogram(folder: string, dataDir: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['dist/aerogram.js', '--data-dir', dataDir, ...args], { cwd: folder });
  return stdout;
}
