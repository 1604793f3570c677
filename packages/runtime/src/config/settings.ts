import { parseOrigin, parseProxyNetwork } from './address.ts';
import { BACKUP_SETTINGS } from './backup-settings.ts';
import { BOT_SETTINGS } from './bot-settings.ts';
import { CHAT_SETTINGS } from './chat-settings.ts';
import { DC_SETTINGS } from './dc-settings.ts';
import { FACE_SETTINGS } from './face-settings.ts';
import { FETCH_SETTINGS } from './fetch-settings.ts';
import { FILE_SETTINGS } from './file-settings.ts';
import { NODE_SETTINGS } from './node-settings.ts';
import { CALL_SETTINGS } from './call-settings.ts';
import { NOTICE_SETTINGS } from './notice-settings.ts';
import { OIDC_SETTINGS } from './oidc-settings.ts';
import { SIGN_UP_SETTINGS } from './sign-up-settings.ts';
import { TLS_SETTINGS } from './tls-settings.ts';
import { TRACE_SETTINGS } from './trace-settings.ts';
import {
  addressSetting,
  choiceSetting,
  databaseUrlSetting,
  flagSetting,
  intSetting,
  listSetting,
  optionalTextSetting,
  textSetting,
  urlSetting,
} from './setting-types.ts';

/** The roles that a process can have, as far as implemented. */
export const ROLES = ['gateway', 'rpc', 'jobs'] as const;

/** The highest DC id that clients know. */
const MAX_DC_ID = 5;

