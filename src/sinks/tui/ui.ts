/**
 * What the user looks at: screen, selection, filter, pause. A pure reducer: `update(ui, command, lists)`; what there is to
 * move through comes in as lists. Nothing that arrives moves a selection: it is an entry, not a line.
 */
import type { ClockMode } from './clock.ts';
import type { Role } from './frame.ts';

export type Screen = 'hunt' | 'story' | 'upstreams' | 'causes' | 'health' | 'help';

export const PEER_COLUMNS = ['attempts', 'rate', 'failed', 'hidden', 'connect', 'first', 'reuse', 'margin'] as const;
export type PeerColumn = (typeof PEER_COLUMNS)[number];

export interface Ui {
  readonly cols: number;
  readonly rows: number;
  readonly screen: Screen;
  /** Where `back` leads, nearest last. */
  readonly behind: readonly Screen[];
  readonly focus: 'incidents' | 'causes';
  /** Number of the selected entry; `undefined` while the newest is followed. */
  readonly selected: number | undefined;
  /** Line of the list that the selected entry stands on. */
  readonly line: number;
  /** The cause that is selected; `undefined`: the first. */
  readonly cause: string | undefined;
  readonly peer: string | undefined;
  readonly sort: PeerColumn;
  readonly filter: string;
  /** The filter while it is typed. */
  readonly typing: string | undefined;
  /** Number of the newest entry when the list was paused. */
  readonly paused: number | undefined;
  /** Failures that a retry hid are listed too. */
  readonly hidden: boolean;
  readonly clock: ClockMode;
  /** First line shown of a text. */
  readonly scroll: number;
  /** Of the story: attempt looked at, counted from 0; `undefined`: the one that the verdict is about. */
  readonly attempt: number | undefined;
  /** Of the story: octets instead of the ladder. */
  readonly octets: boolean;
  readonly notice: { readonly text: string; readonly role: Role } | undefined;
}

export type Command =
  | { readonly do: 'move'; readonly by: number }
  | { readonly do: 'page'; readonly by: number }
  | { readonly do: 'first' | 'last' | 'open' | 'back' | 'octets' | 'clock' | 'pause' | 'hidden' | 'focus' | 'sort' }
  | { readonly do: 'show'; readonly screen: Screen }
  | { readonly do: 'step'; readonly by: number }
  | { readonly do: 'sideways'; readonly by: number }
  | { readonly do: 'filter' | 'clear' | 'accept' | 'cancel' | 'erase' | 'erase-word' }
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'pick'; readonly pane: string; readonly line: number }
  | { readonly do: 'notice'; readonly text: string; readonly role: Role }
  | { readonly do: 'noticed' }
  | { readonly do: 'size'; readonly cols: number; readonly rows: number };

/** What there is to move through, as it stands now. */
export interface Lists {
  /** Numbers of the entries that pass the filter, newest first. */
  readonly entries: readonly number[];
  /** Of those, the one that stands on the list's first line while the newest is followed, as it was last drawn. */
  readonly drawn: number | undefined;
  /** Entry to go to from the selected one, one column of the chart earlier or later. */
  readonly earlier: number | undefined;
  readonly later: number | undefined;
  readonly causes: readonly string[];
  readonly peers: readonly string[];
  /** Attempts of the selected entry, and which of them is looked at. */
  readonly attempts: number;
  readonly attempt: number;
  /** Lines of the text on screen, and of the pane it is in. */
  readonly textLines: number;
  readonly listHeight: number;
  readonly textHeight: number;
  readonly newest: number;
}

const CLOCKS: readonly ClockMode[] = ['utc', 'local', 'relative'];
/** Characters of a filter. */
const FILTER_LIMIT = 200;

export function initialUi(cols: number, rows: number): Ui {
  return {
    cols,
    rows,
    screen: 'hunt',
    behind: [],
    focus: 'incidents',
    selected: undefined,
    line: 0,
    cause: undefined,
    peer: undefined,
    sort: 'failed',
    filter: '',
    typing: undefined,
    paused: undefined,
    hidden: false,
    clock: 'utc',
    scroll: 0,
    attempt: undefined,
    octets: false,
    notice: undefined,
  };
}

