import { expect, test } from 'vitest';

import { unwrapRequest } from '../src/unwrap.ts';

test('the names of devices and apps are one short line without marks that turn the direction of text', () => {
  const { init } = unwrapRequest({
    _: 'initConnection',
    api_id: 7,
    device_model: 'Phone\n\nThis was you.\u202e',
    system_version: '\u0000\n1',
    app_version: 'x'.repeat(1000),
    system_lang_code: '\u200b',
    lang_pack: '',
    lang_code: 'en',
    query: { _: 'help.getConfig' },
  });
  expect(init).toEqual({ apiId: 7, deviceModel: 'Phone This was you.', systemVersion: '1', appVersion: 'x'.repeat(256), systemLangCode: '', langPack: '', langCode: 'en' });
});
