import { execFile, spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findRepositoryRoot } from '@aerogram/dev-env/load';

const run = promisify(execFile);

/** The uid of `nobody`, for tests that run as root. */
export const NOBODY = 65_534;
export const IS_ROOT = process.geteuid?.() === 0;

/** How a command ended. */
export interface Ended {
  status: number | null;
  output: string;
}

/** The accounts of this machine that tests can use. */
export type Account = 'ordinary' | 'root';

/** Makes the package for tests. @returns path of its tarball */
export async function makeTarball(): Promise<string> {
  const root = findRepositoryRoot();
  await run(process.execPath, [join(root, 'tools/pack-testing.mjs')], { cwd: root });
  const dist = join(root, 'dist');
  return join(dist, readdirSync(dist).find((name) => /^aerogram-testing-.*\.tgz$/.test(name))!);
}

/**
 * A folder of somebody who has nothing of this repository but the tarball of the package for tests: the examples, and what npm installs for them. Their files belong to an
 * ordinary user.
 */
export class BareFolder implements Disposable {
  readonly path: string;
  /** Name of the tarball in it. */
  readonly tarball: string;

  private constructor(path: string, tarball: string) {
    this.path = path;
    this.tarball = tarball;
  }

  /** Makes the package, a folder, and installs there. @throws Error with the output of what failed */
  static async create(): Promise<BareFolder> {
    const packed = await makeTarball();
    const tarball = basename(packed);
    // The path is short, because the database has sockets below it.
    const folder = new BareFolder(mkdtempSync(join(tmpdir(), 'bare-')), tarball);
    try {
      cpSync(packed, join(folder.path, tarball));
      cpSync(join(findRepositoryRoot(), 'examples/testing'), join(folder.path, 'examples'), { recursive: true, filter: (path) => !/node_modules|__pycache__/.test(path) });
      // Not published yet: the examples name the package as others will.
      const overrides = { '@aerogram/testing': `file:${tarball}` };
      writeFileSync(join(folder.path, 'package.json'), JSON.stringify({ name: 'bare', private: true, workspaces: ['examples/*'], dependencies: overrides, overrides }));
      await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder.path });
      for (const account of ['ordinary', 'root']) mkdirSync(join(folder.path, account));
      if (IS_ROOT) await run('chown', ['-R', `${NOBODY}:${NOBODY}`, folder.path]);
      if (IS_ROOT) chownSync(join(folder.path, 'root'), 0, 0);
      return folder;
    } catch (error) {
      folder[Symbol.dispose]();
      throw error;
    }
  }

  /** Runs a command in a folder below this one, with nothing of the environment of these tests. */
  async run(account: Account, folder: string, command: string[]): Promise<Ended> {
    const home = join(this.path, account);
    const child = spawn(command[0]!, command.slice(1), {
      cwd: join(this.path, folder),
      env: { PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(':'), HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(IS_ROOT && account === 'ordinary' ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    let output = '';
    for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text: string) => (output += text));
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { status, output };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Names of the examples in a folder that npm can test. */
export function listExamples(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')));
}
