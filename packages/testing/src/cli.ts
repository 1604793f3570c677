#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { CloudError } from './control/cloud-error.ts';
import type { Cloud } from './cloud.ts';
import { startCloud } from './start-cloud.ts';

const USAGE = `usage: aerogram-testing serve [options]

Runs a cloud for the tests of bots and clients, until Ctrl-C or SIGTERM. Tests in any language use its
control API: POST <control URL>/v1/<operation> with "Authorization: Bearer <secret>" and an object as JSON.

  --json              prints one line of JSON when it is ready, and nothing else
  --limits            the limits of an ordinary server hold
  --data-dir DIR      keeps its data there; by default they are deleted at the end
  --cache-dir DIR     keeps the template of new clouds there
  --until-input-ends  stops when standard input ends: give it a pipe from the test
                      run, and the cloud ends with it, also if it is killed
  --log               prints the log of the server to standard error
  --help              prints this
`;

const OPTIONS = {
  json: { type: 'boolean' },
  limits: { type: 'boolean' },
  log: { type: 'boolean' },
  'until-input-ends': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'data-dir': { type: 'string' },
  'cache-dir': { type: 'string' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Reads the arguments. @throws TypeError for unknown ones */
function readArguments(args: string[]): { command: string | undefined; values: Values } {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (positionals.length > 1) throw new TypeError(`unknown argument ${positionals[1]}`);
  return { command: positionals[0], values };
}

function printCloud(cloud: Cloud, asJson: boolean): void {
  const { apiRoot, fileRoot, controlUrl, secret, server } = cloud;
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ apiRoot, fileRoot, controlUrl, secret, server })}\n`);
    return;
  }
  const keys = server.public_keys.map(({ fingerprint, pem }) => `Key       ${fingerprint}\n${pem.trim()}`);
  const lines = [
    `Bot API   ${apiRoot}`,
    `Files     ${fileRoot}`,
    `MTProto   ${server.mtproto.host}:${server.mtproto.port}  (DC ${server.dc_id}, layer ${server.layer})`,
    ...keys,
    `Control   ${controlUrl}`,
    `Secret    ${secret}`,
    'Ctrl-C stops it.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Runs a cloud until a signal. @returns exit code */
async function serve(values: Values): Promise<number> {
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (values['until-input-ends'] === true) process.stdin.on('error', () => resolve()).on('close', () => resolve()).on('end', () => resolve()).resume();
  });
  const log = values.log === true ? (line: string) => void process.stderr.write(`${line}\n`) : undefined;
  const cloud = await startCloud({ limits: values.limits, dataDir: values['data-dir'], cacheDir: values['cache-dir'], log });
  printCloud(cloud, values.json === true);
  // A cloud does not keep its process alive.
  const alive = setInterval(() => {}, 60_000);
  await Promise.race([signalled, cloud.ended]);
  clearInterval(alive);
  const { endReason } = cloud;
  await cloud.stop();
  if (endReason === undefined) return 0;
  process.stderr.write(`aerogram-testing: ${endReason}\n`);
  return 1;
}

async function main(): Promise<number> {
  let read: ReturnType<typeof readArguments>;
  try {
    read = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`aerogram-testing: ${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (read.values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (read.command !== 'serve') {
    process.stderr.write(read.command === undefined ? USAGE : `aerogram-testing: unknown command ${read.command}\n\n${USAGE}`);
    return 2;
  }
  try {
    return await serve(read.values);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    process.stderr.write(`aerogram-testing: ${error.message}\n`);
    return 1;
  }
}

process.exit(await main());
