/** Graphs of a frame as widgets of blessed-contrib: the stack on its canvas of Braille dots, the rate as its line chart. */
import type { Widgets } from 'blessed';
import Canvas from 'blessed-contrib/lib/widget/canvas.js';
import LineChart from 'blessed-contrib/lib/widget/charts/line.js';
import type { Graph } from './frame.ts';

/** In the order of the series; the last stands for all beyond. The canvas knows these names only. */
const COLOURS = ['red', 'yellow', 'cyan', 'magenta', 'blue', 'green', 'white'] as const;
/** Dots of one character. */
const ACROSS = 2;
const DOWN = 4;
/** Lines below which the line chart has no room for its axes. */
const LEAST_RATE_HEIGHT = 5;

export interface GraphPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A widget in its place, for as long as neither kind nor place changes. */
export interface GraphWidget {
  readonly element: Widgets.BoxElement;
  show(graph: Graph): void;
}

export function graphWidget(graph: Graph, place: GraphPlace, screen: Widgets.Screen): GraphWidget | undefined {
  if (graph.kind === 'stack') return stackWidget(place, screen);
  return place.height < LEAST_RATE_HEIGHT ? undefined : rateWidget(place, screen);
}

function stackWidget(place: GraphPlace, screen: Widgets.Screen): GraphWidget {
  const canvas = new Canvas({ ...place, wrap: false });
  canvas.calcSize = () => {
    canvas.canvasSize = { width: place.width * ACROSS, height: place.height * DOWN };
  };
  screen.append(canvas);
  return {
    element: canvas,
    show(graph) {
      if (graph.kind !== 'stack') return;
      const dots = canvas.ctx._canvas;
      dots.clear();
      const scale = (place.height * DOWN) / graph.max;
      graph.columns.slice(0, place.width).forEach((stack, column) => {
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

function rateWidget(place: GraphPlace, screen: Widgets.Screen): GraphWidget {
  const chart = new LineChart({
    ...place,
    wholeNumbersOnly: true,
    numYLabels: 3,
    xPadding: 6,
    style: { line: 'green', text: 'white', baseline: 'white' },
  });
  screen.append(chart);
  return {
    element: chart,
    show(graph) {
      if (graph.kind !== 'rate') return;
      // Without a top of its own a chart of zeros has no scale.
      chart.options.maxY = Math.max(4, Math.ceil(Math.max(...graph.values) * 1.2));
      chart.setData([{ title: '', x: graph.labels, y: graph.values, style: { line: 'green' } }]);
    },
  };
}
