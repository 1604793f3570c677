import type { ServerFile } from '@aerogram/runtime';

/** How to connect one client to this server: text to paste, or to replace in its source. */
export interface ClientSettings {
  /** Short name for the command line. */
  client: 'mtcute' | 'gramjs' | 'telethon' | 'tdlib' | 'tdesktop';
  title: string;
  /** What to do with the text, in one sentence. */
  note: string;
  language: 'js' | 'python' | 'cpp';
  text: string;
}

/** The input of the settings, contained in `server.json`. */
export type ClientSettingsSource = Pick<ServerFile, 'dc_id' | 'mtproto' | 'public_keys'>;

/** Number and hash of an app, which the texts use. Servers take any, unless their operator has listed some. */
export const EXAMPLE_APP = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' } as const;

function mtcute({ dc_id, mtproto, public_keys }: ClientSettingsSource): ClientSettings {
  return {
    client: 'mtcute',
    title: 'mtcute (npm i @mtcute/node)',
    note: 'Logs in, and signs up first where the number has no account yet.',
    language: 'js',
    text: `import { MemoryStorage, TelegramClient } from '@mtcute/node'
import { NodeCryptoProvider, addPublicKey } from '@mtcute/node/utils.js'

const crypto = new NodeCryptoProvider()
await crypto.initialize()
${public_keys.map(({ pem }) => `addPublicKey(crypto, \`${pem.trim()}\`)`).join('\n')}

const dc = { id: ${dc_id}, ipAddress: '${mtproto.host}', port: ${mtproto.port} }
const app = { apiId: ${EXAMPLE_APP.apiId}, apiHash: '${EXAMPLE_APP.apiHash}' }
const tg = new TelegramClient({
  ...app,
  crypto,
  storage: new MemoryStorage(), // or the name of a file
  defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
})

const phoneNumber = await tg.input('Phone: ')
const { phoneCodeHash } = await tg.call({ _: 'auth.sendCode', phoneNumber, ...app, settings: { _: 'codeSettings' } })
const phoneCode = await tg.input('Code: ')
let auth = await tg.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash, phoneCode })
if (auth._ === 'auth.authorizationSignUpRequired') {
  auth = await tg.call({ _: 'auth.signUp', phoneNumber, phoneCodeHash, firstName: 'Alice', lastName: '' })
}
await tg.notifyLoggedIn(auth)
await tg.sendText('me', 'Hello from mtcute')
await tg.destroy()
`,
  };
}

function gramjs({ dc_id, mtproto, public_keys }: ClientSettingsSource): ClientSettings {
  const keys = public_keys.map(({ pem, fingerprint }) => `addServerKey('${fingerprint}', \`${pem.trim()}\`)`);
  return {
    client: 'gramjs',
    title: 'GramJS (npm i telegram)',
    note: 'GramJS dials ports 80 and 443 only; a connection class of one\'s own says otherwise.',
    language: 'js',
    text: `import { createPublicKey } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import bigInt from 'big-integer'
import { TelegramClient } from 'telegram'
import { _serverKeys } from 'telegram/crypto/RSA.js'
import { ConnectionTCPObfuscated } from 'telegram/network/index.js'
import { StringSession } from 'telegram/sessions/index.js'

function addServerKey(fingerprint, key) {
  const { n, e } = createPublicKey({ key, type: 'pkcs1', format: 'pem' }).export({ format: 'jwk' })
  const number = (text) => bigInt(Buffer.from(text, 'base64url').toString('hex'), 16)
  _serverKeys.set(fingerprint, { n: number(n), e: Number(number(e)) })
}
${keys.join('\n')}

class Connection extends ConnectionTCPObfuscated {
  constructor(options) {
    super({ ...options, port: ${mtproto.port} })
  }
}

const session = new StringSession('')
session.setDC(${dc_id}, '${mtproto.host}', 443) // the class above knows the true port
const client = new TelegramClient(session, ${EXAMPLE_APP.apiId}, '${EXAMPLE_APP.apiHash}', { connection: Connection })
const terminal = createInterface({ input: process.stdin, output: process.stdout })
await client.start({
  phoneNumber: () => terminal.question('Phone: '),
  phoneCode: () => terminal.question('Code: '),
  firstAndLastNames: async () => ['Alice', ''], // for a number without an account
  onError: console.error,
})
await client.sendMessage('me', { message: 'Hello from GramJS' })
await client.destroy()
terminal.close()
`,
  };
}

