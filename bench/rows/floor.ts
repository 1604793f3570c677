import { fork } from 'node:child_process';
import { measure, type BenchOptions } from '../measure.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import type { Row } from '../row.ts';

const CLIENTS = 128;

/**
 * The bare cost of the wire: a call comes in, is answered, and a push goes to another client, all encrypted over TCP,
 * without dispatcher and database. What a send costs beyond this is the messenger's own.
 */
export async function benchFloor({ seconds }: BenchOptions): Promise<Row[]> {
  const server = fork(process.argv[1]!, ['--floor-server', String(CLIENTS)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await using generator = new GeneratorProcess();
  try {
    const { port } = await new Promise<{ port: number }>((resolve, reject) => {
      server.once('message', (message) => resolve(message as { port: number }));
      server.once('exit', () => reject(new Error('the floor server ended')));
    });
    const pids = { server: server.pid!, postgres: undefined, generator: generator.pid };
    await generator.run({ do: 'floor', port, ms: 500, clients: CLIENTS, window: 1 });
    const rows: Row[] = [];
    for (const window of [1, 4]) {
      const { row } = await measure({ generator, pids }, `${CLIENTS / 2} clients, ${window} on the way each: call in, answer and push out`, 'calls', {
        do: 'floor', port, ms: seconds * 1000, clients: CLIENTS, window,
      });
      rows.push(row);
    }
    return rows;
  } finally {
    server.disconnect();
  }
}
