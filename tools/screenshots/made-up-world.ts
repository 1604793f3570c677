import { type Actor, findSentId, type World } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { uploadFile } from '@mtcute/node/methods.js';
import { randomLong } from '@mtcute/node/utils.js';
import sharp from 'sharp';

/** Colours of a landscape: sky above, sky below, hills. */
type Colours = readonly [string, string, string];

const MORNING: Colours = ['#5b8def', '#f7c59f', '#2f4858'];
const DUSK: Colours = ['#30336b', '#e17055', '#130f40'];
const SPRING: Colours = ['#7ed6df', '#dff9fb', '#3d7a3a'];

/** Draws hills below a low sun. */
function drawLandscape([above, below, hills]: Colours, width = 1200, height = 800): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 1200 800" preserveAspectRatio="xMidYMid slice">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${above}"/><stop offset="1" stop-color="${below}"/></linearGradient></defs>
    <rect width="1200" height="800" fill="url(#sky)"/><circle cx="800" cy="250" r="80" fill="#fff3c4"/>
    <path d="M0 570 225 350 420 525 645 285 885 540 1200 390V800H0Z" fill="${hills}" opacity=".75"/><path d="M0 675 315 540 600 660 940 555 1200 640V800H0Z" fill="${hills}"/>
  </svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

async function uploadPicture({ main }: Actor, bytes: Buffer): Promise<tl.TypeInputFile> {
  return (await uploadFile(main.client, { file: bytes, fileName: 'picture.jpg', fileMime: 'image/jpeg' })).inputFile;
}

async function setFace(actor: Actor, colours: Colours): Promise<void> {
  await actor.main.change({ _: 'photos.uploadProfilePhoto', file: await uploadPicture(actor, await drawLandscape(colours, 400, 400)) });
}

/** Writes into a group or channel. @param peer marked */
async function post({ main }: Actor, peer: number, message: string, replyTo?: number): Promise<number> {
  return findSentId(await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(peer), message, randomId: randomLong(), replyTo: replyTo === undefined ? undefined : { _: 'inputReplyToMessage', replyToMsgId: replyTo } }));
}

async function postPicture(actor: Actor, peer: number, message: string, colours: Colours): Promise<void> {
  const { main } = actor;
  const media: tl.TypeInputMedia = { _: 'inputMediaUploadedPhoto', file: await uploadPicture(actor, await drawLandscape(colours)) };
  await main.change({ _: 'messages.sendMedia', peer: main.inputPeer(peer), media, message, randomId: randomLong() });
}

/** Reads everything in a chat. @param peer marked */
async function readAll({ main }: Actor, peer: number): Promise<void> {
  const input = main.inputPeer(peer);
  if (input._ === 'inputPeerChannel') await main.call({ _: 'channels.readHistory', channel: { ...input, _: 'inputChannel' }, maxId: 0 });
  else await main.call({ _: 'messages.readHistory', peer: input, maxId: 0 });
}

/** Makes a channel, or a supergroup with members. @returns its marked id */
async function makeChannel(owner: Actor, title: string, members: readonly Actor[], isBroadcast = false): Promise<number> {
  const made = await owner.main.change({ _: 'channels.createChannel', title, about: '', ...(isBroadcast ? { broadcast: true } : { megagroup: true }) });
  if (made._ !== 'updates') throw new Error(`the server answered ${made._}`);
  const [chat] = made.chats;
  if (chat?._ !== 'channel') throw new Error('the server made no channel');
  for (const member of members) await owner.meet(member);
  const input: tl.TypeInputChannel = { _: 'inputChannel', channelId: chat.id, accessHash: chat.accessHash! };
  await owner.main.change({ _: 'channels.inviteToChannel', channel: input, users: members.map(({ id }) => ({ _: 'inputUser', userId: id, accessHash: owner.main.accessHashes.get(id)! })) });
  const peer = -1_000_000_000_000 - chat.id;
  await Promise.all(members.map(({ main }) => main.waitUntil(`to be in ${title}`, () => main.accessHashes.has(peer))));
  return peer;
}

/** Whom pictures show, and what they have open. */
export interface MadeUpWorld {
  /** The person in front of the screen. */
  nora: Actor;
  /** A group, marked. */
  hikers: number;
  /** Somebody with whom Nora talks. */
  ida: Actor;
}

/** Lets people who do not exist sign up and talk. */
export async function makeWorld(world: World): Promise<MadeUpWorld> {
  const nora = await world.user('Nora Lind');
  const [ida, theo, samira] = [await world.user('Ida Berg'), await world.user('Theo Marsh'), await world.user('Samira Haddad')];
  await setFace(ida, SPRING);
  await setFace(theo, DUSK);
  // Contacts of each other see no bar for strangers.
  for (const other of [ida, theo, samira]) await Promise.all([nora.meet(other), other.meet(nora)]);

  const weather = await makeChannel(theo, 'Weather on the ridge', [nora], true);
  await post(theo, weather, 'Clear until the evening, wind from the north. Take a jacket.');
  await samira.send(nora, 'Could you send me the minutes of Tuesday?');
  await nora.send(samira, 'They are in the shared folder. I will write the summary tonight.');
  await readAll(nora, samira.id);
  await theo.send(nora, 'The key is under the blue pot.');

  const hikers = await makeChannel(samira, 'Sunday hikers', [nora, ida, theo]);
  await post(samira, hikers, 'Who is coming on Sunday? The path around the lake is open again.');
  const question = await post(theo, hikers, 'Me! When do we start?');
  await post(samira, hikers, 'At eight, at the old mill.', question);
  await post(nora, hikers, 'I will bring tea and the big map.');
  await postPicture(theo, hikers, 'The view from last time', MORNING);
  await readAll(nora, hikers);
  await post(nora, hikers, 'Then I am in for the long way round.');

  await ida.send(nora, 'Are you home already?');
  await nora.send(ida, 'On the train. Look what I saw on the way:');
  await nora.meet(ida);
  await postPicture(nora, ida.id, 'From the bridge', DUSK);
  await ida.send(nora, 'Beautiful! Is that the new lens?');
  await nora.send(ida, 'It is. You can try it on Sunday.');
  await ida.send(nora, 'I would love to. See you at the mill!');
  await Promise.all([readAll(nora, ida.id), readAll(ida, nora.id), readAll(theo, hikers)]);
  return { nora, hikers, ida };
}
