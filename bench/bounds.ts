/**
 * The limits by which rows are judged: each figure as a multiple of what the same machine achieved in the same run without our part of the
 * work (the floor), or of another figure of the run. Absolute rates and milliseconds say more about the machine than about the program.
 * docs/performance.md has the same table with measured values.
 */
export interface Bound {
  /** Name of the ratio in the table. */
  name: string;
  atMost?: number;
  atLeast?: number;
  /** Why this number. */
  because: string;
}

const FLOOR_READ = 'the floor takes 41 µs where these reads took 5 to 11 ms (117 to 261 times as long), and 112 µs where they took 11 to 21';

export const BOUNDS = {
  sendServer: {
    name: "server's CPU / floor",
    atMost: 2.5,
    because: 'dispatcher, checks, rows and pushes cost 0.6 to 1.2 times the wire (1.56 to 2.25 in all)',
  },
  sendAll: {
    name: 'CPU with PostgreSQL / floor',
    atMost: 4,
    because: 'the database takes as much again at most: 2.8 to 3.7 measured, more on slow machines',
  },
  easyP50: {
    name: 'p50 / bare commit',
    atMost: 4,
    because: 'a delivery is a commit of two boxes between two trips over the wire; a batch may wait for the one before it',
  },
  easyP99: {
    name: 'p99 / bare commit',
    atMost: 4,
    because: "a bare commit's p99 is the disk's and the scheduler's, which a delivery meets three times",
  },
  pacedP99: {
    name: 'p99 / p99 of the burst',
    atMost: 2.5,
    because: 'at a given rate what was held up has to be made up for: 1.6 to 2.3 measured',
  },
  backupP99: { name: 'p99 / without a backup', atMost: 2, because: 'its process has the lowest priority, writes a little at a time, and rests as long as it has worked' },
  groupCpu: { name: "CPU / a private send's", atMost: 80, because: 'a copy is a row, a log entry and a counter, which statements write for all copies at once' },
  besideGroupP99: { name: "p99 of others / without the group", atMost: 1.5, because: 'the boxes of 200 members are locked for one transaction, and those of others are not' },
  postCpu: { name: "CPU / a private send's", atMost: 2, because: 'a post is one row where a private send is two, but posts of one channel come one after the other' },
  postOnlineCpu: { name: "CPU / a private send's", atMost: 6, because: 'the same post, and nine pushes of it' },
  deliveryCpu: { name: "server's CPU a delivery / floor", atMost: 0.6, because: 'a call of the floor is a packet in and two out; a delivery is one packet out, and a share of one in that acknowledges it' },
  encodings: { name: 'encodings / (layers × classes)', atMost: 1, because: 'members who see a post alike share the encoding for each layer' },
  sizeCpu: { name: "CPU / a small channel's", atMost: 1.1, because: 'nothing is written by the number of subscribers' },
  sizeP99: { name: "p99 / a small channel's", atMost: 1.1, because: 'the same' },
  sizePrivate: { name: "CPU of a post / a private send's", atMost: 1.3, because: 'a post is one row where a private send is two, but posts of one channel come one after the other' },
  sizeBuffers: { name: 'buffers more than of a small channel', atMost: 2, because: 'an index of more rows may be a page deeper' },
  sizeWal: { name: "bytes of log / a small channel's", atMost: 1.01, because: 'the same rows are written' },
  crowdP99: { name: "p99 / the room's", atMost: 2.5, because: 'twice as many people are online, and members who are not cost nothing' },
  channelReadP99: { name: "p99 / getHistory's", atMost: 2, because: 'each is a few index scans and one answer, as a page of the history is' },
  copiedPostCpu: { name: "CPU / a post's without a discussion group", atMost: 3, because: 'the copy is a post of its own, made by a job, and so is the pin' },
  commentableP99: { name: 'ms until it can be commented on (p99)', atMost: 1000, because: 'the job runs as soon as the post is stored' },
  commentCpu: { name: "CPU / a message's in the group", atMost: 1.5, because: 'the thread is one more row, and the channel is told once a second' },
  rushCounted: { name: 's until all are counted', atMost: 30, because: 'many are committed together, and one row has the totals' },
  rushBesideP99: { name: 'p99 of others / before', atMost: 2.5, because: 'they lock the poll or the totals, and never what a message needs' },
  giversP99: { name: "p99 / the history's", atMost: 2, because: 'a page of those who gave is one index scan' },
  reactedHistoryCpu: { name: 'CPU / without reactions', atMost: 2, because: 'a message has one row of totals, whatever its number of reactions' },
  giveCpu: { name: "CPU / a post's", atMost: 1.3, because: 'two rows where a post has four' },
  topicReadP99: { name: "p99 / the forum history's", atMost: 2, because: 'a page of a topic is found by an index of its own' },
  topicListP99: { name: "p99 / the history's", atMost: 3, because: 'each topic of the page is a few rows, and so is its newest message' },
  topicSizeP99: { name: "p99 / the small topic's", atMost: 1.2, because: 'nothing is counted at read time' },
  manyDialogsP99: { name: "p99 / the private row's", atMost: 2, because: 'the unread counts of channels are derived from two rows each' },
  unreadP99: { name: "p99 / with 10 unread", atMost: 1.1, because: 'unread messages are not counted one by one' },
  channelMemory: { name: 'KiB / of sessions without channels', atMost: 1.6, because: '16 bytes for each of 200 channels, and the rest of what is known of a user who follows some' },
  joinCpu: { name: "CPU of a join or leave / a private send's", atMost: 2, because: 'three rows and an update in the own box' },
  botPress: { name: "p50 / a message's and its reply's", atMost: 1.2, because: 'the question is a row that no commit waits for, and what is told the bot and the person are two hints' },
  botGroupCpu: { name: "CPU of a post / without bots", atMost: 1.1, because: 'whom a post is meant for is decided once, and nothing is done for the bots that do not see it' },
  botGroupRows: { name: 'rows written for the bots', atMost: 0, because: 'a post that a bot does not see is none of its own' },
  botGroupPushes: { name: 'pushes to the bots', atMost: 0, because: 'the same' },
  idleBotsCpu: { name: 'CPU / without bots', atMost: 1.05, because: 'nothing runs for a bot that nobody uses' },
  idleBotsMemory: { name: 'memory / without bots', atMost: 1.05, because: 'nothing of a bot is kept in memory that nobody uses' },
  botFlood: { name: "p99 of another bot / without the flood", atMost: 2, because: 'each bot has tokens and a share of the time of its own' },
  botApiSend: { name: "server's CPU / (send + 1.5 × bare echo)", atMost: 1, because: 'parameters, limits and the message as JSON cost as much again and a half as reading and writing HTTP' },
  botPoller: { name: "p50 to a poller / MTProto's", atMost: 2.5, because: 'the update is a row that is committed before it is told, and the bot asks again for each' },
  botWebhook: { name: "p50 to a webhook / MTProto's", atMost: 3, because: 'the same, and a request of our own' },
  botApiNeighbour: { name: 'p99 of other bots / alone', atMost: 2, because: 'each bot has tokens of its own, and a webhook that is slow holds up its own updates only' },
  idlePollers: { name: 'memory / a bare request', atMost: 2, because: 'a place in the tables and a timer for each, and the request that waits' },
  botUpdatesMemory: { name: 'MiB / after a fifth', atMost: 1.05, because: 'what was told and confirmed is gone' },
  webSendP50: { name: 'p50 / (bare page + 17 ms)', atMost: 1, because: 'a message waits for one frame more than a line of text' },
  webSendP95: { name: 'p95 / (bare page + 50 ms)', atMost: 1, because: 'three frames for what the browser does meanwhile' },
  webStormFrame: { name: 'p95 of frames / 50 ms', atMost: 1, because: 'three frames of a screen; a person sees longer ones' },
  webStormKey: { name: 'p95 of keys / (calm + 50 ms)', atMost: 1, because: 'who writes waits for one frame that was at work' },
  webStormUnread: { name: 'chats with a wrong count', atMost: 0, because: 'what is unread is right when the storm is over' },
  webReload: { name: '20 rows / a bare page', atMost: 1.5, because: 'the program has to be read, and a worker to be started' },
  webFirst: { name: "20 rows / (mtcute's first page + 17 ms)", atMost: 1.5, because: 'the same calls, and a page to be painted' },
  webNodes: { name: 'nodes of messages / 200', atMost: 1, because: 'a screen shows ten messages' },
  webHeap: { name: "heap / at 1,000 messages", atMost: 1.3, because: 'a window of 400 messages is all that a page holds' },
  webScroll: { name: 'p95 of frames / a bare list', atMost: 1.5, because: 'messages have more in them than lines of text' },
  webPanelOpen: { name: 'frames until the first emoji', atMost: 3, because: 'who presses the button does not see that it waits' },
  webPanelScroll: { name: 'p95 of frames / a bare list', atMost: 1.5, because: 'groups are drawn when they come near' },
  webPanelNodes: { name: 'nodes of the panel / 2,200', atMost: 1, because: 'groups that are far away are not drawn' },
  webSeamMissed: { name: 'messages missed or shown twice', atMost: 0, because: 'two histories are one list' },
  webSeamPages: { name: 'pages asked for / in one chat', atMost: 1.1, because: 'a page that reaches over the seam asks twice' },
  webAnchor: { name: 'pixels that the text in sight moves', atMost: 1, because: 'rounding' },
  peerRate: { name: "rate / the peer's", atLeast: 2, because: 'ours was 4.6 times as fast on quick and slow machines' },
  peerP99: { name: "p99 / the peer's", atMost: 1, because: 'nobody should wait longer than there' },
  peerCpu: { name: "CPU / the peer's", atMost: 0.5, because: '0.17 when both give what they can' },
  peerEasyCpu: { name: "CPU / the peer's", atMost: 1, because: 'with little to do batches are small: 0.64 to 0.70' },
  clusterCpu: { name: "CPU / three workers'", atMost: 1.3, because: 'hints over NATS, and packets that pass through another node' },
  acrossCpu: { name: "CPU of both homes / a local send's", atMost: 2, because: 'two transactions, and a frame that is written, sent, applied and kept on both sides' },
  acrossP50: { name: "p50 / a local send's", atMost: 3, because: 'a second commit, and the way over the link' },
  awayLocalP99: { name: 'p99 of local sends / before', atMost: 1.3, because: 'a home that is away costs nothing but the rows that wait' },
  awayP99: { name: 'p99 of sends to the absent home / before', atMost: 1.3, because: 'the sender never waits for the other home' },
  awayCaughtUp: { name: 's until caught up / 90', atMost: 1, because: 'what waits is applied in batches, beside what goes on' },
  awayMemory: { name: 'MiB more / 64', atMost: 1, because: 'what waits is in the database' },
  relayedCpu: { name: "CPU / direct connections'", atMost: 1.3, because: 'a packet passes another node, which decrypts nothing but the link' },
  relayedP50: { name: "p50 / direct connections'", atMost: 1.5, because: 'one more process on the way there and back' },
  hintsOfSend: { name: 'hints on NATS / private messages', atMost: 1, because: "the receiver's box; that of the sender is needed only where another device of theirs is" },
  hintsOfPost: { name: 'hints / (posts × other nodes with subscribers)', atMost: 1, because: 'each node is told once, however many of its sessions follow the channel' },
  restartFailed: { name: 'calls answered by errors', atMost: 0, because: 'a node that ends gives its keys up first, and closes connections whose calls are answered' },
  restartP99: { name: 'p99 / without the restart', atMost: 3, because: 'a send waits while its key moves, and a node that starts needs CPU' },
  killedServed: { name: 's until its clients are served', atMost: 5, because: 'a node is lost 3.5 s after its last renewal, and the others learn of it within a second' },
  killedOthersP99: { name: 'p99 of others / before the kill', atMost: 2, because: 'keys of other nodes do not move' },
  primaryBack: { name: "s until sends are answered / (2 × Patroni's ttl)", atMost: 1, because: 'a primary that says nothing is replaced after its ttl, and nodes and standby have as long again' },
  sendsLost: { name: 'lost or doubled / sends', atMost: 0, because: 'what is acknowledged is committed, and a repeated send is recognised' },
  nginxP50: { name: 'p50 / direct', atMost: 1.3, because: 'nginx passes bytes on, and says once whose connection it is' },
  noticesRate: { name: 'sends / without devices', atLeast: 0.95, because: 'who is told is decided for each owner once in a while, not for each message' },
  noticesSigned: { name: 'CPU of a kept token / of a signed one', atMost: 0.4, because: 'a token is signed once in 12 hours for each push service' },
  observedCpu: { name: 'CPU / without log and traces', atMost: 1.1, because: 'a send writes no line, and one in ten makes two or three spans' },
  workersCpu: { name: "CPU / one process's", atMost: 1.15, because: 'hints between processes and smaller batches: 1.04 measured' },
  downloadRate: { name: "rate / file floor", atLeast: 0.75, because: 'the disk cache and a second cipher cost less than the wire' },
  downloadCpu: { name: "server's CPU / file floor", atMost: 1.3, because: 'a part is read, decrypted, and sent as the floor sends it' },
  uploadCpu: { name: "server's CPU / (file floor + bare)", atMost: 1.3, because: 'a part is hashed, encrypted and written, and nothing else grows with its length' },
  smallPartCpu: { name: "server's CPU / file floor of 32 KiB", atMost: 2, because: 'a call through the dispatcher, and one read, beside what the floor answers at once' },
  messagesBesideFiles: { name: 'p99 / without files', atMost: 3, because: 'parts are opened and sealed in other threads, but these and the disk share two cores with the messages' },
  fairShare: { name: 'rate / alone', atLeast: 0.4, because: 'accounts share the threads and the memory equally, however many connections they have' },
  filesMemory: { name: 'MiB more than idle / (64 + 8 a transfer)', atMost: 1, because: 'parts on the way are bounded for the process, and each connection holds a few' },
  fileSizeMemory: { name: 'MiB / with files of 20 MiB', atMost: 1.1, because: 'nothing is kept of a file but its open handle and a few parts' },
  cdnCpu: { name: "node's CPU / file floor", atMost: 1.1, because: 'a part is copied from memory once, and sent as the floor sends it' },
  cdnMemory: { name: 'MiB / (setting + 64)', atMost: 1, because: 'content has a fixed place, and parts on the way are bounded' },
  cdnOriginCpu: { name: "server's CPU / without nodes", atMost: 0.2, because: 'each window is read, encrypted and pushed once for sixteen who load it; a redirect is one call' },
  cdnFirstPart: { name: "p50 / the server's own", atMost: 3, because: 'a MiB is read, encrypted and pushed, and half of it comes back' },
  photoSizes: { name: "p50 / bare sharp's", atMost: 1.5, because: 'the picture is decoded once, and the bytes go to another process and back' },
  messagesBesidePhotos: { name: 'p99 / without photos', atMost: 1.5, because: 'photos are processed at the lowest priority, in processes of their own' },
  album: { name: "p50 / one photo's", atMost: 3, because: 'ten messages are written in one transaction' },
  photosWaiting: { name: 'waiting / 1,000', atMost: 1, because: 'no more wait in a process; who comes later is told to repeat the call' },
  burstMemory: { name: 'MiB more than idle / 192', atMost: 1, because: 'what waits holds no bytes; a thousand calls and their sessions do' },
  photosLost: { name: 'lost or doubled / sent', atMost: 0, because: 'whoever waits as told sends each photo once' },
  messagesBesideBurst: { name: 'p99 / before the uploads', atMost: 3, because: 'calls of a thousand uploads come in at once, and two cores carry them beside the messages' },
  keyCpu: {
    name: "server's CPU / bare RSA and Diffie-Hellman",
    atMost: 2.5,
    because: 'sockets, checks and a row may cost as much again and a half: 2.2 ms where the arithmetic takes some 1.3',
  },
  keysBeside: {
    name: 'p99 / without new keys',
    atMost: 8,
    because: 'the arithmetic has a thread of its own, but two cores carry server, database and generator: 2 to 5 measured',
  },
  readP99: { name: "p99 / floor's CPU", atMost: 300, because: FLOOR_READ },
  answerP99: { name: "p99 / floor's CPU", atMost: 500, because: 'the longest answer, 5,000 contacts in half a megabyte, took 277 to 468 times the floor' },
  sessionMemory: { name: 'memory / a bare connection', atMost: 8, because: 'a key, its salts, windows of message ids and a place in the tables: 10 to 13 KiB beside the 2 to 4 of a socket' },
  pingCpu: { name: "CPU a ping / floor", atMost: 2.5, because: 'a ping is a call and an answer, plus what goes through all sessions every two seconds: 1.5 to 2 measured' },
  kitStart: { name: "p50 / an empty server's start", atMost: 3, because: 'a template is copied, and a server is started on it' },
  kitPerson: { name: "p50 of a person / bare commit", atMost: 10, because: 'a request, and one transaction that writes the account' },
  kitBot: { name: "p50 of a bot / bare commit", atMost: 10, because: 'the same, and the token' },
  kitSuite: { name: 'time / with a mock of fetch', atMost: 3, because: 'set before it was measured: a mock takes less than a millisecond for each test' },
  kitMemory: { name: 'MiB / after 20 tests', atMost: 1.2, because: 'what a test has made is forgotten when its set ends' },
  adminUsers: { name: 'p99 / the page of one account', atMost: 3, because: 'a page is 50 rows of an index, whichever page it is' },
  start: { name: 's / with an empty database', atMost: 2, because: 'nothing at the start may depend on how much there is' },
  recovery: { name: 's / after a stop', atMost: 10, because: 'PostgreSQL reads at most 512 MB of its log again: 3.8 to 5.7 measured' },
  soakMemory: { name: 'MiB / early', atMost: 1.05, because: 'whatever grows with time ends a server: 1.02 measured' },
} as const satisfies Record<string, Bound>;

/** A bound and the measured value. */
export interface Ratio extends Bound {
  value: number;
}

/** A figure as a multiple of another one. @param bound the limit that applies to it */
export function ratioTo(bound: Bound, value: number, base: number): Ratio {
  return { ...bound, value: value / base };
}
