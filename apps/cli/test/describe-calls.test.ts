import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { serveRelay } from '@aerogram/node';
import { describeCalls } from '../src/commands/describe-calls.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aerogram-calls-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const show = (env: Record<string, string>, host = '127.0.0.1'): ReturnType<typeof describeCalls> => describeCalls({ config: loadConfig(['--host', host, '--data-dir', dataDir], env) });

async function takePort(): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

describe('what status says of calls', () => {
  it('is that there is no relay, and why', async () => {
    expect(await show({ AEROGRAM_CALLS: 'off' })).toMatchObject({ value: { relay: 'off' }, lines: ['calls      off'], problem: undefined });
    expect(await show({ AEROGRAM_CALLS_RELAY_PORTS: 'none' })).toMatchObject({ value: { relay: 'none' }, problem: undefined });
    expect((await show({}, '0.0.0.0')).problem).toContain('AEROGRAM_CALLS_ADDRESS');
    expect(await show({ AEROGRAM_TURN_URLS: 'turn:192.0.2.7', AEROGRAM_TURN_SECRET: 'x' })).toMatchObject({ value: { relay: 'others', urls: ['turn:192.0.2.7:3478'] }, lines: ['calls      relayed by turn:192.0.2.7:3478'] });
  });

  it('is where the relay will be, and that another program has its port', async () => {
    const { socket, port } = await takePort();
    expect((await show({ AEROGRAM_CALLS_PORT: String(port) })).problem).toContain(`another program has UDP port ${port}`);
    socket.close();
    await once(socket, 'close');
    const free = await show({ AEROGRAM_CALLS_PORT: String(port) });
    expect(free).toMatchObject({ value: { relay: 'own', running: false, self_test: 'not begun', relay_ports: 100 }, problem: undefined });
    expect(free.lines[0]).toContain(`127.0.0.1:${port}, begins with the first call: 100 ports (49160-49259, UDP), up to 50 relayed calls`);
  });

  it('is whether the relay answers', async () => {
    const note = (port: number): void => writeFileSync(join(dataDir, 'calls.json'), JSON.stringify({ port, pid: process.pid, allocations: 3 }));
    const relay = await serveRelay({ listen: { host: '127.0.0.1', port: 0 }, relayPorts: { from: 0, to: 0 }, addresses: { 4: '127.0.0.1' }, secret: 'x', isLocalOnly: true });
    note(relay.port);
    const fine = await show({});
    expect(fine).toMatchObject({ value: { running: true, port: relay.port, self_test: 'ok', allocations: 3 }, problem: undefined });
    expect(fine.lines[0]).toContain(`relay at 127.0.0.1:${relay.port} answers`);
    const silent = await takePort();
    note(silent.port);
    const mute = await show({});
    expect(mute).toMatchObject({ value: { self_test: 'no answer' } });
    expect(mute.problem).toContain(`does not answer at port ${silent.port}`);
    silent.socket.close();
    await relay[Symbol.asyncDispose]();
  });
});
