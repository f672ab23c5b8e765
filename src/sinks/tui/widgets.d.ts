/** What is used of blessed and blessed-contrib, each by its own path: their indexes would load all of them, and what they need. */

declare module 'blessed/lib/widgets/screen.js' {
  import type { Widgets } from 'blessed';

  const Screen: new (options: Widgets.IScreenOptions) => Widgets.Screen;
  export = Screen;
}

declare module 'blessed/lib/widgets/box.js' {
  import type { Widgets } from 'blessed';

  const Box: new (options: Widgets.BoxOptions) => Widgets.BoxElement;
  export = Box;
}

declare module 'blessed/lib/tput.js' {
  /** What a capability of a terminal says with these parameters. */
  type Capability = (this: unknown, parameters: readonly unknown[]) => string;

  const Tput: {
    /** Where terminfo may lie. */
    readonly ipaths: string[];
    readonly prototype: { _compile(info: object, name: string, value: unknown): Capability };
  };
  export = Tput;
}

declare module 'blessed-contrib/lib/widget/canvas.js' {
  import type { Widgets } from 'blessed';

  /** Dots of Braille: two a column, four a row. */
  interface Dots {
    color: string;
    clear(): void;
    set(x: number, y: number): void;
  }
  type CanvasElement = Widgets.BoxElement & {
    canvasSize: { width: number; height: number };
    calcSize(): void;
    readonly ctx: { readonly _canvas: Dots };
  };
  const Canvas: new (options: object) => CanvasElement;
  export = Canvas;
}
