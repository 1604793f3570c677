import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { adminCookie, readAdminCookie } from '../src/http/admin/admin-cookie.ts';
import { readLiveNumbers } from '../src/http/admin/live-numbers.ts';
import { checkOwnRequest, readJson } from '../src/http/admin/own-request.ts';
import { findDomainRoute } from '../src/http/domain-routes.ts';
import { mergeMetrics } from '../src/workers/merge-metrics.ts';

const TOKEN = 'a'.repeat(43);
const OWN = { host: 'chat.example:8443', origin: 'https://chat.example:8443', 'x-aerogram-admin': '1', 'content-type': 'application/json' };

/** The status with which a request is refused; undefined if it is not. */
function refusal(headers: Record<string, string | undefined>, method = 'POST'): number | undefined {
  try {
    checkOwnRequest({ method, headers });
    return undefined;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe('requests of the admin page', () => {
  it('come from the page of the address to which they are sent', () => {
    expect(refusal(OWN)).toBeUndefined();
    expect(checkOwnRequest({ method: 'POST', headers: OWN })).toEqual({ isSecure: true });
    expect(checkOwnRequest({ method: 'POST', headers: { ...OWN, origin: 'http://chat.example:8443' } })).toEqual({ isSecure: false });
    expect(refusal({ ...OWN, 'sec-fetch-site': 'same-origin' })).toBeUndefined();
  });

  it.each([
    [{ origin: undefined }],
    [{ origin: 'null' }],
    [{ origin: 'https://chat.example' }],
    [{ origin: 'https://chat.example.evil.example:8443' }],
    [{ host: undefined }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'x-aerogram-admin': undefined }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
  ])('are refused otherwise: %j', (changed) => {
    expect(refusal({ ...OWN, ...changed })).toBe(403);
  });

  it.each([
    ['{"args":{"query":"a\\u0000b"}}', 'a text contains a NUL character'],
    ['{"args":{"a\\u0000":1}}', 'a text contains a NUL character'],
    ['{"args":', 'no JSON object'],
    ['[]', 'no JSON object'],
  ])('have no text that the database refuses: %s', async (body, message) => {
    await expect(readJson(Readable.from([Buffer.from(body)]) as IncomingMessage)).rejects.toMatchObject({ status: 400, message });
  });

  it('may have a backslash before the digits of a NUL', async () => {
    expect(await readJson(Readable.from([Buffer.from('{"query":"a\\\\u0000b"}')]) as IncomingMessage)).toEqual({ query: 'a\\u0000b' });
  });

  it('are no GET', () => {
    expect(refusal(OWN, 'GET')).toBe(405);
  });

  it('are answered by one process, and are no page of a username', () => {
    expect(findDomainRoute('/admin/api/command?x=1')).toEqual({ admin: 'command', shard: 'admin' });
    expect(findDomainRoute('/admin')).toBeUndefined();
    expect(findDomainRoute('/admin/assets/admin-AB12.js')).toBeUndefined();
  });
});

describe('the cookie of an admin', () => {
  it('is for the admin page of this site alone', () => {
    expect(adminCookie(TOKEN, true)).toBe(`__Host-aerogram_admin=${TOKEN}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure`);
    expect(adminCookie(undefined, false)).toBe('aerogram_admin=; Path=/admin; HttpOnly; SameSite=Strict; Max-Age=0');
  });

  it('is found among others', () => {
    expect(readAdminCookie(`a=b; aerogram_admin=${TOKEN}; c`, false)).toBe(TOKEN);
    expect(readAdminCookie(`__Host-aerogram_admin=${TOKEN}; aerogram_admin=other`, true)).toBe(TOKEN);
    // Another host of the domain can set this name.
    expect(readAdminCookie(`aerogram_admin=${TOKEN}`, true)).toBeUndefined();
    for (const header of [undefined, '', 'aerogram_admin=', `xaerogram_admin=${TOKEN}`, 'aerogram_admin=<b>'.padEnd(40, 'x')]) expect(readAdminCookie(header, false)).toBeUndefined();
  });
});

/** A page of metrics in which each sample has its type before it. */
const withTypes = (samples: readonly string[]): string => samples.filter((line) => !line.startsWith('#')).map((sample) => `# TYPE ${/^\w+/.exec(sample)![0]} gauge\n${sample}`).join('\n');

describe('live numbers', () => {
  it('are sums of the metrics of all processes', () => {
    const page = [
      '# TYPE aerogram_connections gauge',
      'aerogram_connections{transport="tcp"} 3',
      'aerogram_connections{transport="ws"} 2',
      'aerogram_rpc_calls_total{method="messages.sendMessage",outcome="ok"} 5',
      'aerogram_rpc_calls_total{method="messages.getHistory",outcome="ok"} 7',
      'aerogram_rpc_call_seconds_sum{method="x"} 0.5',
      'aerogram_rpc_call_seconds_count{method="x"} 12',
      'aerogram_pushes_total{outcome="sent"} 9',
    ];
    const one = readLiveNumbers(page.join('\n'), 17);
    expect(one).toMatchObject({ at_ms: 17, connections: 5, messages: 5, calls: 12, call_seconds: 0.5, pushes: 9, jobs: 0, disk_free_bytes: null, backup_age_seconds: null });
    const more = [
      'aerogram_process_uptime_seconds 30',
      'aerogram_process_memory_bytes{kind="rss"} 100',
      'aerogram_process_memory_bytes{kind="heapUsed"} 50',
      'aerogram_message_delivery_seconds_bucket{le="0.005"} 3',
      'aerogram_message_delivery_seconds_count 3',
      'aerogram_message_delivery_seconds_sum 0.25',
    ];
    const ofSupervisor = ['aerogram_process_uptime_seconds 60', 'aerogram_disk_free_bytes 7', 'aerogram_backup_age_seconds 3600'];
    const merged = mergeMetrics(new Map([['worker-1', withTypes([...page, ...more])], ['worker-2', withTypes([...page, ...more])], ['supervisor', withTypes(ofSupervisor)]]));
    expect(readLiveNumbers(merged, 17)).toEqual({
      at_ms: 17,
      processes: 3,
      connections: 10,
      sessions: 0,
      messages: 10,
      calls: 24,
      call_seconds: 1,
      pushes: 18,
      deliveries: 6,
      delivery_seconds: 0.5,
      jobs: 0,
      memory_bytes: 200,
      disk_free_bytes: 7,
      backup_age_seconds: 3600,
    });
  });
});
