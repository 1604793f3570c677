/// <reference lib="esnext.disposable" preserve="true" />
export { Bot, type BotOptions } from './actors/bot.ts';
export type { ChatReference, HasChat } from './actors/chat.ts';
export { Group } from './actors/group.ts';
export type { InlineAnswer, InlineQuery, InlineResult } from './actors/inline-query.ts';
export type { Match, MessagePattern } from './actors/match.ts';
export type { InlineButton, MediaKind, Message, MessageMedia, MessageReference, Reaction, Sender, TextEntity } from './actors/message.ts';
export { Person } from './actors/person.ts';
export type { DownloadedFile, Member, OutgoingMedia, PersonOptions, PressResult, SendOptions, UploadedFile, WaitOptions } from './actors/person-types.ts';
export type { ClientConfig } from './client-config.ts';
export type { CloudClock } from './clock.ts';
export { Cloud } from './cloud.ts';
export type { RecordedCall } from './control/call-stream.ts';
export { CloudError, type CloudErrorCode } from './control/cloud-error.ts';
export type { ErrorFault, Fault, FaultChoice, Faults } from './faults.ts';
export type { ServerDescription } from './launch/kit-process.ts';
export type { Span, SpanParts } from './span.ts';
export { startCloud, type CloudOptions } from './start-cloud.ts';
export { TestCloud, TestSet } from './test-cloud.ts';
