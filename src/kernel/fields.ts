/** The named fields of one entry. Whatever stands in them: reading never throws. */
import type { Death, Ends, Process } from '../model/kernel-event.ts';

/** What a kernel's process name can be; a file may hold anything. */
const NAME = /^[!-~]{1,15}$/;
const END = /^(?:[0-9.]{7,15}|\[[0-9a-f:.]{2,45}\]):\d{1,5}$/;
const PATH = /^unix:\/.{0,107}$/;
/** A service's name as systemd writes it, or a container's id. */
const UNIT = /^[\w@:.\\ -]{1,63}$/;
const NUMBER = /^\d{1,16}$/;

const ESCAPED = /^(?:[ -[\]-~]|\\x[0-9a-f]{2})*$/;
/** A line of an error log is no longer than this. */
const LINE_OCTETS = 2048;

const NO_OCTETS = new Uint8Array(0);

/** `PROCESS` -> `WHY502_PROCESS`: put together once for each name that is asked for here. */
const keys = new Map<string, string>();

function keyOf(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = `WHY502_${name}`;
  keys.set(name, key);
  return key;
}

export class Fields {
  readonly #fields: ReadonlyMap<string, string>;

  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
  }

  text(name: string): string {
    return this.#fields.get(keyOf(name)) ?? '';
  }

  /** 0 where it is not given, or no number. */
  number(name: string): number {
    const text = this.text(name);
    return NUMBER.test(text) ? Number(text) : 0;
  }

  flag(name: string): boolean {
    return this.text(name) === '1';
  }

  process(id = 'PROCESS', name = 'NAME'): Process | undefined {
    const number = this.number(id);
    const text = this.text(name);
    return number > 0 ? { id: number, name: NAME.test(text) ? text : '?' } : undefined;
  }

  ends(): Ends | undefined {
    const local = this.text('LOCAL');
    const remote = this.text('REMOTE');
    if (PATH.test(remote)) return { local: `unix:#${this.number('SOCKET')}`, remote };
    return END.test(local) && END.test(remote) ? { local, remote } : undefined;
  }

  /** Where somebody listens. */
  address(): string | undefined {
    const local = this.text('LOCAL');
    return PATH.test(local) || END.test(local) ? local : undefined;
  }

  /** Readable octets as they are, every other one as `\xNN`; none where anything else stands there. */
  octets(name: string): Uint8Array {
    const text = this.text(name);
    if (!ESCAPED.test(text)) return NO_OCTETS;
    const octets = new Uint8Array(text.length);
    let count = 0;
    for (let at = 0; at < text.length; at++) {
      const escaped = text[at] === '\\';
      octets[count++] = escaped ? Number.parseInt(text.slice(at + 2, at + 4), 16) : text.charCodeAt(at);
      if (escaped) at += 3;
    }
    return octets.subarray(0, count);
  }

  /** The same octets as text, each a character. */
  line(name: string): string {
    return String.fromCharCode(...this.octets(name).subarray(0, LINE_OCTETS));
  }

  unit(): string {
    const unit = this.text('UNIT');
    return UNIT.test(unit) ? unit : '';
  }

  death(): Death {
    return { signal: this.number('SIGNAL'), code: this.number('CODE') };
  }
}