/** All settings of the program, in the order of docs/config.md. The key is the field of `Config`; nothing else reads the environment. */
export const SETTINGS = {
  dataDir: textSetting({
    env: 'AEROGRAM_DATA_DIR',
    flag: 'data-dir',
    default: './data',
    doc: 'Directory of the embedded database, the keys, the files of users, server.json, and database.json, which names the database that the server belongs to.',
  }),
  host: textSetting({
    env: 'AEROGRAM_HOST',
    flag: 'host',
    default: '127.0.0.1',
    doc: 'Address to listen on, for both ports.',
  }),
  port: intSetting({
    env: 'AEROGRAM_PORT',
    flag: 'port',
    default: 4430,
    min: 0,
    max: 65_535,
    doc: 'MTProto port (TCP, HTTP and WebSocket on the same one); 0 picks a free one.',
  }),
  httpPort: intSetting({
    env: 'AEROGRAM_HTTP_PORT',
    flag: 'http-port',
    default: 8080,
    min: 0,
    max: 65_535,
    doc: 'HTTP port: web client, /about, pages of links (docs/links.md), links to files, /apiws, /healthz, /readyz, /metrics; 0 picks a free one.',
  }),
  roles: listSetting({
    env: 'AEROGRAM_ROLES',
    flag: 'roles',
    default: ROLES.join(','),
    item: ROLES.join(' | '),
    parseItem: (text) => {
      const role = ROLES.find((candidate) => candidate === text);
      if (role === undefined) throw new Error(`knows the roles ${ROLES.join(', ')}, not "${text}"`);
      return role;
    },
    doc: 'What this process does. So far each process does all of it.',
  }),
  workers: intSetting({
    env: 'AEROGRAM_WORKERS',
    flag: 'workers',
    default: 1,
    min: 1,
    max: 64,
    doc: 'Processes that serve clients. With more than one, another process has the database and the ports and starts them again when they end (docs/workers.md).',
  }),
  databaseUrl: databaseUrlSetting({
    env: 'AEROGRAM_DATABASE_URL',
    secret: true,
    doc: 'PostgreSQL 15 or newer to use; without it the embedded database runs in the data directory. Choose before the first start: nothing moves the data later. By a socket: `postgres://user@/database?host=/run/postgresql`, with the directory of the socket.',
  }),
  walArchiveDir: optionalTextSetting({
    env: 'AEROGRAM_WAL_ARCHIVE_DIR',
    doc: 'Directory, best on another disk, that the embedded database copies its log to, at least every minute; with it `aerogram restore --to` reaches any moment after a backup.',
  }),
  walArchiveDays: intSetting({
    env: 'AEROGRAM_WAL_ARCHIVE_DAYS',
    default: 0,
    min: 0,
    max: 36_500,
    doc: 'How long the archived log is kept: only backups younger than this can be restored to a moment after they were made; 0 keeps all of it.',
  }),
  ...BACKUP_SETTINGS,
  ballastBytes: intSetting({
    env: 'AEROGRAM_BALLAST_BYTES',
    default: 268_435_456,
    min: 0,
    max: 68_719_476_736,
    doc: 'Size of the file that is given up when the disk under the embedded database is full, so that it can start again; 0 keeps none.',
  }),
  minFreeBytes: intSetting({
    env: 'AEROGRAM_MIN_FREE_BYTES',
    default: 2_147_483_648,
    min: 0,
    max: 1_125_899_906_842_624,
    doc: 'With less free space than this and AEROGRAM_MIN_FREE_PERCENT, whichever is smaller, the server takes no writes; 0 never refuses. With an external database, it takes no parts of files.',
  }),
  minFreePercent: intSetting({
    env: 'AEROGRAM_MIN_FREE_PERCENT',
    default: 5,
    min: 0,
    max: 100,
    doc: 'See AEROGRAM_MIN_FREE_BYTES; percent of the disk.',
  }),
  databasePoolSize: intSetting({
    env: 'AEROGRAM_DATABASE_POOL_SIZE',
    default: 8,
    min: 2,
    max: 100,
    doc: 'Connections to the database.',
  }),
  publicAddress: addressSetting({
    env: 'AEROGRAM_PUBLIC_ADDRESS',
    family: 4,
    doc: 'IPv4 address that clients are told to connect to; by default the one that the client used.',
  }),
  publicAddressV6: addressSetting({
    env: 'AEROGRAM_PUBLIC_ADDRESS_V6',
    family: 6,
    doc: 'IPv6 address that clients are told to connect to; by default the one that the client used.',
  }),
  publicPort: intSetting({
    env: 'AEROGRAM_PUBLIC_PORT',
    default: 0,
    min: 0,
    max: 65_535,
    doc: 'Port that clients are told to connect to; 0 means the MTProto port.',
  }),
  trustedProxies: listSetting({
    env: 'AEROGRAM_TRUSTED_PROXIES',
    default: '',
    item: 'address or network, such as 192.0.2.7 or 2001:db8::/64',
    most: 256,
    parseItem: parseProxyNetwork,
    doc: 'Reverse proxies that say who their clients are (docs/proxies.md): by `X-Forwarded-For` on the HTTP port; on the MTProto port their connections must begin with a header of the PROXY protocol, version 1 or 2. Nobody else is believed. With any, a loopback address no longer counts as closed to others.',
  }),
  dcIds: listSetting({
    env: 'AEROGRAM_DC_IDS',
    default: '1,2,3,4,5',
    item: 'DC id (1 … 5)',
    parseItem: (text) => {
      const id = Number(text);
      if (!/^\d$/.test(text) || id < 1 || id > MAX_DC_ID) throw new Error(`knows the DC ids 1 to ${MAX_DC_ID}, not "${text}"`);
      return id;
    },
    doc: 'DC ids that this server plays, on one address and one database. Its home is 2, or the lowest when 2 is not among them. In a community of data centres (docs/data-centres.md) a server plays only its own, whatever stands here.',
  }),
  testMode: choiceSetting({
    env: 'AEROGRAM_TEST_MODE',
    choices: ['auto', '1', '0', 'force'],
    default: 'auto',
    doc: 'Whether phone numbers 99966XYYYY log in with the code XXXXX. `auto`: on with the embedded database on a loopback address, without trusted proxies, and if no address for clients, browsers or their pages is set that leads elsewhere. `1` is refused where others reach the server, `force` is not. Except with `force`, requests that a proxy passes on, or that were sent to another host name, cannot use test numbers.',
  }),
  testLimits: flagSetting({
    env: 'AEROGRAM_TEST_LIMITS',
    default: false,
    doc: 'Whether the limits on messages, groups and strangers hold for test numbers as for all others. They can log in as before.',
  }),
  testDc: flagSetting({
    env: 'AEROGRAM_TEST_DC',
    default: false,
    doc: 'Tells clients that this is a test DC (`config.test_mode`); has nothing to do with AEROGRAM_TEST_MODE.',
  }),
  allowedApps: listSetting({
    env: 'AEROGRAM_ALLOWED_APPS',
    default: '',
    secret: true,
    item: 'api_id:api_hash',
    parseItem: (text) => {
      const match = /^(\d{1,10}):([0-9a-f]{32})$/.exec(text);
      if (!match) throw new Error('must be pairs api_id:api_hash, the hash in 32 hexadecimal digits');
      return { apiId: Number(match[1]), apiHash: match[2]! };
    },
    doc: 'Applications that may log in; empty admits any api_id and api_hash.',
  }),
  loginCodeTtlMs: intSetting({
    env: 'AEROGRAM_LOGIN_CODE_TTL_MS',
    default: 300_000,
    min: 10_000,
    max: 86_400_000,
    doc: 'How long a log-in code may be used.',
  }),
  printCodes: choiceSetting({
    env: 'AEROGRAM_PRINT_CODES',
    choices: ['auto', '1', '0'],
    default: 'auto',
    doc: 'Whether codes that have no other way out (AEROGRAM_CODE_HOOK_URL, AEROGRAM_SMTP_URL) are printed on standard output. `auto`: on a terminal, and in test mode unless the output goes to the system\'s journal. `aerogram code <phone>` shows them in any case.',
  }),
  smtpUrl: urlSetting({
    env: 'AEROGRAM_SMTP_URL',
    secret: true,
    protocols: ['smtp:', 'smtps:'],
    doc: 'Mail server for codes by e-mail, with user and password where it wants them; without it see AEROGRAM_PRINT_CODES.',
  }),
  smtpFrom: textSetting({
    env: 'AEROGRAM_SMTP_FROM',
    default: 'Aerogram <noreply@localhost>',
    doc: 'Sender of the e-mails.',
  }),
  loginEmailRequired: flagSetting({
    env: 'AEROGRAM_LOGIN_EMAIL_REQUIRED',
    default: false,
    doc: 'Who logs in with nothing but a phone number names an e-mail address first, which gets the codes from then on; not asked of accounts with a password, and only with AEROGRAM_SMTP_URL.',
  }),
  codeHookUrl: urlSetting({
    env: 'AEROGRAM_CODE_HOOK_URL',
    secret: true,
    protocols: ['http:', 'https:'],
    doc: 'Gateway to the telephone network: log-in codes are posted to it as JSON (docs/log-in.md); without it see AEROGRAM_PRINT_CODES.',
  }),
  codeHookToken: optionalTextSetting({
    env: 'AEROGRAM_CODE_HOOK_TOKEN',
    secret: true,
    doc: 'Bearer token that the gateway is shown.',
  }),
  codeHookWays: listSetting({
    env: 'AEROGRAM_CODE_HOOK_WAYS',
    default: 'sms',
    item: 'sms | call',
    parseItem: (text) => {
      if (text !== 'sms' && text !== 'call') throw new Error(`knows the ways sms and call, not "${text}"`);
      return text;
    },
    doc: 'What the gateway can do with a code, in the order in which it is tried.',
  }),
  ...FETCH_SETTINGS,
  passkeyDomain: textSetting({
    env: 'AEROGRAM_PASSKEY_DOMAIN',
    default: 'localhost',
    doc: 'Domain that passkeys belong to (the WebAuthn relying party): that of the web client. Changing it makes those of before useless.',
  }),
  passkeyOrigins: listSetting({
    env: 'AEROGRAM_PASSKEY_ORIGINS',
    default: '',
    item: 'origin, such as https://example.org or android:apk-key-hash:…',
    parseItem: (text) => text,
    doc: 'Where passkeys may be used besides https:// at the domain itself; localhost may have any port, and http://.',
  }),
  webOrigins: listSetting({
    env: 'AEROGRAM_WEB_ORIGINS',
    default: '*',
    item: 'origin, such as https://chat.example.org, or *',
    parseItem: parseOrigin,
    doc: 'Pages whose scripts may speak MTProto to this server, over HTTP and by WebSocket. `*`: pages from anywhere, as web clients need it that are served elsewhere. The web client of this server need not be named, unless it is opened over http:// by a name other than localhost (SECURITY.md). Programs other than browsers are not held back.',
  }),
  premium: choiceSetting({
    env: 'AEROGRAM_PREMIUM',
    choices: ['self', 'everyone', 'nobody'],
    default: 'self',
    doc: 'Whom users see as subscribers of Telegram Premium, without which official apps hide what is free for everybody here. `self`: themselves, and those who forbid them voice messages, because apps show that of subscribers only. `everyone`: all people. `nobody`: no one.',
  }),
  langDir: optionalTextSetting({
    env: 'AEROGRAM_LANG_DIR',
    doc: 'Directory with language packs of the operator, which apps offer besides English (docs/languages.md); read at the start.',
  }),
  logLevel: choiceSetting({
    env: 'AEROGRAM_LOG_LEVEL',
    flag: 'log-level',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    doc: 'Least severity that is logged, on standard error.',
  }),
  logFormat: choiceSetting({
    env: 'AEROGRAM_LOG_FORMAT',
    choices: ['auto', 'json', 'words'],
    default: 'auto',
    doc: 'How the log is written: a line of JSON for each event, or sentences. With auto, sentences where standard error is a terminal.',
  }),
  ...TRACE_SETTINGS,
  metricsToken: optionalTextSetting({
    env: 'AEROGRAM_METRICS_TOKEN',
    secret: true,
    doc: 'Bearer token that opens /metrics to other machines and through proxies; without it only loopback may read them.',
  }),
  drainTimeoutMs: intSetting({
    env: 'AEROGRAM_DRAIN_TIMEOUT_MS',
    default: 10_000,
    min: 0,
    max: 600_000,
    doc: 'How long a stopping server waits for requests that still run; a node of a cluster (docs/cluster.md) takes 20 s more, over which it closes its connections.',
  }),
  handshakeThreads: intSetting({
    env: 'AEROGRAM_HANDSHAKE_THREADS',
    default: 1,
    min: 1,
    max: 64,
    doc: 'Worker threads for RSA and Diffie-Hellman; each makes about 260 new keys a second.',
  }),
  packetThreads: intSetting({
    env: 'AEROGRAM_PACKET_THREADS',
    default: 0,
    min: 0,
    max: 64,
    doc: 'Worker threads that encrypt and decrypt parts of files in each process; never more than there are cores. 0: one fewer than the cores, divided among the processes (AEROGRAM_WORKERS).',
  }),
  partBufferMib: intSetting({
    env: 'AEROGRAM_PART_BUFFER_MIB',
    default: 64,
    min: 4,
    max: 65_536,
    doc: 'MiB of parts of files that may be on the way in each process at once. Beyond that, accounts take turns.',
  }),
  partMibPerSecond: intSetting({
    env: 'AEROGRAM_PART_MIB_PER_SECOND',
    default: 256,
    min: 1,
    max: 65_536,
    doc: 'MiB of parts of files that one account may send and get in a second, on average over ten seconds.',
  }),
  maxConnections: intSetting({
    env: 'AEROGRAM_MAX_CONNECTIONS',
    default: 100_000,
    min: 1,
    max: 10_000_000,
    doc: 'Open sockets on the MTProto and HTTP ports together.',
  }),
  maxConnectionsPerAddress: intSetting({
    env: 'AEROGRAM_MAX_CONNECTIONS_PER_ADDRESS',
    default: 1_000,
    min: 1,
    max: 1_000_000,
    doc: 'Open sockets from one address (IPv6: from one /64); loopback and AEROGRAM_TRUSTED_PROXIES are exempt.',
  }),
  maxHandshakesPerAddress: intSetting({
    env: 'AEROGRAM_MAX_HANDSHAKES_PER_ADDRESS',
    default: 300,
    min: 1,
    max: 1_000_000,
    doc: 'New authorisation keys that one address may ask for in a minute; loopback is exempt.',
  }),
  guestKeyDays: intSetting({
    env: 'AEROGRAM_GUEST_KEY_DAYS',
    default: 30,
    min: 0,
    max: 36_500,
    doc: 'Days after which an authorisation key is removed with which nobody is logged in and no call was made meanwhile; its client then makes another. 0 keeps all of them.',
  }),
  ...FACE_SETTINGS,
  ...BOT_SETTINGS,
  ...NOTICE_SETTINGS,
  ...CALL_SETTINGS,
  ...CHAT_SETTINGS,
  ...FILE_SETTINGS,
  ...NODE_SETTINGS,
  ...DC_SETTINGS,
  ...TLS_SETTINGS,
  ...SIGN_UP_SETTINGS,
  ...OIDC_SETTINGS,
  maxSessionsPerKey: intSetting({
    env: 'AEROGRAM_MAX_SESSIONS_PER_KEY',
    default: 64,
    min: 1,
    max: 10_000,
    doc: 'Live sessions of one authorisation key; the one unused for longest makes room.',
  }),
  idleTimeoutMs: intSetting({
    env: 'AEROGRAM_IDLE_TIMEOUT_MS',
    default: 300_000,
    min: 1_000,
    max: 86_400_000,
    doc: 'A socket on which nothing arrives for so long is closed.',
  }),
  pushQueueBytes: intSetting({
    env: 'AEROGRAM_PUSH_QUEUE_BYTES',
    default: 1_048_576,
    min: 65_536,
    max: 1_073_741_824,
    doc: 'Bytes that may wait for a slow reader; beyond them pushes are dropped and the client is told to fetch the difference.',
  }),
} as const;
