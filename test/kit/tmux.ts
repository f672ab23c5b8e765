/** A program in a terminal of its own (tmux): keys in, what is on the screen out. Waits for conditions, never for time. */
import { execFileSync } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';

const POLL_MS = 25;
const TRIES = 600;

export class Pane {
  readonly #socket: string;

  /** @param command run by a shell, with `env` beside a sane environment; its exit code is printed after it */
  constructor(name: string, cols: number, rows: number, command: string, env: readonly string[] = []) {
    this.#socket = `why502-${process.pid}-${name}`;
    const shell = [
      'env',
      '-u',
      'NO_COLOR',
      'PS1=',
      'LANG=C.UTF-8',
      'TERM=tmux-256color',
      ...env,
      'bash',
      '--norc',
      '--noprofile',
    ];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(cols), '-y', String(rows), ...shell);
    this.#tmux('set-option', '-g', 'status', 'off');
    this.#tmux('set-option', '-s', 'set-clipboard', 'on');
    this.type(`${command}; echo "code:$?"\n`);
  }

  keys(...names: readonly string[]): void {
    this.#tmux('send-keys', ...names);
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', text);
  }

  resize(cols: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(cols), '-y', String(rows));
  }

  text(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** The same with its colours, as escape sequences whose first character is `^`. */
  styled(): string {
    return this.#tmux('capture-pane', '-p', '-e').replaceAll('\x1b', '^');
  }

  /** Left button down and up, on a line and a column counted from 0. */
  click(line: number, column: number): void {
    for (const end of ['M', 'm']) this.type(`\x1b[<0;${column + 1};${line + 1}${end}`);
  }

  /** What was copied (OSC 52). */
  clipboard(): string {
    return this.#tmux('show-buffer');
  }

  /** The program with that word in its command line which the shell runs: Node 24 names its process after its main thread. */
  program(name: string): number {
    const shell = this.#tmux('display-message', '-p', '#{pane_pid}').trim();
    return Number(execFileSync('pgrep', ['-P', shell, '-f', name], { encoding: 'utf8' }));
  }

  /** `alternate screen, mouse, cursor` as tmux sees them. */
  modes(): string {
    return this.#tmux('display-message', '-p', '#{alternate_on} #{mouse_any_flag} #{cursor_flag}').trim();
  }

  /** The screen once it shows `wanted`, and stays the same from one look to the next. */
  async shows(wanted: RegExp): Promise<string> {
    let before = '';
    for (let n = 0; n < TRIES; n++) {
      const now = this.text();
      if (wanted.test(now) && now === before) return now;
      before = now;
      await later(POLL_MS);
    }
    throw new Error(`never on the screen: ${wanted}\n${this.text()}`);
  }

  end(): void {
    this.#tmux('kill-server');
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
