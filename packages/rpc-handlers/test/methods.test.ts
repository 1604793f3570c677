import { readdirSync } from 'node:fs';
import { METHODS } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { hashOf } from '../src/hash-of.ts';
import { numbersOfReaction } from '../src/hash-of-reactions.ts';
import { projectCountries } from '../src/help/project-countries.ts';
import { projectDcOptions, projectOtherDcs } from '../src/help/project-dc-options.ts';
import { methods, refusedMethods } from '../src/index.ts';

describe('methods', () => {
  it('are registered once each, by names in the schema', () => {
    const names = methods.map((method) => method.method);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(METHODS).toHaveProperty([name]);
  });

  it('are in files with their name, and every such file is registered', () => {
    const folder = new URL('../src/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replace('/', '.').replace(/\.ts$/, ''));
    const named = files.filter((name) => Object.hasOwn(METHODS, name));
    expect(methods.map(({ method }) => method).sort()).toEqual(named.sort());
  });

  it('are not among those that are refused for good, which are in the schema, too', () => {
    expect(methods.filter(({ method }) => refusedMethods.has(method))).toEqual([]);
    for (const name of refusedMethods.keys()) expect(METHODS).toHaveProperty([name]);
    expect(refusedMethods.size).toBe(45);
  });

  it('that a key may call whose user lives in another data centre are those of guests: for texts, settings and log-in', () => {
    const elsewhere = methods.filter(({ callers }) => callers.has('guest')).map(({ method }) => method);
    expect(elsewhere.filter((name) => !/^(?:help|langpack|auth)\./.test(name))).toEqual(['account.sendVerifyEmailCode', 'account.verifyEmail']);
    for (const name of ['auth.importAuthorization', 'auth.logOut', 'auth.bindTempAuthKey', 'help.getConfig', 'langpack.getStrings']) expect(elsewhere).toContain(name);
  });

  it('that send show that their caller is online', () => {
    const silent = methods.filter(({ repeat, presence }) => repeat === 'random_id' && presence !== 'acting').map(({ method }) => method);
    expect(silent).toEqual([]);
  });

  it('that carry parts of files, or ask for them, count the bytes', () => {
    const parts = new Set<string>(['upload.saveFilePart', 'upload.saveBigFilePart', 'upload.getFile', 'upload.getWebFile', 'upload.getCdnFile', 'upload.reuploadCdnFile']);
    expect(methods.filter(({ method, part }) => parts.has(method) && !part).map(({ method }) => method)).toEqual([]);
  });

  it('that change something in a maintenance are those by which people log in, connect and end devices, notes of what was read, and what the devices of a call say to each other', () => {
    const names = methods.filter(({ repeat, inMaintenance }) => repeat !== 'read' && inMaintenance).map(({ method }) => method);
    expect(names.sort()).toEqual([
      'account.resetAuthorization',
      'account.sendVerifyEmailCode',
      'account.updateStatus',
      'account.verifyEmail',
      'auth.acceptLoginToken',
      'auth.bindTempAuthKey',
      'auth.cancelCode',
      'auth.checkPassword',
      'auth.checkRecoveryPassword',
      'auth.dropTempAuthKeys',
      'auth.exportAuthorization',
      'auth.exportLoginToken',
      'auth.finishPasskeyLogin',
      'auth.importAuthorization',
      'auth.importBotAuthorization',
      'auth.importLoginToken',
      'auth.importWebTokenAuthorization',
      'auth.initPasskeyLogin',
      'auth.logOut',
      'auth.reportMissingCode',
      'auth.requestFirebaseSms',
      'auth.requestPasswordRecovery',
      'auth.resendCode',
      'auth.resetAuthorizations',
      'auth.sendCode',
      'auth.signIn',
      'help.saveAppLog',
      'messages.getWebPage',
      'messages.getWebPagePreview',
      'messages.reportMessagesDelivery',
      'phone.sendSignalingData',
      'upload.reuploadCdnFile',
    ]);
  });

  it('let guests only log in, set up an e-mail address for that, and read what they need for it', () => {
    const guests = methods.filter((method) => method.callers.has('guest')).map((method) => method.method);
    for (const name of guests) expect(name).toMatch(/^(auth|help|langpack)\.|^account\.(sendVerifyEmailCode|verifyEmail)$/);
  });
});

describe('dc options', () => {
  const config = { dcIds: [1, 2], publicAddress: undefined, publicAddressV6: undefined, publicPort: 0 };
  it('contain the address that the client connected to, for every DC', () => {
    const options = projectDcOptions(config, { localAddress: '::ffff:127.0.0.1', localPort: 4430 });
    expect(options).toMatchObject([
      { id: 1, ip_address: '127.0.0.1', port: 4430, ipv6: undefined },
      { id: 2, ip_address: '127.0.0.1', port: 4430 },
    ]);
  });
  it('contain the configured addresses instead', () => {
    const options = projectDcOptions(
      { ...config, dcIds: [2], publicAddress: '192.0.2.1', publicAddressV6: '2001:db8::1', publicPort: 443 },
      { localAddress: '10.0.0.1', localPort: 4430 },
    );
    expect(options).toMatchObject([
      { id: 2, ip_address: '192.0.2.1', port: 443 },
      { id: 2, ip_address: '2001:db8::1', port: 443, ipv6: true },
    ]);
  });
});

describe('dc options of other data centres', () => {
  it('say where each is', () => {
    const others = [{ dc: 1, host: '192.0.2.1', port: 443, webAddress: '' }, { dc: 3, host: '2001:db8::1', port: 4430, webAddress: '' }];
    expect(projectOtherDcs(others)).toEqual([{ _: 'dcOption', id: 1, ip_address: '192.0.2.1', port: 443, ipv6: undefined }, { _: 'dcOption', id: 3, ip_address: '2001:db8::1', port: 4430, ipv6: true }]);
  });
});

describe('countries', () => {
  it('have one entry each, with codes of digits only', () => {
    const countries = projectCountries('de');
    expect(new Set(countries.map((country) => country.iso2)).size).toBe(countries.length);
    expect(countries.length).toBeGreaterThan(200);
    for (const { country_codes } of countries) for (const { country_code } of country_codes) expect(country_code).toMatch(/^\d{1,3}$/);
    expect(countries.find((country) => country.iso2 === 'DE')).toMatchObject({ default_name: 'Germany', name: 'Deutschland' });
    expect(projectCountries('no such!').length).toBe(countries.length);
  });
});

describe('list hashes', () => {
  it('are computed as documented', () => {
    expect(hashOf([])).toBe(0n);
    expect(hashOf([7n])).toBe(7n);
    // Computed independently from https://core.telegram.org/api/offsets#hash-generation
    expect(hashOf([2n, 5n, 1n << 40n])).toBe(1131584564527239n);
  });

  it('of reactions are equal to those that TDLib computes', () => {
    const numbersOf = (emoticon: string): bigint[] => numbersOfReaction({ _: 'reactionEmoji', emoticon });
    expect(hashOf(numbersOf('❤'))).toBe(2059011930n);
    expect(numbersOf('❤️')).toEqual(numbersOf('❤'));
    expect(numbersOf('🔥')[1]).toBeGreaterThan(1n << 63n);
    expect(numbersOfReaction({ _: 'reactionCustomEmoji', document_id: 5_269_590_556_232_664_327n })).toEqual([1_226_922_161n, 17_671n]);
  });
});
