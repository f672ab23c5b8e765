/** The chart of a frame as a widget: stacks of coloured Braille dots, on the canvas of blessed-contrib. */
import { createRequire } from 'node:module';
import type { Widgets } from 'blessed';
import type { Graph } from './frame.ts';

/** In the order of the series; the last stands for all beyond. The canvas knows these names only. */
const COLOURS = ['red', 'yellow', 'cyan', 'magenta', 'blue', 'green', 'white'] as const;
/** Dots of one character. */
const ACROSS = 2;
const DOWN = 4;

export interface GraphPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A widget in its place. */
export interface GraphWidget {
  readonly element: Widgets.BoxElement;
  show(graph: Graph): void;
}

const require = createRequire(import.meta.url);

/** The canvas takes as long to load as the rest of a screen: it is once there is something to chart, or time for it. */
export function loadCanvas(): typeof import('blessed-contrib/lib/widget/canvas.js') {
  return require('blessed-contrib/lib/widget/canvas.js');
}

export function isEmpty({ columns }: Graph): boolean {
  return columns.every((stack) => stack.every((part) => part === 0));
}

export function graphWidget(place: GraphPlace, screen: Widgets.Screen): GraphWidget {
  const Canvas = loadCanvas();
  const canvas = new Canvas({ ...place, wrap: false });
  canvas.calcSize = () => {
    canvas.canvasSize = { width: place.width * ACROSS, height: place.height * DOWN };
  };
  screen.append(canvas);
  return {
    element: canvas,
    show({ columns, max }) {
      const dots = canvas.ctx._canvas;
      dots.clear();
      const scale = (place.height * DOWN) / max;
      columns.slice(0, place.width).forEach((stack, column) => {
        let bottom = 0;
        let count = 0;
        stack.forEach((part, series) => {
          count += part;
          // Whatever happened is at least a dot.
          const top = part > 0 ? Math.max(bottom + 1, Math.round(count * scale)) : bottom;
          dots.color = COLOURS[series] ?? 'white';
          for (; bottom < top; bottom++) {
            const y = place.height * DOWN - 1 - bottom;
            dots.set(column * ACROSS, y);
            dots.set(column * ACROSS + 1, y);
          }
        });
      });
    },
  };
}
