import type { SeedPlan } from '@aerogram/cli/seed';
import type { ServerInfo } from '@aerogram/dev-env/load';
import { readEverything } from './answer-load.ts';
import { type CdnLoad, transferFromNode } from './cdn-load.ts';
import { exchangeMessages, makeBotGroups, makeBots, offerButtons, postBesideBots, pressButtons, sendAsBot, startBots } from './bot-load.ts';
import { floodAsBot } from './bot-flood.ts';
import { floodByHttp } from './bot-http-flood.ts';
import { answerByHttp, type BotRange, type BotReceiver, callEcho, sendByHttp, silenceWebhook, startHttpBots, writeToBots } from './bot-http-load.ts';
import type { SendPace } from './deliveries.ts';
import { type FanOut, fanOut, joinAndLeave, postAlone, recountUnread } from './channel-fan-out.ts';
import { type CommentPlace, linkGroup, postUntilOpen, writeInGroup } from './comment-load.ts';
import { type ForumReading, makeForum, readForum, writeInTopic } from './forum-load.ts';
import { type ChannelReading, postTagged, readChannel } from './channel-reads.ts';
import { prepareFiles, signUpCarriers, transferFiles, transferFloor, transferWhole } from './file-load.ts';
import { callFloor } from './floor-load.ts';
import { makeKeys } from './handshake-load.ts';
import { openSessions, stayIdle } from './idle-load.ts';
import { openPollers, openSilent } from './idle-pollers.ts';
import type { Outcome } from './outcome.ts';
import type { Transfer } from './part-client.ts';
import { beginSends, checkSends, endSends, type PatientSends } from './patient-load.ts';
import { makeBareSizes, preparePhotos, sendAlbums, sendPhotos, uploadAtOnce } from './photo-load.ts';
import { read, type ReadName } from './read-load.ts';
import { firstParts, postFiles, signUpViewers, viewFiles } from './redirect-load.ts';
import { connectToNodes, type NodeAddress, post, registerDevices, send, sendBesideAway, sendBesideGroup, sendToGroup, signUp, tellPeopleAway } from './send-load.ts';
import { soak } from './soak-load.ts';
import { giveAlone, rush, type Rush } from './vote-load.ts';
import { logInXmpp, sendXmpp } from './xmpp-load.ts';

