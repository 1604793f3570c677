import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, configUsage, findIdleSettings, isLoopbackHost, loadConfig, SETTINGS } from '@aerogram/runtime';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig([], {})).toMatchObject({
      dataDir: './data',
      port: 4430,
      httpPort: 8080,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dcIds: [1, 2, 3, 4, 5],
      homeDcId: 2,
      testMode: true,
      testAnywhere: false,
      testDc: false,
    });
  });

  it('reads relays of calls, with and without ports, by address and by name', () => {
    const read = (AEROGRAM_TURN_URLS: string) => loadConfig([], { AEROGRAM_TURN_URLS }).turnUrls;
    expect(read('turn:192.0.2.7, stun:calls.example.org:5349,turn:[2001:db8::7]:3479')).toEqual([
      { kind: 'turn', host: '192.0.2.7', port: 3478 }, { kind: 'stun', host: 'calls.example.org', port: 5349 }, { kind: 'turn', host: '2001:db8::7', port: 3479 },
    ]);
    for (const wrong of ['192.0.2.7', 'turn:', 'turn:192.0.2.7:0', 'turns:192.0.2.7', 'turn:[192.0.2.7]', 'turn:user@host']) expect(() => read(wrong), wrong).toThrow(ConfigError);
  });

  it('lets a flag win over the environment and treats an empty variable as not set', () => {
    const env = { AEROGRAM_PORT: '1', AEROGRAM_HTTP_PORT: '2', AEROGRAM_HOST: '' };
    expect(loadConfig(['--port', '0', '--data-dir=/x'], env)).toMatchObject({
      port: 0,
      httpPort: 2,
      host: '127.0.0.1',
      dataDir: '/x',
    });
  });

  it.each([
    ['AEROGRAM_PORT', 'x'],
    ['AEROGRAM_PORT', '65536'],
    ['AEROGRAM_ROLES', 'gateway,cook'],
    ['AEROGRAM_ROLES', 'gateway'],
    ['AEROGRAM_DC_IDS', '1,6'],
    ['AEROGRAM_DC_IDS', '1,1'],
    ['AEROGRAM_DC_IDS', ','],
    ['AEROGRAM_DC_LINK_ADDRESS', 'dc1.example.org'],
    ['AEROGRAM_DC_LINK_ADDRESS', '2001:db8::1:4440'],
    ['AEROGRAM_DC_LINK_ADDRESS', '[dc1]:4440'],
    ['AEROGRAM_DC_LINK_ADDRESS', 'dc1:65536'],
    ['AEROGRAM_PUBLIC_ADDRESS', 'example.org'],
    ['AEROGRAM_PUBLIC_ADDRESS', '0.0.0.0'],
    ['AEROGRAM_PUBLIC_ADDRESS_V6', '127.0.0.1'],
    ['AEROGRAM_TEST_DC', 'maybe'],
    ['AEROGRAM_DATABASE_URL', 'mysql://x'],
    ['AEROGRAM_ALLOWED_APPS', '1:zz'],
    ['AEROGRAM_LOG_LEVEL', 'loud'],
    ['AEROGRAM_WEB_ORIGINS', 'https://chat.example.org/path'],
    ['AEROGRAM_WEB_ORIGINS', 'chat.example.org'],
    ['AEROGRAM_TRUSTED_PROXIES', 'proxy.example.org'],
    ['AEROGRAM_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['AEROGRAM_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['AEROGRAM_TRUSTED_PROXIES', 'fe80::1%eth0'],
    ['AEROGRAM_TRUSTED_PROXIES', '::/0'],
    ['AEROGRAM_TRUSTED_PROXIES', '::ffff:10.0.0.0/104'],
    ['AEROGRAM_TRUSTED_PROXIES', Array.from({ length: 257 }, (_, n) => `10.0.${n >> 8}.${n & 255}`).join()],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => loadConfig([], { [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig([], { [name]: value })).toThrow(name);
  });

  it('reads a host with a port, and takes defaults of the caller only for what is not named', () => {
    expect(loadConfig([], { AEROGRAM_DC_LINK_ADDRESS: 'dc1.example.org:4440' }).dcLinkAddress).toEqual({ host: 'dc1.example.org', port: 4440 });
    expect(loadConfig([], { AEROGRAM_DC_LINK_ADDRESS: '[2001:db8::1]:4440' }).dcLinkAddress).toEqual({ host: '2001:db8::1', port: 4440 });
    expect(loadConfig(['--port', '0'], {}, { port: '1', httpPort: '2' })).toMatchObject({ port: 0, httpPort: 2 });
  });

  it('refuses what the example of the settings has in place of values', () => {
    const example = readFileSync(new URL('../../../deploy/aerogram.env.example', import.meta.url), 'utf8');
    const env = Object.fromEntries(Array.from(example.matchAll(/^(AEROGRAM_\w+)=(.*)$/gm), ([, name, value]) => [name, value]));
    expect(() => loadConfig([], env)).toThrow('AEROGRAM_PUBLIC_ADDRESS still has the placeholder of the example, <the address of this machine>');
    const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value).startsWith('<') ? (name.includes('ADDRESS') ? '192.0.2.7' : name.includes('DOMAIN') ? 'chat.example.org' : 'https://chat.example.org') : String(value)]));
    expect(loadConfig([], filled).publicAddress).toBe('192.0.2.7');
  });

  it('refuses an unknown variable, and names the one that was probably meant', () => {
    expect(() => loadConfig([], { AEROGRAM_DATABSE_URL: 'postgres://localhost/x' })).toThrow('AEROGRAM_DATABSE_URL is not a setting; did you mean AEROGRAM_DATABASE_URL?');
    expect(() => loadConfig([], { AEROGRAM_WORKER: '2', AEROGRAM_FROBNICATE: '1' })).toThrow(/WORKER is not a setting; did you mean AEROGRAM_WORKERS\?\nAEROGRAM_FROBNICATE is not a setting\n/);
    expect(loadConfig([], { AEROGRAM_WORKER: '', AEROGRAM_TEST_ENGINE: '15', OTHER_AEROGRAM_X: '1' }).workers).toBe(1);
  });

  it('does not show a secret in an error, and refuses unknown flags', () => {
    expect(() => loadConfig([], { AEROGRAM_DATABASE_URL: 'hunter2' })).toThrow(/^(?!.*hunter2)/s);
    expect(() => loadConfig(['--prot', '1'], {})).toThrow(/--prot/);
    expect(configUsage()).toContain('--http-port 8080');
  });

  it('shows neither master keys nor the command that prints them, which may contain what opens a key service', () => {
    const secret = Object.values(SETTINGS).filter((setting) => setting.secret).map(({ env }) => env);
    expect(secret).toEqual(expect.arrayContaining(['AEROGRAM_MASTER_KEYS', 'AEROGRAM_MASTER_KEYS_COMMAND']));
  });

  it('enables test mode only if nobody else can reach the server', () => {
    const mode = (env: Record<string, string>): boolean => loadConfig([], env).testMode;
    const database = { AEROGRAM_DATABASE_URL: 'postgres://localhost/x' };
    expect(mode({})).toBe(true);
    expect(mode(database)).toBe(false);
    expect(mode({ ...database, AEROGRAM_TEST_MODE: '1' })).toBe(true);
    expect(mode({ AEROGRAM_HOST: '0.0.0.0' })).toBe(false);
    expect(mode({ AEROGRAM_TEST_MODE: '0' })).toBe(false);
    expect(mode({ AEROGRAM_HOST: '0.0.0.0', AEROGRAM_TEST_MODE: 'force' })).toBe(true);
    expect(() => mode({ AEROGRAM_HOST: '0.0.0.0', AEROGRAM_TEST_MODE: '1' })).toThrow('AEROGRAM_TEST_MODE');
    const away: Record<string, string> = { AEROGRAM_PUBLIC_ADDRESS: '192.0.2.1', AEROGRAM_PUBLIC_ADDRESS_V6: '2001:db8::1', AEROGRAM_WEB_ADDRESS: 'https://chat.example.org', AEROGRAM_WEB_ORIGINS: 'http://localhost:5173,https://chat.example.org' };
    for (const [name, value] of Object.entries(away)) {
      expect(loadConfig([], { [name]: value }), name).toMatchObject({ testMode: false, isLocalOnly: false });
      expect(() => mode({ [name]: value, AEROGRAM_TEST_MODE: '1' })).toThrow(`by what ${name} says`);
      expect(loadConfig([], { [name]: value, AEROGRAM_TEST_MODE: 'force' })).toMatchObject({ testMode: true, testAnywhere: true });
    }
    const here = { AEROGRAM_PUBLIC_ADDRESS: '127.0.0.1', AEROGRAM_PUBLIC_ADDRESS_V6: '::1', AEROGRAM_WEB_ADDRESS: 'http://[::1]:8080', AEROGRAM_WEB_ORIGINS: 'http://localhost:5173' };
    expect(loadConfig([], here)).toMatchObject({ testMode: true, testAnywhere: false, isLocalOnly: true });
    const proxies = { AEROGRAM_TRUSTED_PROXIES: '127.0.0.1' };
    expect([loadConfig([], {}).isLocalOnly, loadConfig([], proxies).isLocalOnly, mode(proxies)]).toEqual([true, false, false]);
    expect(() => mode({ ...proxies, AEROGRAM_TEST_MODE: '1' })).toThrow('127.0.0.1 (AEROGRAM_HOST) can be reached from other machines by what AEROGRAM_TRUSTED_PROXIES says');
  });

  it('reads trusted proxies, none by default, and names a bad one', () => {
    expect(loadConfig([], {}).trustedProxies).toEqual([]);
    const read = (text: string): unknown => loadConfig([], { AEROGRAM_TRUSTED_PROXIES: text }).trustedProxies;
    expect(read(' 192.0.2.7, 2001:db8::/64,')).toEqual([{ address: '192.0.2.7', prefix: 32 }, { address: '2001:db8::', prefix: 64 }]);
    expect(() => read('192.0.2.7,10.1/8')).toThrow('must be addresses, or address/prefix, not "10.1/8"');
    expect(() => read('0.0.0.0/0')).toThrow('would trust every address by "0.0.0.0/0": name the addresses of the proxies');
  });

  it('wants certificate and key for TLS, and one process', () => {
    const pair = { AEROGRAM_TLS_CERT: 'cert.pem', AEROGRAM_TLS_KEY: 'key.pem' };
    expect(loadConfig([], pair)).toMatchObject({ tlsCert: 'cert.pem', tlsKey: 'key.pem' });
    expect(() => loadConfig([], { AEROGRAM_TLS_KEY: 'key.pem' })).toThrow('AEROGRAM_TLS_CERT and AEROGRAM_TLS_KEY need each other');
    expect(() => loadConfig([], { ...pair, AEROGRAM_WORKERS: '2' })).toThrow('AEROGRAM_TLS_CERT cannot be used with more than one worker');
  });

  it('reads how often backups are made, and wants them outside of the data directory', () => {
    expect(loadConfig([], {})).toMatchObject({ backupDir: undefined, backupEveryMs: 86_400_000, backupKeep: 7 });
    for (const [text, ms] of [['90m', 5_400_000], ['12h', 43_200_000], ['60s', 60_000]] as const) expect(loadConfig([], { AEROGRAM_BACKUP_EVERY: text }).backupEveryMs).toBe(ms);
    for (const text of ['30s', '367d', '12', '-1d', '1.5h', 'h']) expect(() => loadConfig([], { AEROGRAM_BACKUP_EVERY: text })).toThrow(/^AEROGRAM_BACKUP_EVERY .* must be /);
    const load = (dir: string): unknown => loadConfig(['--data-dir', '/srv/data'], { AEROGRAM_BACKUP_DIR: dir });
    for (const dir of ['/srv/data', '/srv/data/backups', '/srv/data/../data/b', '/srv/data/..b']) expect(() => load(dir)).toThrow('must not be in the data directory /srv/data');
    for (const dir of ['/srv/backups', '/srv/data-backups', '/srv']) expect(() => load(dir)).not.toThrow();
  });

  it('takes a database by host or by socket', () => {
    const forms = ['postgres://me:pw@db:5433/chat', 'postgresql:///chat?host=/run/postgresql', 'postgresql://me@/chat?host=/run/postgresql&port=5433', 'postgres://me@%2Frun%2Fpostgresql/chat', 'postgres://me@/chat'];
    for (const url of forms) expect(loadConfig([], { AEROGRAM_DATABASE_URL: url }).databaseUrl).toBe(url);
    for (const url of ['mysql://me@db/chat', 'postgres://', '/run/postgresql']) expect(() => loadConfig([], { AEROGRAM_DATABASE_URL: url })).toThrow('postgres://user@/database?host=/run/postgresql');
  });

  it('knows which settings do not apply to an external database', () => {
    const set = { AEROGRAM_BACKUP_DIR: '/srv/backups', AEROGRAM_BALLAST_BYTES: '0', AEROGRAM_WAL_ARCHIVE_DAYS: '9', AEROGRAM_MIN_FREE_PERCENT: '7' };
    const external = { AEROGRAM_DATABASE_URL: 'postgres://db/aerogram' };
    expect(findIdleSettings(loadConfig([], set))).toEqual({ idle: [], filesOnly: [] });
    expect(findIdleSettings(loadConfig([], external))).toEqual({ idle: [], filesOnly: [] });
    expect(findIdleSettings(loadConfig([], { ...set, ...external }))).toEqual({ idle: ['AEROGRAM_WAL_ARCHIVE_DAYS', 'AEROGRAM_BACKUP_DIR', 'AEROGRAM_BALLAST_BYTES'], filesOnly: ['AEROGRAM_MIN_FREE_PERCENT'] });
  });

  it('uses the lowest DC as home if 2 is not served', () => {
    expect(loadConfig([], { AEROGRAM_DC_IDS: '5,4' }).homeDcId).toBe(4);
  });

  it('names each variable once', () => {
    const names = Object.values(SETTINGS).map((setting) => setting.env);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^AEROGRAM_[A-Z0-9_]+$/.test(name))).toBe(true);
  });
});

describe('isLoopbackHost', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1'])('%s is', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.org', '128.0.0.1'])('%s is not', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
