// Runs the tests of the S3 store against radosgw, the S3 service of Ceph: starts a cluster of one node in memory, on loopback, for as long as
// the tests take. Needs Debian's packages: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd
// usage: node tools/radosgw.mjs
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './dependencies.mjs';

const BUCKET = 'aerogram-test';
const KEY = 'testkey';
const SECRET = 'testsecret';
const START_MS = 120_000;
const STOP_MS = 10_000;

/** A port of the loopback address that is free now. */
async function findPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function isListening(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function writeSettings(dir, { fsid, monitorPort, port }) {
  const settings = {
    fsid,
    'mon host': `[v2:127.0.0.1:${monitorPort}/0]`,
    'public addr': '127.0.0.1',
    'ms bind msgr1': 'false',
    'osd pool default size': 1,
    'osd pool default min size': 1,
    'osd pool default pg num': 1,
    'osd pool default pgp num': 1,
    'osd pool default pg autoscale mode': 'off',
    'mon allow pool size one': 'true',
    'osd crush chooseleaf type': 0,
    'osd objectstore': 'memstore',
    'memstore device bytes': 2 ** 30,
    'mon data': join(dir, 'mon'),
    'osd data': join(dir, 'osd'),
    keyring: join(dir, 'keyring'),
    'run dir': dir,
    'admin socket': '',
    'log file': join(dir, '$name.log'),
    'rgw frontends': `beast endpoint=127.0.0.1:${port}`,
    'rgw data': join(dir, 'rgw'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(dir, 'ceph.conf'), `[global]\n${lines.join('\n')}\n`);
}

const dir = mkdtempSync(join(tmpdir(), 'aerogram-radosgw-'));
const daemons = [];

function run(program, ...args) {
  return execFileSync(program, args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
}

function start(program, ...args) {
  const log = openSync(join(dir, `${program}.out`), 'w');
  daemons.push(spawn(program, ['-c', 'ceph.conf', '-f', ...args], { cwd: dir, stdio: ['ignore', log, log] }));
}

async function startCluster() {
  const fsid = randomUUID();
  const disk = randomUUID();
  const monitorPort = await findPort();
  const port = await findPort();
  for (const name of ['mon', 'osd', 'rgw']) mkdirSync(join(dir, name));
  writeSettings(dir, { fsid, monitorPort, port });
  run('ceph-authtool', '--create-keyring', 'keyring', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  run('ceph-authtool', 'keyring', '--gen-key', '-n', 'client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *');
  run('ceph-authtool', 'keyring', '--gen-key', '-n', 'osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *');
  run('monmaptool', '--create', '--addv', 'a', `[v2:127.0.0.1:${monitorPort}]`, '--fsid', fsid, 'monmap');
  run('ceph-mon', '-c', 'ceph.conf', '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring');
  start('ceph-mon', '-i', 'a');
  run('ceph', '-c', 'ceph.conf', 'auth', 'import', '-i', 'keyring');
  run('ceph', '-c', 'ceph.conf', 'osd', 'new', disk);
  run('ceph-osd', '-c', 'ceph.conf', '-i', '0', '--mkfs', '--osd-uuid', disk);
  start('ceph-osd', '-i', '0');
  start('radosgw', '-n', 'client.admin');
  const deadline = Date.now() + START_MS;
  while (!(await isListening(port))) {
    const ended = daemons.find((daemon) => daemon.exitCode !== null);
    if (ended) throw new Error(`${ended.spawnfile} ended:\n${readFileSync(join(dir, `${ended.spawnfile}.out`), 'utf8')}`);
    if (Date.now() > deadline) throw new Error(`radosgw did not start within ${START_MS / 1000} s`);
    await delay(200);
  }
  run('radosgw-admin', '-c', 'ceph.conf', 'user', 'create', '--uid', 'test', '--display-name', 'test', '--access-key', KEY, '--secret-key', SECRET);
  const endpoint = `http://127.0.0.1:${port}`;
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: KEY, secretAccessKey: SECRET } });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  return endpoint;
}

async function stopCluster() {
  for (const daemon of daemons.reverse()) {
    if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
    const exit = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    const timer = setTimeout(() => daemon.kill('SIGKILL'), STOP_MS);
    await exit;
    clearTimeout(timer);
  }
  rmSync(dir, { recursive: true, force: true });
}

process.exitCode = 1;
try {
  console.log('Starting radosgw …');
  const endpoint = await startCluster();
  const env = {
    ...process.env,
    AEROGRAM_TEST_S3_ENDPOINT: endpoint,
    AEROGRAM_TEST_S3_KEY: KEY,
    AEROGRAM_TEST_S3_SECRET: SECRET,
    AEROGRAM_TEST_S3_BUCKET: BUCKET,
  };
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', 'packages/blob/test/s3-store.test.ts'], { cwd: root, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error.code === 'ENOENT' ? `${error.path} is missing: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd` : error);
} finally {
  await stopCluster();
}