/** Commands from the bench to its load generator, over the IPC channel. */
export type Command =
  | { do: 'sign-up'; server: ServerInfo | readonly ServerInfo[]; accounts: number; isEven?: true }
  | { do: 'register-devices'; accounts: number; origin?: string }
  | { do: 'tell-away'; ms: number; perSecond: number; isHanging: boolean }
  | { do: 'connect-to-nodes'; nodes: readonly NodeAddress[]; isRelayed: boolean }
  | { do: 'send'; ms: number; senders: number; pace: SendPace; from?: number }
  | { do: 'send-beside-away'; ms: number; senders: number; perSecond: number }
  | ({ do: 'begin-sends' } & PatientSends)
  | { do: 'end-sends' }
  | { do: 'check-sends' }
  | { do: 'send-to-group'; ms: number; pace: SendPace; members: number; online: boolean }
  | { do: 'send-beside-group'; ms: number; senders: number; pace: SendPace; members: number; groupPace: SendPace }
  | { do: 'post'; ms: number; pace: SendPace; kind: 'megagroup' | 'broadcast'; online: boolean }
  | ({ do: 'fan-out' } & FanOut)
  | ({ do: 'post-alone' } & Omit<FanOut, 'senders'>)
  | { do: 'recount-unread'; channel: string; members: number }
  | { do: 'join-and-leave'; server: ServerInfo; channel: string; count: number; parallel: number }
  | ({ do: 'read-channel' } & ChannelReading)
  | { do: 'link-group'; server: ServerInfo; channel: string }
  | { do: 'write-in-group'; server: ServerInfo; channel: string; place: CommentPlace; ms: number; pace: SendPace }
  | { do: 'post-until-open'; server: ServerInfo; channel: string; ms: number }
  | ({ do: 'rush' } & Rush)
  | ({ do: 'give-alone' } & Parameters<typeof giveAlone>[0])
  | { do: 'make-forum'; accounts: number }
  | { do: 'write-in-topic'; forum: number; topicId: number }
  | ({ do: 'read-forum' } & ForumReading)
  | { do: 'post-tagged'; server: ServerInfo; channel: string }
  | { do: 'make-bots'; server: ServerInfo; count: number; accounts: number }
  | { do: 'start-bots'; server: ServerInfo; count: number }
  | { do: 'offer-buttons'; people: number }
  | { do: 'press-buttons'; ms: number; perSecond: number }
  | { do: 'exchange-messages'; ms: number; perSecond: number; people: number }
  | { do: 'make-bot-groups' }
  | { do: 'post-beside-bots'; ms: number; pace: SendPace; hasBots: boolean }
  | { do: 'send-as-bot'; ms: number; pace: SendPace }
  | { do: 'flood-as-bot'; server: ServerInfo; ms: number }
  | { do: 'start-http-bots'; server: ServerInfo; count: number }
  | { do: 'echo'; port: number; ms: number; connections: number }
  | { do: 'send-by-http'; ms: number; pace: SendPace }
  | ({ do: 'write-to-bots'; server: ServerInfo; how: BotReceiver; ms: number; pace: SendPace } & BotRange)
  | ({ do: 'answer-by-http'; server: ServerInfo; ms: number; pace: SendPace } & BotRange)
  | { do: 'silence-webhook'; n: number; messages: number }
  | { do: 'flood-by-http'; server: ServerInfo; ms: number }
  | { do: 'open-pollers'; server: ServerInfo; from: number; count: number }
  | { do: 'open-silent'; port: number; from: number; count: number }
  | { do: 'make-keys'; server: ServerInfo; ms: number; parallel: number }
  | { do: 'floor'; port: number; ms: number; clients: number; window: number }
  | { do: 'transfer-floor'; port: number; transfer: Transfer }
  | { do: 'transfer-from-node'; load: CdnLoad; transfer: Transfer }
  | { do: 'sign-up-viewers'; server: ServerInfo; count: number }
  | { do: 'post-files'; count: number; mib: number }
  | { do: 'view-files'; mib: number; isByNodes: boolean }
  | { do: 'first-parts' }
  | { do: 'prepare-files'; server: ServerInfo; from: number; accounts: number; mib: number }
  | { do: 'transfer-files'; server: ServerInfo; transfers: readonly Transfer[]; accounts?: number }
  | { do: 'sign-up-carriers'; server: ServerInfo; accounts: number }
  | { do: 'transfer-whole'; server: ServerInfo; mib: number; ms: number }
  | { do: 'bare-sizes'; photo: string; times: number }
  | { do: 'prepare-photos'; server: ServerInfo; accounts: number }
  | { do: 'send-photos'; ms: number; perMinute: number }
  | { do: 'send-albums'; times: number }
  | { do: 'upload-at-once'; each: number }
  | { do: 'open-sessions'; server: ServerInfo; from: number; count: number }
  | { do: 'stay-idle'; ms: number }
  | { do: 'read'; server: ServerInfo; plan: SeedPlan; name: ReadName; clients: number; ms: number; perSecond?: number }
  | { do: 'read-everything'; server: ServerInfo; plan: SeedPlan; times: number; methods?: string[] }
  | { do: 'soak'; server: ServerInfo; plan: SeedPlan; ms: number }
  | { do: 'log-in-xmpp'; port: number; password: string; accounts: number }
  | { do: 'send-xmpp'; ms: number; senders: number; pace: SendPace };