export function update(before: Ui, command: Command, lists: Lists): Ui {
  // A notice has been read once the next key is pressed, or some time later.
  const ui = command.do === 'size' || before.notice === undefined ? before : { ...before, notice: undefined };
  switch (command.do) {
    case 'size':
      return { ...ui, cols: command.cols, rows: command.rows };
    case 'notice':
      return { ...ui, notice: { text: command.text, role: command.role } };
    case 'noticed':
      return ui;
    case 'show':
      return show(ui, command.screen);
    case 'back':
      return back(ui);
    case 'open':
      return open(ui, lists);
    case 'page':
      if (ui.screen === 'causes') return scrolled(ui, command.by * pageOf(ui, lists), lists);
      return move(ui, command.by * pageOf(ui, lists), lists);
    case 'move':
      return move(ui, command.by, lists);
    case 'first':
      return edge(ui, 'first', lists);
    case 'last':
      return edge(ui, 'last', lists);
    case 'step':
      return step(ui, command.by, lists);
    case 'sideways':
      return sideways(ui, command.by, lists);
    case 'pick':
      return pick(ui, command.pane, command.line, lists);
    case 'focus':
      return { ...ui, focus: ui.focus === 'incidents' ? 'causes' : 'incidents' };
    case 'sort': {
      const at = (PEER_COLUMNS.indexOf(ui.sort) + 1) % PEER_COLUMNS.length;
      return { ...ui, sort: PEER_COLUMNS[at] as PeerColumn };
    }
    case 'octets':
      return { ...ui, octets: !ui.octets, scroll: 0 };
    case 'clock':
      return { ...ui, clock: CLOCKS[(CLOCKS.indexOf(ui.clock) + 1) % CLOCKS.length] as ClockMode };
    case 'pause':
      return { ...ui, paused: ui.paused === undefined ? lists.newest : undefined };
    case 'hidden':
      return { ...ui, hidden: !ui.hidden };
    default:
      return typing(ui, command);
  }
}

type Typing = Extract<Command, { do: 'filter' | 'clear' | 'accept' | 'cancel' | 'erase' | 'erase-word' | 'type' }>;

function typing(ui: Ui, command: Typing): Ui {
  const typed = ui.typing ?? '';
  switch (command.do) {
    case 'filter':
      return { ...ui, screen: 'hunt', behind: [], typing: ui.filter };
    case 'clear':
      return { ...ui, filter: '', selected: undefined, line: 0 };
    case 'accept':
      return { ...ui, filter: typed.trim(), typing: undefined, focus: 'incidents', selected: undefined, line: 0 };
    case 'cancel':
      return { ...ui, typing: undefined };
    case 'erase':
      return { ...ui, typing: [...typed].slice(0, -1).join('') };
    case 'erase-word':
      return { ...ui, typing: typed.replace(/\S*\s*$/, '') };
    case 'type':
      return { ...ui, typing: (typed + command.text).slice(0, FILTER_LIMIT) };
  }
}

function show(ui: Ui, screen: Screen): Ui {
  if (ui.screen === screen) return back(ui);
  const behind = [...ui.behind.filter((one) => one !== screen), ui.screen];
  return { ...ui, screen, behind, scroll: 0, octets: false };
}

function back(ui: Ui): Ui {
  if (ui.octets) return { ...ui, octets: false, scroll: 0 };
  const screen = ui.behind.at(-1) ?? 'hunt';
  return { ...ui, screen, behind: ui.behind.slice(0, -1), scroll: 0 };
}

/** The selected entry, or the one that stood first when the screen was last drawn. */
function selectedIn(ui: Ui, { entries, drawn }: Lists): number | undefined {
  const wanted = ui.selected ?? drawn;
  if (wanted === undefined) return entries[0];
  return entries.find((number) => number <= wanted) ?? entries.at(-1);
}

function open(ui: Ui, lists: Lists): Ui {
  if (ui.screen === 'upstreams') return narrowed(ui, 'peer', moved(lists.peers, ui.peer, 0));
  if (ui.screen === 'causes') return narrowed(ui, 'cause', moved(lists.causes, ui.cause, 0));
  if (ui.screen !== 'hunt') return ui;
  if (ui.focus === 'causes') return show({ ...ui, cause: moved(lists.causes, ui.cause, 0) }, 'causes');
  const selected = selectedIn(ui, lists);
  return selected === undefined ? ui : { ...show(ui, 'story'), selected, attempt: undefined };
}

