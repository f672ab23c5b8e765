/** The widgets of blessed-contrib that are used, each by its own path: its index would load all of them, and what they need. */

declare module 'blessed-contrib/lib/widget/canvas.js' {
  import type { Widgets } from 'blessed';

  /** Dots of Braille: two a column, four a row. */
  export interface Dots {
    color: string;
    clear(): void;
    set(x: number, y: number): void;
  }
  export type CanvasElement = Widgets.BoxElement & {
    canvasSize: { width: number; height: number };
    calcSize(): void;
    readonly ctx: { readonly _canvas: Dots };
  };
  const Canvas: new (options: object) => CanvasElement;
  export default Canvas;
}
