import type { PushSender } from '@aerogram/domain';
import type { Clock, Random } from '@aerogram/runtime';
import type { Resolve } from '@aerogram/web-fetch';

import { type ApnsKey, createApns } from './apns.ts';
import { createFcm, type FcmKey } from './fcm.ts';
import { createPhoneProvider, type PhoneService } from './phone-service.ts';
import type { PushProvider } from './provider.ts';
import { PushHosts, type PushPlaces } from './push-hosts.ts';
import { createRelayClient } from './relay-client.ts';
import { createSimplePushProvider } from './simple-push-provider.ts';
import { Vapid } from './vapid.ts';
import { createWebPushProvider } from './web-push-provider.ts';

/** Keys for the push services of phones. The relay is used only for types of tokens for which there is no own key. */
export interface PhoneKeys {
  fcm?: FcmKey | undefined;
  apns?: ApnsKey | undefined;
  relay?: { address: string; key: string } | undefined;
  /** Whether apps that have given no secret get texts, which their push service can read. */
  isPlain: boolean;
}

/** The services of phones for which there are keys; that of a relay stands last. */
export function createPhoneServices({ hosts, phones: { fcm, apns, relay }, clock }: { hosts: PushHosts; phones: PhoneKeys; clock: Clock }): PhoneService[] {
  return [
    ...(fcm ? [createFcm({ hosts, key: fcm, clock })] : []),
    ...(apns ? [createApns({ key: apns, clock })] : []),
    ...(relay ? [createRelayClient({ hosts, ...relay })] : []),
  ];
}

interface PushSenderOptions {
  /** Secret keys of this server by version; the newest is used. */
  keys: ReadonlyMap<number, Uint8Array>;
  /** How the operator can be reached, for push services. */
  contact: string;
  places: PushPlaces;
  phones: PhoneKeys;
  clock: Clock;
  random: Random;
  resolve?: Resolve;
}

/** Sends notices to the push services of browsers and phones, and to those that only wake an app. */
export function createPushSender({ keys, contact, places, phones, clock, random, resolve }: PushSenderOptions): PushSender {
  const vapid = new Vapid({ secret: keys.get(Math.max(...keys.keys()))!, subject: contact, clock });
  const hosts = new PushHosts({ places, clock, ...(resolve === undefined ? {} : { resolve }) });
  const providers: PushProvider[] = [
    createWebPushProvider({ hosts, vapid, random }),
    createSimplePushProvider({ hosts, clock }),
    ...createPhoneServices({ hosts, phones, clock }).map((service) => createPhoneProvider({ service, isPlain: phones.isPlain, random })),
  ];
  const providerOf = (tokenType: number): PushProvider | undefined => providers.find(({ types }) => types.has(tokenType));
  return {
    publicKey: vapid.publicKey,
    serves: (tokenType) => providerOf(tokenType) !== undefined,
    canCallBack: (tokenType) => providerOf(tokenType)?.canCallBack === true,
    laneOf: ({ tokenType, token }) => providerOf(tokenType)!.laneOf(token),
    send: (target, envelope) => providerOf(target.tokenType)!.send(target, envelope),
    [Symbol.dispose]() {
      for (const provider of providers) provider[Symbol.dispose]();
      hosts[Symbol.dispose]();
    },
  };
}
