/** A point on the line `x + step·direction`: the objective's value and its derivative along the line. */
export interface LinePoint {
  readonly step: number
  readonly value: number
  readonly slope: number
}

/** Sufficient decrease and curvature, as usual with quasi-Newton directions. */
const DECREASE = 1e-4
const CURVATURE = 0.9
const EVALUATIONS = 40

/**
 * Finds a step that meets the strong Wolfe conditions: `f(t) <= f(0) + 1e-4·t·f'(0)` and `|f'(t)| <= 0.9·|f'(0)|`,
 * the former up to rounding. Grows the step until a minimum is bracketed, then narrows the bracket by cubic interpolation.
 * `start.slope` must be negative. Returns the best decrease where no step meets both, undefined where nothing decreases.
 *
 * Nocedal and Wright 2006, Numerical Optimization, algorithms 3.5 and 3.6.
 */
export async function lineSearch<Point extends LinePoint>(
  evaluate: (step: number) => Promise<Point>,
  start: LinePoint,
  firstStep: number,
): Promise<Point | undefined> {
  const rounding = 8 * Number.EPSILON * Math.abs(start.value)
  let low: LinePoint = start
  let best: Point | undefined
  let high: LinePoint | undefined
  let step = firstStep
  for (let i = 0; i < EVALUATIONS; i++) {
    const point = await evaluate(step)
    const decreased = point.value <= start.value + DECREASE * step * start.slope + rounding
    if (decreased && Math.abs(point.slope) <= CURVATURE * Math.abs(start.slope)) return point
    if (!decreased || !(point.value < low.value)) {
      high = point
    } else {
      const upwards = high === undefined ? point.slope >= 0 : point.slope * (high.step - low.step) >= 0
      if (upwards) high = low
      low = point
      best = point
    }
    step = high === undefined ? 2 * step : between(low, high)
    if (step === low.step || step === high?.step) break
  }
  return best
}

/** The minimiser of the cubic through both values and slopes, kept away from the bracket's ends. */
function between(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step
  const secant = (high.value - low.value) / width
  const d1 = low.slope + high.slope - 3 * secant
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - low.slope * high.slope)
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2)
  return low.step + width * (share >= 0.1 && share <= 0.9 ? share : share > 0.9 ? 0.9 : share < 0.1 ? 0.1 : 0.5)
}
