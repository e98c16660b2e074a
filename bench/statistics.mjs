/**
 * The exponent b of time = a · size^b that fits best (least squares of the logarithms): 1 is linear growth.
 *
 * @param {{ size: number, time: number }[]} points
 */
export function growthExponent(points) {
  const logs = points.map(({ size, time }) => [Math.log(size), Math.log(time)]);
  const mean = (at) => logs.reduce((sum, pair) => sum + pair[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const above = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return above / below;
}

/** Milliseconds that a call takes. */
export function timed(call) {
  const start = performance.now();
  const result = call();
  return { ms: performance.now() - start, result };
}
