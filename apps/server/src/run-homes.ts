import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { initHome, issueTicket, joinHomes } from '@aerogram/cli/homes';
import { hasHomeIdentity } from '@aerogram/node';
import { type Config, loadConfig, OperatorError, SETTINGS, workerFile } from '@aerogram/runtime';

/** What all of them would have in common, although each needs one of its own. */
const OF_ONE = ['databaseUrl', 'natsUrl', 'walArchiveDir', 'backupDir', 's3Bucket', 'webAddress', 'publicPort', 'dcLinkPort', 'dcLinkAddress'] as const;

/** What a home sends to the process that started it when clients can connect. */
export const READY = 'ready';

/** A data centre in a process of its own. */
class HomeProcess {
  readonly dc: number;
  readonly dataDir: string;
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with the exit code or the signal. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  constructor(dc: number, dataDir: string, { args, env }: { args: readonly string[]; env: Readonly<Record<string, string>> }) {
    this.dc = dc;
    this.dataDir = dataDir;
    // It stops when the channel closes, so that none is left if this process is killed.
    this.#child = spawn(process.execPath, [...process.execArgv, workerFile('server'), ...args, '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } });
    for (const [from, to] of [[this.#child.stdout!, process.stdout], [this.#child.stderr!, process.stderr]] as const) {
      createInterface({ input: from }).on('line', (line) => to.write(`dc${dc}  ${line}\n`));
    }
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
      this.#child.once('error', (error) => resolve(error.message));
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message) => message === READY && resolve());
      void this.ended.then((how) => reject(new OperatorError(`data centre ${dc} ended before it served (${how})`)));
    });
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/**
 * Runs several data centres on this machine, each in a process of its own, and makes them a cluster the first time. Ends when they have ended: all on SIGTERM and
 * SIGINT; one that is killed stays down.
 * @param argv the other arguments, which all of them get
 * @returns the exit code
 * @throws OperatorError in words; those that had started have ended then
 */
export async function runHomes(count: number, argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = loadConfig(argv, env);
  for (const name of OF_ONE) if (config[name] !== undefined && config[name] !== 0) throw new OperatorError(`${SETTINGS[name].env} is for one data centre: --dcs cannot be used with it`);
  const homes: HomeProcess[] = [];
  let stopping: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    stopping ??= signal;
    for (const home of homes) home.stop(signal);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  const dirOf = (dc: number): string => join(config.dataDir, `dc${dc}`);
  const optionsOf = (dc: number): { config: Config } => ({ config: loadConfig([...argv, '--data-dir', dirOf(dc)], env) });
  const start = async (dc: number): Promise<void> => {
    if (stopping !== undefined) return;
    const ports = [['--port', config.port], ['--http-port', config.httpPort]].flatMap(([flag, port]) => [String(flag), String(port === 0 ? 0 : Number(port) + dc - 1)]);
    const home = new HomeProcess(dc, dirOf(dc), { args: [...argv, ...ports], env: callPortsOf(config, { dc, count }) });
    homes.push(home);
    void home.ended.then((how) => {
      if (stopping === undefined) console.error(`aerogram: data centre ${dc} has ended (${how}) and stays down; "npm start -- --data-dir ${home.dataDir}" starts it again`);
    });
    await home.ready;
  };
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    if (!hasHomeIdentity(dirOf(1))) await initHome(optionsOf(1), 1);
    await start(1);
    const others = Array.from({ length: count - 1 }, (_, at) => at + 2);
    for (const dc of others) if (!hasHomeIdentity(dirOf(dc)) && stopping === undefined) await joinFirst(optionsOf, dc);
    await Promise.all(others.map(start));
    if (stopping === undefined) console.log(`serving  ${count} data centres below ${config.dataDir}`);
    await Promise.all(homes.map(({ ended }) => ended));
    return stopping === undefined ? 1 : 0;
  } catch (error) {
    if (stopping !== undefined) {
      await Promise.all(homes.map(({ ended }) => ended));
      return 0;
    }
    stop('SIGTERM');
    await Promise.all(homes.map(({ ended }) => ended));
    throw error;
  }
}

/** The ports of the relay of each data centre: that of the settings and those after it, and its part of the range. */
function callPortsOf({ callsPort, callsRelayPorts }: Config, { dc, count }: { dc: number; count: number }): Record<string, string> {
  const port = { [SETTINGS.callsPort.env]: String(callsPort === 0 ? 0 : callsPort + dc - 1) };
  if (callsRelayPorts === undefined || callsRelayPorts.from === 0) return port;
  const { from, to } = callsRelayPorts;
  const share = Math.floor((to - from + 1) / count);
  if (share === 0) throw new OperatorError(`${SETTINGS.callsRelayPorts.env} has fewer ports than there are data centres`);
  const first = from + (dc - 1) * share;
  return { ...port, [SETTINGS.callsRelayPorts.env]: `${first}-${first + share - 1}` };
}

/** Makes an empty directory a member, with a ticket of the first home. */
async function joinFirst(optionsOf: (dc: number) => { config: Config }, dc: number): Promise<void> {
  const folder = await mkdtemp(join(optionsOf(1).config.dataDir, '.ticket-'));
  try {
    const ticket = join(folder, 'ticket.json');
    await issueTicket(optionsOf(1), dc, ticket);
    await joinHomes(optionsOf(dc), ticket);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
