export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A horizontal stretch through a column. */
export interface Pass {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

const TURN = 34;

/** From a box to the right, through lanes, and straight into its slot. */
export function forwardRoute(start: Point, passes: readonly Pass[], gate: number, end: Point): string {
  let at = start;
  const steps = passes.map((pass) => {
    const step = `${curve(at, { x: pass.from, y: pass.y })} H ${round(pass.to)}`;
    at = { x: pass.to, y: pass.y };
    return step;
  });
  return `M ${point(start)} ${[...steps, curve(at, { x: gate, y: end.y })].join(' ')} H ${round(end.x)}`;
}

/** From a box to the right, back to the left on a lane below all boxes, and into its slot. */
export function backRoute(start: Point, gate: Point, end: Point, lane: number): string {
  return [
    `M ${point(start)}`,
    `C ${round(start.x + TURN)} ${round(start.y)} ${round(start.x + TURN)} ${round(lane)} ${round(start.x)} ${round(lane)}`,
    `H ${round(gate.x)}`,
    `C ${round(gate.x - TURN)} ${round(lane)} ${round(gate.x - TURN)} ${round(gate.y)} ${point(gate)}`,
    `H ${round(end.x)}`,
  ].join(' ');
}

function curve(from: Point, to: Point): string {
  const middle = round((from.x + to.x) / 2);
  return `C ${middle} ${round(from.y)} ${middle} ${round(to.y)} ${point(to)}`;
}

function point({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
