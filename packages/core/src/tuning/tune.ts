import { describeNetwork, type Network } from '../networks/index.ts'
import { parseSettings } from '../settings/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { usualPart } from './blend.ts'
import { findStrategy } from './catalogue.ts'
import { checkTuning } from './check-tuning.ts'
import { chooseDepth, type DepthChoice } from './depth.ts'
import type { HeadRequest } from './fit-head.ts'
import { forgetting } from './forgetting.ts'
import { type HeadStart, startHead } from './start-head.ts'
import { partInputs, trainedPart } from './trained-part.ts'
import type { TunedFrom, TuningWork } from './tune-from.ts'
import { FEW, TUNING, tuneFrom } from './tune-from.ts'
import type { TuneRequest, TuneResult } from './tune-request.ts'
import { type TunedNetwork, tunedNetwork } from './tuned-network.ts'
import { type TuningSettings, tuningSettings } from './tuning-settings.ts'
import { type ChosenRows, chooseRows } from './validation-rows.ts'

/**
 * Fine-tunes a pretrained network on new classes: a new head in place of the old one, fitted to frozen features; then the
 * blocks beyond the reused ones, by a strategy, the part before them being run once for each row. The weights lie between
 * the head on frozen features and the end of training, or are one of the two where held-out rows clearly say so. Same seed, same result. Throws `InvalidInputError` for settings, rows and networks that do not fit.
 */
export async function tune(request: TuneRequest): Promise<TuneResult> {
  const { runtime, training, classes, epochs, seed = 0 } = request
  const strategy = findStrategy(request.strategy)
  const settings = parseSettings('"tune"', tuningSettings, request.settings ?? {})
  const options = parseSettings(`the strategy "${strategy.id}"`, strategy.options, request.options ?? {})
  const described = await describeNetwork(runtime, request.model, { dims: request.dims, features: request.features })
  const { blocks } = described
  const bare = await tunedNetwork(runtime, described, classes, request.oldOutput)
  checkTuning(request, described, bare, strategy, settings)
  const random = seededRandom(seed)
  const rows = chooseRows(request, settings.validation, random.fork('validation'))
  const clock = stopwatch()
  const heads = headsOf(request, bare, settings)
  const started = await heads.fit(rows.training)
  const head = clock()
  const common = {
    request,
    strategy,
    options,
    settings,
    blocks,
    embedded: heads.embedded,
    rows,
    epochs,
  }
  const work = (reuse: number, from = started): TuningWork => ({
    ...common,
    reuse,
    network: reuse < blocks.length ? from.softer : from.network,
    fixed: from.network,
    parts: partsFor(request, settings, rows, reuse === blocks.length, started.accuracy),
    random: random.fork('strategy'),
  })
  const depth = await depthOf(request, strategy.reuse === 'all' ? blocks.length : 0, described, rows, async (reuse) =>
    tuneFrom({ ...work(reuse), epochs: Math.max(1, Math.round(epochs / 4)) }),
  )
  const depthSeconds = clock()
  // A comparison of depths that was broken off leaves no checkpoint at the depth that stands in for its answer.
  let found = await tuneFrom({ ...work(depth.reuse), ...(!request.signal?.aborted && { name: TUNING }) })
  const afresh = settings.rest === 'afresh' && depth.reuse < blocks.length
  const wanted =
    (settings.refit ?? (depth.reuse === blocks.length || training.rows < FEW)) &&
    rows.heldOut !== undefined &&
    !found.aborted
  const again = wanted
    ? await refitted(found, request, work(depth.reuse, await heads.fit(allRows(training.rows), started.chosen)))
    : found
  const refits = wanted && !again.aborted
  found = refits ? again : { ...found, aborted: again.aborted }
  const baseSeconds = heads.seconds() + found.baseSeconds
  return {
    settings,
    options,
    model: found.network.model,
    start: started.network.model,
    blocks,
    depth,
    trainable: found.trainable,
    epochs: found.epochs.map((each, i) =>
      i > 0 || each.seconds === null ? each : { ...each, seconds: each.seconds + baseSeconds },
    ),
    epoch: found.epoch,
    validation: {
      rows: rows.heldOut?.length ?? rows.given?.rows ?? 0,
      accuracy: found.best?.accuracy ?? null,
      start: (afresh ? undefined : found.start?.accuracy) ?? null,
    },
    head: started.c === undefined ? null : { c: started.c, accuracy: started.accuracy ?? null },
    refitted: refits,
    forgetting: request.oldTask ? await forgetting(runtime, bare, found.network, request.oldTask) : null,
    facts: found.facts,
    seconds: {
      base: baseSeconds,
      head: head - heads.seconds(),
      depth: depthSeconds,
      train: clock() - found.baseSeconds,
    },
    aborted: found.aborted,
  }
}