function narrowed(ui: Ui, key: 'peer' | 'cause', value: string | undefined): Ui {
  if (value === undefined) return ui;
  const filter = `${key}:${value}`;
  return { ...ui, screen: 'hunt', behind: [], focus: 'incidents', filter, selected: undefined, line: 0 };
}

function pageOf(ui: Ui, { listHeight, textHeight }: Lists): number {
  return Math.max(1, (ui.screen === 'hunt' ? listHeight : textHeight) - 1);
}

function move(ui: Ui, by: number, lists: Lists): Ui {
  if (ui.screen === 'upstreams') return { ...ui, peer: moved(lists.peers, ui.peer, by) };
  if (ui.screen === 'causes') return { ...ui, cause: moved(lists.causes, ui.cause, by), scroll: 0 };
  if (ui.screen === 'hunt') {
    return ui.focus === 'causes' ? { ...ui, cause: moved(lists.causes, ui.cause, by) } : select(ui, by, lists);
  }
  return scrolled(ui, by, lists);
}

function scrolled(ui: Ui, by: number, { textLines, textHeight }: Lists): Ui {
  return { ...ui, scroll: Math.max(0, Math.min(Math.max(0, textLines - textHeight), ui.scroll + by)) };
}

function moved(names: readonly string[], name: string | undefined, by: number): string | undefined {
  // Where none is selected, or it is gone, the first one is drawn as selected.
  const at = name === undefined ? 0 : Math.max(0, names.indexOf(name));
  return names[Math.max(0, Math.min(names.length - 1, at + by))];
}

function select(ui: Ui, by: number, lists: Lists): Ui {
  const { entries, listHeight } = lists;
  const selected = selectedIn(ui, lists);
  if (selected === undefined) return ui;
  // The first key only shows where one is.
  if (ui.selected === undefined) return { ...ui, selected, line: 0 };
  const at = entries.indexOf(selected);
  const to = Math.max(0, Math.min(entries.length - 1, at + by));
  const line = Math.max(0, Math.min(Math.min(listHeight - 1, to), ui.line + to - at));
  return { ...ui, selected: entries[to], line };
}

function edge(ui: Ui, which: 'first' | 'last', lists: Lists): Ui {
  if (ui.screen === 'hunt' && ui.focus === 'incidents' && which === 'first') {
    return { ...ui, selected: undefined, line: 0 };
  }
  return move(ui.selected === undefined ? { ...ui, selected: lists.drawn } : ui, which === 'first' ? -1e9 : 1e9, lists);
}

/** To the next older or newer incident, on the story's screen too. */
function step(ui: Ui, by: number, lists: Lists): Ui {
  if (ui.screen !== 'story') return ui;
  const stepped = select({ ...ui, selected: selectedIn(ui, lists) }, by, lists);
  return { ...stepped, attempt: undefined, scroll: 0 };
}

function sideways(ui: Ui, by: number, lists: Lists): Ui {
  if (ui.screen === 'story') {
    return { ...ui, attempt: Math.max(0, Math.min(lists.attempts - 1, lists.attempt + by)) };
  }
  if (ui.screen !== 'hunt') return ui;
  const to = by < 0 ? lists.earlier : lists.later;
  if (to === undefined) return ui;
  const at = lists.entries.indexOf(to);
  const from = lists.entries.indexOf(selectedIn(ui, lists) ?? to);
  const line = Math.max(0, Math.min(Math.min(lists.listHeight - 1, at), ui.line + at - from));
  return { ...ui, focus: 'incidents', selected: to, line };
}

function pick(ui: Ui, pane: string, line: number, lists: Lists): Ui {
  if (pane === 'causes' && ui.screen === 'hunt')
    return { ...ui, focus: 'causes', cause: lists.causes[line] ?? ui.cause };
  if (pane !== 'incidents' || ui.screen !== 'hunt') return ui;
  const top = topOf(ui, lists.entries);
  const number = lists.entries[top + line];
  if (number === undefined) return { ...ui, focus: 'incidents' };
  if (number === ui.selected && ui.focus === 'incidents') return open(ui, lists);
  return { ...ui, focus: 'incidents', selected: number, line };
}

/** Index of the entry on the list's first line. */
export function topOf(ui: Ui, entries: readonly number[]): number {
  if (ui.selected === undefined) return 0;
  const { selected } = ui;
  const at = entries.findIndex((number) => number <= selected);
  return at < 0 ? Math.max(0, entries.length - 1 - ui.line) : Math.max(0, at - ui.line);
}
