/**
 * Frames onto a terminal, keys and clicks from it. The only file, with `graph.ts`, that knows blessed. blessed compares
 * cells and writes what changed; a pane whose text is the same is not touched at all.
 */
import { createRequire } from 'node:module';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Widgets } from 'blessed';
import { type Frame, fitted, type Graph, inside, type Line, type Look, type Pane, titleLine } from './frame.ts';
import { type GraphWidget, graphWidget, isEmpty, loadCanvas } from './graph.ts';
import type { Key } from './keys.ts';
import { greyOf, palette } from './terminal.ts';

export interface ScreenEvents {
  key(key: Key): void;
  size(cols: number, rows: number): void;
  click(pane: string, line: number): void;
  wheel(by: number): void;
}

export interface Screen {
  readonly cols: number;
  readonly rows: number;
  paint(frame: Frame): void;
  /** Into the clipboard of the terminal's user (OSC 52), through tmux and screen. */
  copy(text: string): void;
  /** All of it, whatever is believed to be there. */
  redraw(): void;
  suspend(): void;
  /** The terminal as it was. May be called twice. */
  close(): void;
}

/** Octets of base64 that terminals take at once. */
const CLIPBOARD_LIMIT = 74_994;
/** Characters of such a string: a tenth of what screen holds (MAXSTR is 768 before 4.7). */
const SCREEN_STRING = 76;
/** Where an event of the mouse begins (xterm's SGR form). */
const MOUSE_EVENT = '\x1b[<';
/** Lines that one turn of the wheel moves. */
const WHEEL = 3;

/** What blessed has and its types do not tell. */
interface Program {
  _bindMouse(text: string, octets: Buffer): void;
  _write(text: string): void;
  flush(): void;
  setMouse(modes: { allMotion: boolean }, enable: boolean): void;
  sigtstp(callback: () => void): void;
}

interface Painted {
  readonly box: Widgets.BoxElement;
  readonly title: Widgets.BoxElement | undefined;
  readonly place: string;
  text: string;
  heading: string;
  graph: GraphWidget | undefined;
}

/** The two ends of a terminal, and what it is called. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function openScreen(look: Look, { input, output, env }: Terminal, events: ScreenEvents): Screen {
  const screen = blessedScreen(look, { input, output, env });
  const program = screen.program as unknown as Program;
  const painter = new Painter(screen, look, events);
  const readMouse = program._bindMouse.bind(program);
  // It reads one event of the mouse from what arrives together; on a busy machine that is a press and its release.
  program._bindMouse = (text, octets) => {
    for (let at = 0, next = 0; at < text.length; at = next) {
      next = text.indexOf(MOUSE_EVENT, at + 1);
      if (next < 0) next = text.length;
      readMouse(text.slice(at, next), octets);
    }
  };
  screen.enableMouse();
  // Every move of the mouse would be sent, over slow lines too; clicks and the wheel are all that is listened to.
  program.setMouse({ allMotion: false }, true);
  screen.on('keypress', (text: string | undefined, key: { full?: string }) => {
    events.key({ name: key?.full ?? text ?? '', text });
  });
  screen.on('resize', () => {
    painter.forget();
    events.size(screen.cols, screen.rows);
  });
  let closed = false;
  let painted = false;
  return {
    get cols() {
      return screen.cols;
    },
    get rows() {
      return screen.rows;
    },
    paint(frame) {
      painter.paint(frame);
      // At once: whoever painted it may be busy for a while from now on.
      program.flush();
      if (painted) return;
      painted = true;
      // While there is time: the first 502 is not to wait for its chart.
      setImmediate(loadCanvas);
    },
    copy(text) {
      const code = `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64').slice(0, CLIPBOARD_LIMIT)}\x07`;
      // One may run within the other, and both leave their mark: the nearer one names the terminal.
      const inScreen = env['STY'] && !env['TERM']?.startsWith('tmux');
      program._write(inScreen ? throughScreen(code) : code);
      if (env['TMUX'] && !inScreen) program._write(`\x1bPtmux;${code.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`);
      program.flush();
    },
    redraw() {
      screen.realloc();
      screen.render();
    },
    suspend: () =>
      program.sigtstp(() => {
        screen.realloc();
        screen.render();
      }),
    close() {
      if (closed) return;
      closed = true;
      screen.destroy();
      program.flush();
    },
  };
}

// Required, not imported: that would parse each for its exports first.
const require = createRequire(import.meta.url);
const BlessedScreen: typeof import('blessed/lib/widgets/screen.js') = require('blessed/lib/widgets/screen.js');
const Box: typeof import('blessed/lib/widgets/box.js') = require('blessed/lib/widgets/box.js');
const Tput: typeof import('blessed/lib/tput.js') = require('blessed/lib/tput.js');

// It brings terminfo of its own, and cannot read that of newer systems: it looks for none.
Tput.ipaths.length = 0;

/** GNU screen hands on what stands in strings of its own, and shows what is longer than it takes. */
function throughScreen(code: string): string {
  const pieces = code.match(new RegExp(`[\\s\\S]{1,${SCREEN_STRING}}`, 'g')) ?? [];
  return pieces.map((piece) => `\x1bP${piece}\x1b\\`).join('');
}