async function obey(command: Command): Promise<Outcome> {
  switch (command.do) {
    case 'sign-up':
      return signUp(command.server, command.accounts, command.isEven);
    case 'register-devices':
      return registerDevices(command.accounts, command.origin);
    case 'tell-away':
      return tellPeopleAway(command);
    case 'connect-to-nodes':
      return connectToNodes(command.nodes, command.isRelayed);
    case 'send':
      return send(command.ms, command.senders, command.pace, command.from);
    case 'send-beside-away':
      return sendBesideAway(command.ms, command.senders, command.perSecond);
    case 'begin-sends':
      return beginSends(command);
    case 'end-sends':
      return endSends();
    case 'check-sends':
      return checkSends();
    case 'send-to-group':
      return sendToGroup(command.ms, command.pace, command);
    case 'send-beside-group':
      return sendBesideGroup(command.ms, command);
    case 'post':
      return post(command.ms, command.pace, command);
    case 'fan-out':
      return fanOut(command);
    case 'post-alone':
      return postAlone(command);
    case 'recount-unread':
      return recountUnread(command.channel, command.members);
    case 'join-and-leave':
      return joinAndLeave(command.server, command);
    case 'read-channel':
      return readChannel(command);
    case 'link-group':
      return linkGroup(command.server, command.channel);
    case 'write-in-group':
      return writeInGroup(command.server, command);
    case 'post-until-open':
      return postUntilOpen(command.server, command.channel, command.ms);
    case 'rush':
      return rush(command);
    case 'give-alone':
      return giveAlone(command);
    case 'make-forum':
      return makeForum(command.accounts);
    case 'write-in-topic':
      return writeInTopic(command.forum, command.topicId);
    case 'read-forum':
      return readForum(command);
    case 'post-tagged':
      return postTagged(command.server, command.channel);
    case 'make-bots':
      return makeBots(command.server, command);
    case 'start-bots':
      return startBots(command.server, command.count);
    case 'offer-buttons':
      return offerButtons(command.people);
    case 'press-buttons':
      return pressButtons(command.ms, command.perSecond);
    case 'exchange-messages':
      return exchangeMessages(command.ms, command.perSecond, command.people);
    case 'make-bot-groups':
      return makeBotGroups();
    case 'post-beside-bots':
      return postBesideBots(command.ms, command.pace, command.hasBots);
    case 'send-as-bot':
      return sendAsBot(command.ms, command.pace);
    case 'flood-as-bot':
      return floodAsBot(command.server, command.ms);
    case 'start-http-bots':
      return startHttpBots(command.server, command.count);
    case 'echo':
      return callEcho(command.port, command.ms, command.connections);
    case 'send-by-http':
      return sendByHttp(command.ms, command.pace);
    case 'write-to-bots':
      return writeToBots(command.server, command.how, command);
    case 'answer-by-http':
      return answerByHttp(command.server, command);
    case 'silence-webhook':
      return silenceWebhook(command.n, command.messages);
    case 'flood-by-http':
      return floodByHttp(command.server, command.ms);
    case 'open-pollers':
      return openPollers(command.server, command.from, command.count);
    case 'open-silent':
      return openSilent(command.port, command.from, command.count);
    case 'make-keys':
      return makeKeys(command.server, command.ms, command.parallel);
    case 'floor':
      return callFloor(command.port, command.ms, command.clients, command.window);
    case 'transfer-floor':
      return transferFloor(command.port, command.transfer);
    case 'transfer-from-node':
      return transferFromNode(command.load, command.transfer);
    case 'sign-up-viewers':
      return signUpViewers(command.server, command.count);
    case 'post-files':
      return postFiles(command.count, command.mib);
    case 'view-files':
      return viewFiles(command.mib, command.isByNodes);
    case 'first-parts':
      return firstParts();
    case 'prepare-files':
      return prepareFiles(command.server, command);
    case 'transfer-files':
      return transferFiles(command.server, command.transfers, command.accounts);
    case 'sign-up-carriers':
      return signUpCarriers(command.server, command.accounts);
    case 'transfer-whole':
      return transferWhole(command.server, command.mib, command.ms);
    case 'bare-sizes':
      return makeBareSizes(command.photo, command.times);
    case 'prepare-photos':
      return preparePhotos(command.server, command.accounts);
    case 'send-photos':
      return sendPhotos(command.ms, command.perMinute);
    case 'send-albums':
      return sendAlbums(command.times);
    case 'upload-at-once':
      return uploadAtOnce(command.each);
    case 'open-sessions':
      return openSessions(command.server, command.from, command.count);
    case 'stay-idle':
      return stayIdle(command.ms);
    case 'read':
      return read(command.server, command.plan, command.name, { clients: command.clients, ms: command.ms, perSecond: command.perSecond });
    case 'read-everything':
      return readEverything(command.server, command.plan, command.times, command.methods);
    case 'soak':
      return soak(command.server, command.plan, command.ms);
    case 'log-in-xmpp':
      return logInXmpp(command.port, command.password, command.accounts);
    case 'send-xmpp':
      return sendXmpp(command.ms, command.senders, command.pace);
  }
}

/** Executes commands until the bench disconnects. */
export function runGenerator(): void {
  process.on('message', (command: Command) => {
    obey(command).then(
      (outcome) => process.send!({ outcome }),
      (error: unknown) => process.send!({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
