import { optionalTextSetting } from './setting-types.ts';

/** How the HTTP port serves TLS by itself. */
export const TLS_SETTINGS = {
  tlsCert: optionalTextSetting({
    env: 'AEROGRAM_TLS_CERT',
    doc: 'PEM file with the certificate of the HTTP port and those that signed it; with it the port serves https and nothing else. It is read again within a minute after it changes. Browsers withhold the microphone, notifications, the clipboard and passkeys on plain http, except at localhost. Not with several AEROGRAM_WORKERS, which need a proxy for it (docs/proxies.md).',
  }),
  tlsKey: optionalTextSetting({
    env: 'AEROGRAM_TLS_KEY',
    doc: 'PEM file with the private key of AEROGRAM_TLS_CERT.',
  }),
} as const;
