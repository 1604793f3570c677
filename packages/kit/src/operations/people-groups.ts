import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { findChat, findUser } from '../people/find-chat.ts';
import { ADMIN_RIGHTS, createChannel, createGroup, invite, join, kick, leave, listMembers, makeLink, promote } from '../people/groups.ts';
import { chatField, idField, inChat, nothing } from './fields.ts';

const title = z.string().min(1).max(128);
const withUser = { ...inChat, user: chatField };
const madeChat = z.object({ chat: z.string().describe('Marked id.'), title: z.string() });

const makeGroup = defineOperation({
  name: 'people.createGroup',
  summary: 'Makes a group with members.',
  params: z.strictObject({ person: idField, title, members: z.array(chatField).max(200).default([]), kind: z.enum(['basic', 'supergroup']).default('supergroup') }),
  result: madeChat,
  async run({ set }, { person, ...group }) {
    return { chat: String(await set.make(() => createGroup(set.person(person), group))), title: group.title };
  },
});

const makeChannel = defineOperation({
  name: 'people.createChannel',
  summary: 'Makes a channel: a public one if it has a username.',
  params: z.strictObject({ person: idField, title, username: z.string().min(1).max(33).optional() }),
  result: madeChat,
  async run({ set }, { person, ...channel }) {
    return { chat: String(await set.make(() => createChannel(set.person(person), channel))), title: channel.title };
  },
});

const joinChat = defineOperation({
  name: 'people.join',
  summary: 'Joins a public group or channel, or what an invite link leads to.',
  params: z.strictObject({ person: idField, chat: chatField.optional(), link: z.string().max(256).optional() }),
  result: z.object({ chat: z.string() }),
  async run({ set }, { person, ...place }) {
    return { chat: String(await join(set.person(person), place)) };
  },
});

const leaveChat = defineOperation({
  name: 'people.leave',
  summary: 'Leaves a group or channel.',
  params: z.strictObject(inChat),
  result: nothing,
  async run({ set }, { person: id, chat }) {
    const person = set.person(id);
    await leave(person, await findChat(person, chat));
    return {};
  },
});

const inviteUser = defineOperation({
  name: 'people.invite',
  summary: 'Adds a person or bot to a group or channel.',
  params: z.strictObject(withUser),
  result: nothing,
  async run({ set }, { person: id, chat, user }) {
    const person = set.person(id);
    await invite(person, await findChat(person, chat), await findUser(person, user));
    return {};
  },
});

const kickUser = defineOperation({
  name: 'people.kick',
  summary: 'Removes a person or bot from a group or channel.',
  params: z.strictObject(withUser),
  result: nothing,
  async run({ set }, { person: id, chat, user }) {
    const person = set.person(id);
    await kick(person, await findChat(person, chat), await findUser(person, user));
    return {};
  },
});

const promoteUser = defineOperation({
  name: 'people.promote',
  summary: 'Makes a person or bot an admin of a group or channel.',
  params: z.strictObject({ ...withUser, rights: z.array(z.enum(ADMIN_RIGHTS)).max(ADMIN_RIGHTS.length).optional().describe('Left out: the usual ones. Empty: no admin any more.') }),
  result: nothing,
  async run({ set }, { person: id, chat, user, rights }) {
    const person = set.person(id);
    await promote(person, await findChat(person, chat), await findUser(person, user), rights);
    return {};
  },
});

const link = defineOperation({
  name: 'people.link',
  summary: 'Makes an invite link.',
  params: z.strictObject(inChat),
  result: z.object({ link: z.string() }),
  async run({ set }, { person: id, chat }) {
    const person = set.person(id);
    return { link: await makeLink(person, await findChat(person, chat)) };
  },
});

const members = defineOperation({
  name: 'people.members',
  summary: 'Lists the members of a group or channel, at most 200.',
  params: z.strictObject(inChat),
  result: z.array(z.object({ id: z.string(), name: z.string(), username: z.string().optional(), role: z.enum(['creator', 'admin', 'member']) })),
  async run({ set }, { person: id, chat }) {
    const person = set.person(id);
    return listMembers(person, await findChat(person, chat));
  },
});

export const GROUP_OPERATIONS = [makeGroup, makeChannel, joinChat, leaveChat, inviteUser, kickUser, promoteUser, link, members];