function telethon({ dc_id, mtproto, public_keys }: ClientSettingsSource): ClientSettings {
  return {
    client: 'telethon',
    title: 'Telethon 1.25 (apt install python3-telethon)',
    note: 'Logs in, and signs up first where the number has no account yet.',
    language: 'python',
    text: `import asyncio
from telethon import TelegramClient, errors
from telethon.crypto import rsa
from telethon.sessions import StringSession

${public_keys.map(({ pem }) => `rsa.add_key("""${pem.trim()}""", old=False)`).join('\n')}


async def main():
    session = StringSession()
    session.set_dc(${dc_id}, "${mtproto.host}", ${mtproto.port})
    client = TelegramClient(session, ${EXAMPLE_APP.apiId}, "${EXAMPLE_APP.apiHash}")
    await client.connect()
    phone = input("Phone: ")
    await client.send_code_request(phone)
    code = input("Code: ")
    try:
        await client.sign_in(phone, code)
    except errors.PhoneNumberUnoccupiedError:
        await client.sign_up(code, "Alice", phone=phone)
    await client.send_message("me", "Hello from Telethon")
    await client.disconnect()


asyncio.run(main())
`,
  };
}

/** Formats a key as lines of a C string. */
function toCString(pem: string, indent: string): string {
  return pem
    .trim()
    .split('\n')
    .map((line, index, lines) => `${indent}"${line}${index === lines.length - 1 ? '' : '\\n'}"`)
    .join('\n');
}

function tdlib({ mtproto, public_keys }: ClientSettingsSource): ClientSettings {
  const pems = public_keys.map(({ pem }) => `      add_pem(keys,\n${toCString(pem, '              ')});`);
  return {
    client: 'tdlib',
    title: 'TDLib, and what is built on it',
    note: 'Address and key are compiled in: replace these two places of its source, then build it.',
    language: 'cpp',
    text: `// td/telegram/net/PublicRsaKeySharedMain.cpp, PublicRsaKeySharedMain::create():
// in place of the add_pem() calls of the branch for the main servers (the one without is_test)
${pems.join('\n')}

// td/telegram/net/ConnectionCreator.cpp, ConnectionCreator::get_default_dc_options():
// in place of "vector<int> ports = …" and of the add_ip_ports() calls for the main servers (and those for IPv6)
  vector<int> ports = {${mtproto.port}};
${[1, 2, 3, 4, 5].map((id) => `  add_ip_ports(${id}, {"${mtproto.host}"}, ports);`).join('\n')}
`,
  };
}

function tdesktop({ mtproto, public_keys }: ClientSettingsSource): ClientSettings {
  const pems = public_keys.map(({ pem }) => toCString(pem, '\t'));
  return {
    client: 'tdesktop',
    title: 'Telegram Desktop',
    note: 'Address and key are compiled in: replace these arrays in Telegram/SourceFiles/mtproto/mtproto_dc_options.cpp, then build it.',
    language: 'cpp',
    text: `const BuiltInDc kBuiltInDcs[] = {
${[1, 2, 3, 4, 5].map((id) => `\t{ ${id}, "${mtproto.host}", ${mtproto.port} },`).join('\n')}
};

// Take the official addresses out of kBuiltInDcsIPv6 too: leave one entry with an IPv6 address
// of this server, or drop the loop over it in DcOptions::constructFromBuiltIn().

const char *kPublicRSAKeys[] = {
${pems.join(',\n')}
};
`,
  };
}

/** Settings for every supported client. */
export function listClientSettings(source: ClientSettingsSource): ClientSettings[] {
  return [mtcute(source), gramjs(source), telethon(source), tdlib(source), tdesktop(source)];
}
