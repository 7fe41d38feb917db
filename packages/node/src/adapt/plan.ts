import {
  methods as allMethods,
  type Classifier,
  classifiers,
  defaultClassifier,
  findClassifier,
  findMethod,
  InvalidInputError,
  type Method,
  parseSettings,
  type Scale,
  scales,
  type Task,
  unknownName,
} from 'graft-learn'
import type { AdaptCall } from './call.ts'
import { distributeSettings, parseSetting, type Setting } from './settings.ts'

/** Options by name, not yet filled up with defaults. */
type Options = Readonly<Record<string, unknown>>

/** The methods, the classifier and their settings, found and checked: what can be known before any file is read. */
export interface Plan {
  readonly methods: readonly { readonly method: Method; readonly options: Options }[]
  readonly classifier: Classifier
  readonly classifierOptions: Options
  /** Undefined where the call leaves it open. */
  readonly scale: Scale | undefined
  readonly task: Task['kind']
  /** Whether all methods, or some, train a network. */
  readonly networks: 'all' | 'some' | 'none'
  /** Whether all methods can work with columns that differ between source and target. */
  readonly mayDiffer: boolean
  /** Where they cannot: which of them need the same columns, and what other methods there are. */
  readonly columnsHint: string
}

/** Checks ids and settings. Throws `InvalidInputError` with what is allowed and the nearest name. */
export function planAdapt(call: AdaptCall): Plan {
  if (call.methods.length === 0) throw new InvalidInputError('no method: give --method ID, or several as ID,ID')
  const methods = [...new Set(call.methods)].map(findMethod)
  const task = findTask(call.task ?? 'classification')
  const classifier = findClassifier(call.classifier ?? defaultClassifier({ kind: task }))
  if (task === 'regression' && classifier.regress === undefined) {
    const able = classifiers.filter(({ regress }) => regress !== undefined).map(({ id }) => id)
    throw new InvalidInputError(
      `--task regression: classifier ${classifier.id} predicts no numbers; take ${listed(able, 'or')}`,
    )
  }
  const scale = call.scale === undefined ? undefined : findScale(call.scale)
  const settings = distributeSettings(settingsOf(call, methods), methods, classifier)
  parseSettings(`classifier "${classifier.id}"`, classifier.options, settings.classifier)
  const sameOnly = methods.filter(({ needs }) => needs.features === 'same').map(({ id }) => id)
  return {
    methods: methods.map((method) => {
      const options = settings.methods.get(method.id)!
      parseSettings(`method "${method.id}"`, method.options, options)
      const paired = method.needs.pairs !== undefined && call.pairs !== undefined
      if (method.needs.targetLabels === 'some' && !paired && call.labelledTarget === undefined) {
        throw new InvalidInputError(
          `method "${method.id}" learns from labelled target rows: give some with --labelled-target FILE` +
            (method.needs.pairs === undefined ? '' : ', or rows that are known in both domains with --pairs FILE'),
        )
      }
      if (method.needs.task !== 'either' && method.needs.task !== task) {
        const what = method.needs.task === 'regression' ? 'numbers: say --task regression' : 'classes: leave --task out'
        throw new InvalidInputError(`method "${method.id}" predicts ${what}, or take another method`)
      }
      return { method, options }
    }),
    classifier,
    classifierOptions: settings.classifier,
    scale,
    task,
    networks: networksAmong(methods),
    mayDiffer: sameOnly.length === 0,
    columnsHint: sameOnly.length === 0 ? '' : columnsHint(sameOnly),
  }
}

/** `--set`, and `--epochs` as the setting that it is. */
function settingsOf({ settings = [], epochs }: AdaptCall, methods: readonly Method[]): Setting[] {
  if (epochs === undefined) return settings.map(parseSetting)
  const count = Number(epochs)
  if (!(Number.isInteger(count) && count > 0)) {
    throw new InvalidInputError(`--epochs ${epochs}: expected a whole number of 1 or more`)
  }
  if (networksAmong(methods) === 'none') {
    throw new InvalidInputError(`--epochs ${epochs}: no method of this call trains a network; leave it out`)
  }
  return [...settings.map(parseSetting), { name: 'epochs', value: count }]
}

function networksAmong(methods: readonly Method[]): Plan['networks'] {
  const count = methods.filter(({ network }) => network).length
  return count === 0 ? 'none' : count === methods.length ? 'all' : 'some'
}

function columnsHint(sameOnly: readonly string[]): string {
  const others = allMethods.filter(({ needs }) => needs.features === 'different').map(({ id }) => id)
  const need = sameOnly.length === 1 ? 'needs' : 'need'
  return ` (${listed(sameOnly, 'and')} ${need} the same columns; ${listed(others, 'and')} do not)`
}

function findTask(name: string): Task['kind'] {
  const kinds = ['classification', 'regression'] as const
  const kind = kinds.find((candidate) => candidate === name)
  if (kind !== undefined) return kind
  throw new InvalidInputError(unknownName('task', name, kinds))
}

function findScale(name: string): Scale {
  const scale = scales.find((candidate) => candidate === name)
  if (scale !== undefined) return scale
  throw new InvalidInputError(unknownName('scale', name, scales))
}

const listed = (ids: readonly string[], last: string): string =>
  ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} ${last} ${ids.at(-1)}`
