import { spawnSync } from 'node:child_process';
import { DriverClient, type DriverEvent, type Library } from './driver-client.ts';
import { LineProcess } from './line-process.ts';

/** A process that runs one client library, with any number of clients. */
export class DriverProcess extends LineProcess<DriverEvent> {
  constructor(library: Library) {
    super(library, COMMANDS[library]());
  }

  client(name: string): DriverClient {
    const client = new DriverClient(this, this.library as Library, name);
    this.listen(name, client);
    return client;
  }
}

const COMMANDS: Record<Library, () => [command: string, script: string, ...args: string[]]> = {
  mtcute: () => [process.execPath, 'mtcute-driver.mjs'],
  gramjs: () => [process.execPath, 'gramjs-driver.mjs'],
  telethon: () => [findPythonWith('telethon') ?? 'python3', 'telethon_driver.py'],
  tdlib: () => [process.execPath, 'tdlib-driver.mjs'],
  // Of a layer before: the same driver with the package of that name.
  'tdlib-1.8.65': () => [process.execPath, 'tdlib-driver.mjs', 'tdlib-1.8.65'],
};

const pythons = new Map<string, string | undefined>();

/** The first Python that has a module, or undefined: the first interpreter in the path may not be the system's. */
export function findPythonWith(module: string): string | undefined {
  if (!pythons.has(module)) pythons.set(module, ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0));
  return pythons.get(module);
}
