/** The widgets of blessed-contrib that are used, each by its own path: its index would load all of them, and what they need. */
interface ContribCanvas extends import('blessed').Widgets.BoxElement {
  canvasSize: { width: number; height: number };
  calcSize(): void;
  readonly ctx: { strokeStyle: string; fillRect(x: number, y: number, width: number, height: number): void; readonly _canvas: ContribDots };
}

/** Dots of Braille: two a column, four a row. */
interface ContribDots {
  color: string;
  clear(): void;
  set(x: number, y: number): void;
}

declare module 'blessed-contrib/lib/widget/canvas.js' {
  const Canvas: new (options: object) => ContribCanvas;
  export default Canvas;
}

declare module 'blessed-contrib/lib/widget/charts/line.js' {
  interface Series {
    readonly title: string;
    readonly x: readonly string[];
    readonly y: readonly number[];
    readonly style: { readonly line: string };
  }
  const Line: new (options: object) => ContribCanvas & { options: { maxY: number }; setData(series: readonly Series[]): void };
  export default Line;
}
