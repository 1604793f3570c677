import { createIntervalClock, type IntervalClock, PlainBrowser, TestCompanyProvider, type CompanyProviderOptions, type TestServerOptions, type Visit } from '@aerogram/dev-env';
import type { BaseTelegramClient, tl } from '@mtcute/node';
import { type Scenario, startScenario } from './scenario.ts';

const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };

/** A server whose people log in with the account of their company, and the provider of that company. */
export interface CompanyStage extends AsyncDisposable {
  scenario: Scenario;
  provider: TestCompanyProvider;
  clock: IntervalClock;
  /** At which browsers reach the server. */
  origin: string;
  /** What the server logged, the newest last. */
  logged: Record<string, unknown>[];
  /** Opens the page and logs in, in a new browser unless one is given. */
  enter(subject: string | undefined, browser?: PlainBrowser): Promise<Visit & { browser: PlainBrowser }>;
  /** Has the server check everybody at the provider now. */
  check(): Promise<void>;
  /** Waits for a line of the log. */
  logs(find: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

export async function startCompany(options: TestServerOptions & { provider?: CompanyProviderOptions } = {}): Promise<CompanyStage> {
  const provider = await TestCompanyProvider.listen(options.provider);
  const clock = createIntervalClock();
  const logged: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const onLogLine = (line: string): void => {
    logged.push(JSON.parse(line) as Record<string, unknown>);
    for (const look of waiting) look();
  };
  const scenario = await startScenario({ clock, onLogLine, ...options, env: { ...provider.env, ...options.env } });
  const origin = options.env?.['AEROGRAM_WEB_ADDRESS'] ?? `http://localhost:${scenario.server.info.http.port}`;
  await provider.serve(origin);
  const { db } = scenario.server;
  const logs: CompanyStage['logs'] = (find) =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = logged.find(find);
        if (!line) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  return {
    scenario,
    provider,
    clock,
    origin,
    logged,
    async enter(subject, browser = new PlainBrowser()) {
      provider.visitor = subject;
      return { ...(await browser.visit(`${origin}/enter/go`)), browser };
    },
    async check() {
      await db.transact('make-due', async (tx) => {
        await tx.q.updateTable('company_accounts').set({ next_check_date: 1 }).where('next_check_date', 'is not', null).execute();
      });
      await clock.runIntervals(15_000);
    },
    logs,
    async [Symbol.asyncDispose]() {
      await scenario[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

/** The number that the page shows. */
export function numberOn({ text }: { text: string }): string {
  const number = /id="number">\+(\d+)</.exec(text)?.[1];
  if (number === undefined) throw new Error(`the page shows no number: ${text.slice(0, 500)}`);
  return number;
}

/** Asks for a code as an app does. */
export async function askCode(guest: BaseTelegramClient, phoneNumber: string): Promise<tl.auth.RawSentCode> {
  const sent = await guest.call({ _: 'auth.sendCode', phoneNumber, ...API, settings: { _: 'codeSettings' } });
  if (sent._ !== 'auth.sentCode') throw new Error(sent._);
  return sent;
}

/** Logs a client in by the code that stands on the page of a person. @returns the id of the user */
export async function logInByPage(stage: CompanyStage, guest: BaseTelegramClient, { browser, phone }: { browser: PlainBrowser; phone: string }): Promise<number> {
  const { phoneCodeHash } = await askCode(guest, phone);
  const { codes } = JSON.parse((await browser.visit(`${stage.origin}/enter/codes`)).text) as { codes: { code: string }[] };
  const made = await guest.call({ _: 'auth.signIn', phoneNumber: phone, phoneCodeHash, phoneCode: codes[0]!.code });
  if (made._ !== 'auth.authorization') throw new Error(made._);
  await guest.notifyLoggedIn(made);
  return made.user.id;
}

