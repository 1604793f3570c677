import { Bot, type BotOptions, type NewBot } from './actors/bot.ts';
import { type NewPerson, type PersonOptions } from './actors/person-types.ts';
import { Person } from './actors/person.ts';
import { SetLink } from './actors/set-link.ts';
import type { ClientConfig } from './client-config.ts';
import { CloudClock } from './clock.ts';
import { traceCaller, type CallerTrace } from './control/caller-trace.ts';
import type { ControlClient } from './control/control-client.ts';
import { Faults } from './faults.ts';
import { waitForEnter } from './pause.ts';

/** What a cloud and a set of it have in common: their people and bots, which do not see those of other sets. */
export abstract class TestCloud {
  /** Root URL of the Bot API, such as `http://127.0.0.1:41234`, without a slash at its end. */
  readonly apiRoot: string;
  /** Root URL under which bots download files: `${fileRoot}/bot<token>/<file_path>`. */
  readonly fileRoot: string;
  /** The clock, which all sets of a cloud share. */
  readonly clock: CloudClock;
  /** Errors and delays for calls of single bots. */
  readonly faults: Faults;
  protected readonly link: SetLink;
  readonly #people: Person[] = [];

  protected constructor(client: ControlClient, set: string, apiRoot: string) {
    this.link = new SetLink(client, set);
    this.apiRoot = apiRoot;
    this.fileRoot = `${apiRoot}/file`;
    this.clock = new CloudClock(this.link);
    this.faults = new Faults(this.link);
  }

  /**
   * Makes a person with an account.
   * @param name first name, or first and last name
   * @throws CloudError `invalid` if the username is taken
   * @example const ann = await cloud.person('Ann');
   */
  async person(name: string, options: PersonOptions = {}): Promise<Person> {
    const made = await this.link.call<NewPerson>('people.create', { name, ...options }, traceCaller());
    const person = new Person(this.link, made);
    this.#people.push(person);
    return person;
  }

  /**
   * Makes a bot. It answers inline queries, can be added to groups, and has privacy there, until `setInline` and `setPrivacy` say otherwise.
   * @throws CloudError `invalid` if the username is taken or does not end with `bot`
   * @example const bot = await cloud.bot({ username: 'echo_bot' });
   */
  async bot(options: BotOptions = {}): Promise<Bot> {
    const trace = traceCaller();
    const made = await this.link.call<NewBot>('bots.create', { ...options }, trace);
    const bot = new Bot(this.link, made, this.apiRoot);
    await this.link.listen(bot.id, (call) => bot.record(call), trace);
    return bot;
  }

  /**
   * Makes a link that opens the web client logged in as a person, and prints it. It works once, on this machine.
   * @returns the link
   * @example await cloud.open(ann);
   */
  async open(person: Person): Promise<string> {
    const url = await this.#makeLink(person, traceCaller());
    process.stdout.write(`${person.name}: ${url}\n`);
    return url;
  }

  /**
   * Stops the test here: prints links that open the web client as each person, and waits until somebody presses Enter, or sends SIGUSR2 to the process. The time limit of the test must be raised by hand.
   * @throws CloudError `invalid` at once without a terminal, as in CI
   * @example await cloud.pause();
   */
  async pause(): Promise<void> {
    const trace = traceCaller();
    const links: string[] = [];
    for (const person of this.#people) links.push(`${person.name}: ${await this.#makeLink(person, trace)}`);
    await waitForEnter(links, trace);
  }

  /**
   * Address, key and data centre of the cloud, in the forms that mtcute, GramJS, Telethon and TDLib take.
   * @example const { settings } = await cloud.clientConfig();
   */
  async clientConfig(): Promise<ClientConfig> {
    return this.link.call('server.clientConfig', {}, traceCaller());
  }

  async #makeLink(person: Person, trace: CallerTrace): Promise<string> {
    const { url } = await this.link.call<{ url: string }>('people.open', { person: person.id }, trace);
    return url;
  }

  /** Forgets the people and bots, which the server has deleted. */
  protected forget(): void {
    this.#people.length = 0;
    this.link.close();
  }
}

/** People, bots and names of one test, which are freed at its end, in a cloud that goes on. */
export class TestSet extends TestCloud {
  #ending: Promise<void> | undefined;

  /** Made by `cloud.set`. */
  constructor(client: ControlClient, set: string, apiRoot: string) {
    super(client, set, apiRoot);
  }

  /**
   * Deletes the people, bots and chats of this set, and frees their names. `await using` does it by itself.
   * @example await set.end();
   */
  end(): Promise<void> {
    const trace = traceCaller();
    this.#ending ??= this.link.call<void>('sets.end', {}, trace).finally(() => this.forget());
    return this.#ending;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}