/**
 * How far to go from the head on fixed features to the trained weights, in the order of trust: see `usualPart`, all the
 * way, or not at all; where the head alone is trained, that last one first, since its regression is at the optimum
 * already. A head that started at zero is no end of a way.
 */
function partsFor(
  { classes }: TuneRequest,
  { blend, headStart }: TuningSettings,
  { training, heldOut, given }: ChosenRows,
  headAlone: boolean,
  accuracy: number | null = null,
) {
  const scored = heldOut !== undefined || given !== undefined
  if (blend !== undefined) return scored ? [blend, 0] : [blend]
  if (headStart === 'zero') return scored ? [1, 0] : [1]
  const usual = usualPart(training.length, classes, accuracy)
  if (!scored) return [usual]
  return headAlone ? [0, usual, 1] : [usual, 1, 0]
}

const allRows = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, row) => row)

/** Gives the seconds since it was made, or last asked. */
function stopwatch(): () => number {
  let since = performance.now()
  return () => {
    const seconds = (performance.now() - since) / 1000
    since = performance.now()
    return seconds
  }
}

interface StartedNetwork {
  /** With the head on fixed features, and with the softer one to train from. */
  readonly network: TunedNetwork
  readonly softer: TunedNetwork
  readonly c?: number
  readonly accuracy?: HeadStart['accuracy']
  readonly chosen?: ChosenHeads
}

/** The penalties that cross-validation found. */
interface ChosenHeads {
  readonly best: NonNullable<HeadRequest['chosen']>
  readonly softer: NonNullable<HeadRequest['chosen']>
}

/** Fits heads to the features of some rows, the features being computed once. */
function headsOf(request: TuneRequest, bare: TunedNetwork, settings: TuningSettings) {
  const { runtime, training, classes, hooks, seed = 0, signal } = request
  let seconds = 0
  const inputs = partInputs(
    runtime,
    trainedPart(bare.model, bare.embedding),
    training,
    (done, total) => hooks?.onProgress?.('features', done, total),
    signal,
  )
  const given = settings.c === undefined ? undefined : { c: settings.c }
  return {
    embedded: inputs,
    seconds: () => seconds,
    async fit(rows: Int32Array, chosen?: ChosenHeads): Promise<StartedNetwork> {
      if (settings.headStart === 'zero') return { network: bare, softer: bare }
      const since = performance.now()
      const features = await inputs(rows, 0)
      seconds += (performance.now() - since) / 1000
      const labels = rows.map((row) => training.labels[row]!)
      const start = (penalty: HeadRequest['chosen']) =>
        startHead(runtime, seededRandom(seed).fork('head'), bare, features, labels, classes, penalty)
      const { network, c, sharpness, accuracy, softer: found } = await start(given ?? chosen?.best)
      const [best, softer] = [{ c, sharpness }, chosen?.softer ?? found ?? { c, sharpness }]
      const same = softer.c === best.c
      return { network, softer: same ? network : (await start(softer)).network, c, accuracy, chosen: { best, softer } }
    },
  }
}

async function depthOf(
  { reuse, training, signal }: TuneRequest,
  usual: number,
  { blocks }: Network,
  rows: ChosenRows,
  tryDepth: (reuse: number) => Promise<TunedFrom>,
): Promise<DepthChoice> {
  if (typeof reuse === 'number')
    return { reuse, trials: [], why: `keeps ${reuse} of ${blocks.length} blocks, as was asked for` }
  if (reuse === undefined)
    return { reuse: usual, trials: [], why: `keeps ${usual} of ${blocks.length} blocks, as the strategy does` }
  const heldOut = rows.heldOut?.length ?? rows.given?.rows
  if (heldOut === undefined) {
    const why = `keeps all ${blocks.length} blocks: ${training.rows} rows are too few to hold some out and compare depths`
    return { reuse: blocks.length, trials: [], why }
  }
  const choice = await chooseDepth(blocks.length, heldOut, async (depth) => {
    const since = performance.now()
    const found = await tryDepth(depth).catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
    if (found === undefined || found.aborted) return undefined
    const { best, epochs } = found
    const { accuracy, loss } = best!
    return { reuse: depth, accuracy, loss, epochs: epochs.length, seconds: (performance.now() - since) / 1000 }
  })
  const broken = `keeps all ${blocks.length} blocks: interrupted while depths were compared`
  return choice ?? { reuse: blocks.length, trials: [], why: broken }
}

/** Once more on all rows, to the same part of the way; the scores stay those of the rows held out. */
async function refitted(found: TunedFrom, { training }: TuneRequest, work: TuningWork): Promise<TunedFrom> {
  if (found.epoch === 0) return work.settings.rest === 'afresh' ? found : { ...found, network: work.fixed }
  const rows = { training: allRows(training.rows) }
  const [parts, name] = [[found.part], 'refit']
  const again = await tuneFrom({ ...work, inputs: found.inputs, rows, parts, epochs: found.epoch, name })
  return { ...found, network: again.network, aborted: again.aborted }
}
