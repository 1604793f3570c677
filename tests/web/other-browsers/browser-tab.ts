/** Keys, as WebDriver names them. @see https://www.w3.org/TR/webdriver2/#keyboard-actions */
export const KEY = { backspace: '\uE003', enter: '\uE007', escape: '\uE00C' } as const;

const SHIFT = '\uE008';
/** Characters that are typed with Shift on an American keyboard. */
const SHIFTED = /[~!@#$%^&*()_+{}|:"<>?]/u;

export interface WindowSize {
  width: number;
  height: number;
}

/** A browser that a test drives and nobody sees. */
export interface Browser extends AsyncDisposable {
  /** Errors that pages reported. Empty for a browser whose driver does not tell them. */
  readonly problems: readonly string[];
  /** Opens a tab. All tabs share what the browser keeps of a site. */
  openTab(address: string, size: WindowSize): Promise<BrowserTab>;
}

/** Which element is wanted: one that fits both. */
export interface Wanted {
  css: string;
  /** The whole accessible name or text of the element; an expression for a part of it. */
  name: string | RegExp;
}

/** A function of the page that returns the visible elements that fit. */
const FIND = `({ css, name, flags }) => [...document.querySelectorAll(css)].filter((element) => {
  const said = [element.ariaLabel, element.labels?.[0]?.innerText, element.innerText].map((text) => (text ?? '').trim());
  return element.checkVisibility() && said.some((text) => (flags === undefined ? text === name : new RegExp(name, flags).test(text)));
})`;

/** How often a condition is checked, and how long it is waited for, in milliseconds. */
const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 30_000;

/** A tab of a browser that WebDriver drives. */
export abstract class BrowserTab {
  abstract go(address: string): Promise<void>;
  abstract reload(): Promise<void>;
  /** Chooses files in a field, which need not be visible. */
  abstract chooseFiles(css: string, files: string[]): Promise<void>;
  /** Evaluates an expression that yields a promise of a string. */
  protected abstract ask(expression: string): Promise<string>;
  /** Performs actions of WebDriver. */
  protected abstract act(actions: object[]): Promise<void>;

  /** Evaluates an expression, which may be a promise, in the page. @returns its value, as JSON can tell it */
  async evaluate<Value>(expression: string): Promise<Value> {
    return JSON.parse(await this.ask(`(async () => JSON.stringify(await (${expression})) ?? 'null')()`)) as Value;
  }

  #found({ css, name }: Wanted): string {
    return `(${FIND})(${JSON.stringify({ css, name: typeof name === 'string' ? name : name.source, flags: typeof name === 'string' ? undefined : name.flags })})`;
  }

  async count(wanted: Wanted): Promise<number> {
    return await this.evaluate<number>(`${this.#found(wanted)}.length`);
  }

  /** Waits until such an element is visible, or none is any more. */
  async waitFor(wanted: Wanted, isGone = false): Promise<void> {
    await this.evaluate(`new Promise((resolve, reject) => {
      const until = Date.now() + ${PATIENCE_MS};
      const look = () => {
        if ((${this.#found(wanted)}.length === 0) === ${isGone}) resolve(true);
        else if (Date.now() > until) reject(new Error('waited in vain for ${isGone ? 'the end of ' : ''}' + ${JSON.stringify(`${wanted.css} ${String(wanted.name)}`)}));
        else setTimeout(look, ${LOOK_EVERY_MS});
      };
      look();
    })`);
  }

  /** Presses a button of the mouse on the first such element. @param button 0 is the left one, 2 the right one */
  async click(wanted: Wanted, button = 0): Promise<void> {
    await this.waitFor(wanted);
    const place = await this.evaluate<{ x: number; y: number }>(`(() => {
      const [element] = ${this.#found(wanted)};
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
    })()`);
    const actions = [{ type: 'pointerMove', ...place }, { type: 'pointerDown', button }, { type: 'pause', duration: 50 }, { type: 'pointerUp', button }];
    await this.act([{ type: 'pointer', id: 'mouse', actions }]);
  }

  /** Types a text. */
  async type(text: string): Promise<void> {
    const press = (value: string): object[] => [{ type: 'keyDown', value }, { type: 'keyUp', value }];
    // WebKit's driver presses the key of such a sign and would type what that key has without Shift.
    const actions = Array.from(text).flatMap((value) => (SHIFTED.test(value) ? [{ type: 'keyDown', value: SHIFT }, ...press(value), { type: 'keyUp', value: SHIFT }] : press(value)));
    await this.act([{ type: 'key', id: 'keyboard', actions }]);
  }
}