/** blessed makes a function of each of 400 capabilities of the terminal before it draws: here those that are used. */
const compile = Tput.prototype._compile;
Tput.prototype._compile = function (info, name, value) {
  if (typeof value !== 'string') return compile.call(this, info, name, value);
  let capability: ReturnType<typeof compile> | undefined;
  return (parameters) => {
    capability ??= compile.call(this, info, name, value);
    return capability.call(this, parameters);
  };
};

function blessedScreen(look: Look, { input, output, env }: Terminal): Widgets.Screen {
  // Lines of boxes as characters, not in the alternate character set: blessed reads this when a screen is made.
  process.env['NCURSES_NO_UTF8_ACS'] = '1';
  // Inside tmux it would run a program to ask for its version, and send modes of the mouse past it.
  const { TMUX } = process.env;
  delete process.env['TMUX'];
  try {
    return new BlessedScreen({
      input,
      output,
      // Of those that it brings along; of an unknown one it would show eight colours.
      terminal: env['TERM'] === 'linux' ? 'linux' : 'xterm-256color',
      fullUnicode: true,
      forceUnicode: look.unicode,
      autoPadding: false,
    } as Widgets.IScreenOptions);
  } finally {
    if (TMUX !== undefined) process.env['TMUX'] = TMUX;
  }
}

class Painter {
  readonly #screen: Widgets.Screen;
  readonly #look: Look;
  readonly #events: ScreenEvents;
  readonly #sgr: ReturnType<typeof palette>;
  #panes = new Map<string, Painted>();

  constructor(screen: Widgets.Screen, look: Look, events: ScreenEvents) {
    this.#screen = screen;
    this.#look = look;
    this.#events = events;
    this.#sgr = palette(look);
  }

  /** Everything is to be made anew: the widgets of blessed-contrib do not follow a new size. */
  forget(): void {
    for (const painted of this.#panes.values()) remove(painted);
    this.#panes.clear();
  }

  paint(frame: Frame): void {
    const wanted = new Set(frame.panes.map(({ id }) => id));
    for (const [id, painted] of this.#panes) {
      if (wanted.has(id)) continue;
      remove(painted);
      this.#panes.delete(id);
    }
    for (const pane of frame.panes) this.#paintPane(pane);
    this.#screen.render();
  }

  #paintPane(pane: Pane): void {
    const painted = this.#painted(pane);
    const { width, height } = inside(pane);
    const skip = pane.graph?.height ?? 0;
    const lines = pane.lines.slice(0, Math.max(0, height - skip)).map((one) => this.#styled(one, width));
    const text = '\n'.repeat(skip) + lines.join('\n');
    if (painted.text !== text) painted.box.setContent(text);
    painted.text = text;
    const heading = painted.title ? this.#styled(titleLine(pane), pane.at.width - 2) : '';
    if (painted.heading !== heading) painted.title?.setContent(heading);
    painted.heading = heading;
    if (pane.graph) this.#paintGraph(painted, pane, pane.graph);
  }

  /** A chart of nothing needs no widget: the first frame does not wait for it to be loaded. */
  #paintGraph(painted: Painted, { at, border }: Pane, graph: Graph): void {
    if (!painted.graph && isEmpty(graph)) return;
    const { width } = inside({ at, border });
    painted.graph ??= graphWidget({ left: at.left + 1, top: at.top + 1, width, height: graph.height }, this.#screen);
    painted.graph.show(graph);
  }

  /** The widgets of the pane: those it had, unless it moved. */
  #painted(pane: Pane): Painted {
    const { id, at, border, graph } = pane;
    const place = [at.left, at.top, at.width, at.height, border, graph?.height].join(' ');
    const known = this.#panes.get(id);
    if (known?.place === place) return known;
    if (known) remove(known);
    const box = new Box({
      ...at,
      wrap: false,
      ...(border ? { border: 'line', style: { border: this.#borderStyle() } } : {}),
    } as Widgets.BoxOptions);
    this.#screen.append(box);
    const title = border
      ? new Box({
          left: at.left + 1,
          top: at.top,
          width: at.width - 2,
          height: 1,
          wrap: false,
        } as Widgets.BoxOptions)
      : undefined;
    if (title) this.#screen.append(title);
    const painted: Painted = { box, title, place, text: '', heading: '', graph: undefined };
    this.#listen(box, pane);
    this.#panes.set(id, painted);
    return painted;
  }

  #borderStyle(): { fg: number } | undefined {
    const fg = greyOf(this.#look);
    return fg === undefined ? undefined : { fg };
  }

  #listen(box: Widgets.BoxElement, { id, at, border }: Pane): void {
    box.on('click', (mouse: { y: number }) => this.#events.click(id, mouse.y - at.top - (border ? 1 : 0)));
    box.on('wheelup', () => this.#events.wheel(-WHEEL));
    box.on('wheeldown', () => this.#events.wheel(WHEEL));
  }

  #styled(one: Line, width: number): string {
    const spans = fitted(one, width, this.#look);
    if (one.selected) return `\x1b[7m${spans.map(({ text }) => text).join('')}\x1b[m`;
    return spans
      .map(({ text, role }) => {
        const sgr = this.#sgr[role];
        return sgr === '' ? text : `\x1b[${sgr}m${text}\x1b[m`;
      })
      .join('');
  }
}

function remove({ box, title, graph }: Painted): void {
  for (const element of [graph?.element, title, box]) element?.destroy();
}
