import type { tl } from '@aerogram/tl';

import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Acting, ChannelChangeDeps } from './channel-change.ts';
import { ChannelChanger, type ChannelOutcome, type ChannelPlace } from './channel-place.ts';
import { editAbout, editDefaultRights, editPhoto, editTitle, setProtection, setSignatures, setSlowMode } from './channel-settings.ts';
import type { ChannelDeletion } from './delete-channel.ts';
import { setLifetime } from './lifetime.ts';
import { makeGigagroup, removeLook, setColor, setHistoryHidden, setJoinRequest, setJoinToSend, setMainTab, setMembersHidden } from './channel-toggles.ts';
import { checkNameOrder, checkNameToggle, reservePublicName, setPublicName } from './public-name.ts';

/** Operations on the settings of one channel. */
export interface ChannelSettingsDoor {
  /** Throws as {@link editTitle}. */
  doEditTitle(acting: Acting, title: string): Promise<ChannelOutcome>;
  /** Throws as {@link editPhoto}. */
  doEditPhoto(acting: Acting, photo: tl.photo | undefined): Promise<ChannelOutcome>;
  /** Throws as {@link editAbout}. */
  doEditAbout(acting: Acting, about: string): Promise<void>;
  /** Throws as {@link editDefaultRights}. */
  doEditDefaultRights(acting: Acting, rights: tl.chatBannedRights): Promise<ChannelOutcome>;
  /** Throws as {@link setSlowMode}. */
  doSetSlowMode(acting: Acting, seconds: number): Promise<ChannelOutcome>;
  /** Throws as {@link setLifetime}. */
  doSetLifetime(acting: Acting, period: number): Promise<ChannelOutcome>;
  /** Throws as {@link setSignatures}. */
  doSetSignatures(acting: Acting, signatures: { shows: boolean; links: boolean }): Promise<ChannelOutcome>;
  /** Throws as {@link setProtection}. */
  doSetProtection(acting: Acting, enabled: boolean): Promise<ChannelOutcome>;
  /** Throws as {@link setHistoryHidden}. */
  doHideHistory(acting: Acting, isHidden: boolean): Promise<ChannelOutcome>;
  /** Sets the username; '' makes the channel private. Throws as {@link reservePublicName} and {@link setPublicName}. */
  doSetUsername(acting: Acting, username: string): Promise<ChannelOutcome>;
  /** Throws as {@link checkNameToggle}. */
  doToggleUsername(acting: Acting, username: string, active: boolean): Promise<never>;
  /** Throws as {@link checkNameOrder}. */
  doReorderUsernames(acting: Acting, order: readonly string[]): Promise<void>;
  /** Throws as {@link ChannelDeletion.delete}. */
  doDelete(acting: Acting): Promise<ChannelOutcome>;
  /** Throws as {@link setMembersHidden}. */
  doHideMembers(acting: Acting, isHidden: boolean): Promise<ChannelOutcome>;
  /** Throws as {@link setJoinToSend}. */
  doSetJoinToSend(acting: Acting, enabled: boolean): Promise<ChannelOutcome>;
  /** Throws as {@link setJoinRequest}. */
  doSetJoinRequest(acting: Acting, enabled: boolean): Promise<ChannelOutcome>;
  /** Throws as {@link makeGigagroup}. */
  doMakeGigagroup(acting: Acting): Promise<ChannelOutcome>;
  /** Throws as {@link setColor}. */
  doSetColor(acting: Acting, which: 'color' | 'profile_color', color: number | null): Promise<ChannelOutcome>;
  /** Throws as {@link setMainTab}. */
  doSetMainTab(acting: Acting, tab: tl.ProfileTab): Promise<ChannelOutcome>;
  /** Throws as {@link removeLook}. */
  doRemoveLook(acting: Acting): Promise<ChannelOutcome>;
}

/** The dependencies of the settings of channels. */
export interface ChannelSettingsDeps extends ChannelChangeDeps, Pick<DomainDeps, 'clock'> {
  deletion: Pick<ChannelDeletion, 'delete'>;
  config: Pick<DomainConfig, 'adminLogEvents' | 'adminLogBytes' | 'gigagroupMembersMin'>;
}

/** Creates the operations on the settings of a channel whose rows are in this database. */
export function openChannelSettings(deps: ChannelSettingsDeps, place: ChannelPlace): ChannelSettingsDoor {
  const changer = new ChannelChanger(deps, place);
  return {
    doEditTitle: (acting, title) => changer.change('edit-channel-title', acting, {}, (channel) => editTitle(channel, title)),
    doEditPhoto: (acting, photo) => changer.change('edit-channel-photo', acting, {}, (channel) => editPhoto(channel, photo)),
    async doEditAbout(acting, about) {
      await changer.change('edit-channel-about', acting, {}, (channel) => editAbout(channel, about));
    },
    doEditDefaultRights: (acting, rights) => changer.change('edit-channel-rights', acting, {}, (channel) => editDefaultRights(channel, rights)),
    doSetSlowMode: (acting, seconds) => changer.change('set-slow-mode', acting, {}, (channel) => setSlowMode(channel, seconds)),
    doSetLifetime: (acting, period) => changer.change('set-channel-lifetime', acting, {}, (channel) => setLifetime(channel, period)),
    doHideHistory: (acting, isHidden) => changer.change('hide-channel-history', acting, {}, (channel) => setHistoryHidden(channel, isHidden)),
    doHideMembers: (acting, isHidden) => changer.change('hide-channel-members', acting, {}, (channel) => setMembersHidden(channel, isHidden)),
    doSetJoinToSend: (acting, enabled) => changer.change('set-join-to-send', acting, {}, (channel) => setJoinToSend(channel, enabled)),
    doSetJoinRequest: (acting, enabled) => changer.change('set-join-request', acting, {}, (channel) => setJoinRequest(channel, enabled)),
    doMakeGigagroup: (acting) => changer.change('make-gigagroup', acting, {}, (channel) => makeGigagroup(channel, deps.config.gigagroupMembersMin)),
    doSetColor: (acting, which, color) => changer.change('set-channel-color', acting, {}, (channel) => setColor(channel, which, color)),
    doSetMainTab: (acting, tab) => changer.change('set-main-tab', acting, {}, (channel) => setMainTab(channel, tab)),
    doRemoveLook: (acting) => changer.change('remove-channel-look', acting, {}, removeLook),
    doSetSignatures: (acting, signatures) => changer.change('set-signatures', acting, {}, (channel) => setSignatures(channel, signatures)),
    doSetProtection: (acting, enabled) => changer.change('set-protection', acting, {}, (channel) => setProtection(channel, enabled)),
    async doSetUsername(acting, username) {
      if (username !== '') await reservePublicName(deps, place, acting, username);
      return changer.change('set-channel-username', acting, { opened: [acting.actorId] }, (channel) => setPublicName(channel, acting, username));
    },
    doToggleUsername: (acting, username, active) => changer.open('toggle-username', acting, {}, (channel) => Promise.resolve(checkNameToggle(channel, username, active))),
    doReorderUsernames: (acting, order) => changer.open('reorder-usernames', acting, {}, (channel) => Promise.resolve(checkNameOrder(channel, order))),
    doDelete: (acting) => changer.change('delete-channel', acting, {}, (channel) => deps.deletion.delete(channel, acting)),
  };
}
