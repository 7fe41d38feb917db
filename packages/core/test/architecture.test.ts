import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, sourceFiles, withoutStrings } from './source-files.ts'

/** Which folder of core may import which. Every folder may also import the files beside them (`errors.ts`). */
const allowed: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  tensor: [],
  onnx: ['tensor'],
  interpreter: ['onnx', 'tensor'],
  runtime: ['onnx', 'tensor'],
  autodiff: ['runtime', 'onnx', 'tensor'],
  training: ['autodiff', 'runtime', 'onnx', 'tensor'],
  // Helpers of tests: no row of this table names it, so only tests may import it.
  testing: ['autodiff', 'interpreter', 'runtime', 'onnx', 'tensor'],
  linalg: ['runtime', 'onnx', 'tensor'],
  transport: ['linalg', 'runtime', 'onnx', 'tensor'],
  data: ['onnx', 'tensor'],
  optimisation: ['linalg', 'tensor'],
  classifiers: ['settings', 'data', 'optimisation', 'linalg', 'runtime', 'onnx', 'tensor'],
  metrics: ['classifiers', 'data', 'optimisation', 'linalg', 'runtime', 'onnx', 'tensor'],
  networks: ['training', 'autodiff', 'runtime', 'onnx', 'tensor'],
  methods: [
    'settings',
    'networks',
    'training',
    'autodiff',
    'metrics',
    'classifiers',
    'data',
    'optimisation',
    'transport',
    'linalg',
    'runtime',
    'onnx',
    'tensor',
  ],
  relational: ['settings', 'optimisation', 'tensor'],
  selection: ['settings', 'metrics', 'classifiers', 'data', 'optimisation', 'linalg', 'runtime', 'onnx', 'tensor'],
  'few-shot': ['settings', 'metrics', 'classifiers', 'data', 'linalg', 'runtime', 'onnx', 'tensor'],
  'layer-transfer': ['networks', 'training', 'autodiff', 'metrics', 'data', 'runtime', 'onnx', 'tensor'],
  tuning: [
    'settings',
    'networks',
    'training',
    'autodiff',
    'metrics',
    'classifiers',
    'data',
    'linalg',
    'runtime',
    'onnx',
    'tensor',
  ],
}

/** The packages that core may import, subpaths included. */
const packages = ['zod', 'pure-rand', '@bufbuild/protobuf', 'onnxruntime-common']

/** Packages that only `runtime/` may import, and only when a runtime is asked for. */
const runtimes = ['onnxruntime-node', 'onnxruntime-web']

const SRC = 'packages/core/src/'
const core = sourceFiles('packages/core/src', /\.ts$/).filter((file) => !file.path.endsWith('.test.ts'))
const node = sourceFiles('packages/node', /\.(ts|js)$/).filter((file) => !file.path.endsWith('.test.ts'))

const packageOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/')

/** The folder below `src/` that a path lies in; `''` for the files beside the folders. */
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

/** Every import in core from one folder into another; `path` is what is imported, below `src/`. */
const crossings = (): { own: string; other: string; path: string; what: string }[] =>
  core.flatMap((file) => {
    const own = folderOf(file.path.slice(SRC.length))
    return importsOf(file.text)
      .filter(({ module }) => module.startsWith('.'))
      .map(({ module }) => posix.join(posix.dirname(file.path), module).slice(SRC.length))
      .map((path) => ({ own, other: folderOf(path), path, what: `${file.path} imports ${path}` }))
      .filter(({ other }) => other !== own && other !== '')
  })

describe('core', () => {
  it('imports only the packages it may', () => {
    const broken = core.flatMap((file) => {
      const lazily = file.path.startsWith(`${SRC}runtime/`) ? runtimes : []
      return importsOf(file.text)
        .filter(({ module }) => !module.startsWith('.') && !packages.includes(packageOf(module)))
        .filter(({ module, dynamic }) => !(dynamic && lazily.includes(packageOf(module))))
        .map(({ module }) => `${file.path} imports ${module}`)
    })
    expect(broken).toEqual([])
  })

  it('uses neither processes nor the network nor what only Node has', () => {
    const names =
      /(?<![.\w'-])(process|fetch|WebSocket|XMLHttpRequest|Buffer|require|__dirname|globalThis)\b(?!\s*[:?'-])/
    const broken = core.flatMap((file) => {
      const found = names.exec(withoutStrings(file.text))
      return found === null ? [] : [`${file.path} uses ${found[1]}`]
    })
    expect(broken).toEqual([])
  })

  it('keeps each folder to its neighbours', () => {
    const broken = crossings().filter(({ own, other }) => own !== '' && !allowed[own]?.includes(other))
    expect(broken.map(({ what }) => what)).toEqual([])
  })

  it('reaches into another folder by its index only', () => {
    const broken = crossings().filter(({ other, path }) => path !== `${other}/index.ts`)
    expect(broken.map(({ what }) => what)).toEqual([])
  })

  it('has a rule for every folder, and no two folders that need one another', () => {
    const folders = new Set(core.map((file) => folderOf(file.path.slice(SRC.length))).filter((name) => name !== ''))
    expect(Object.keys(allowed)).toEqual(expect.arrayContaining([...folders]))
    const earlier: string[] = []
    for (const [folder, needed] of Object.entries(allowed)) {
      expect(earlier, `${folder} may only import folders above it in the table`).toEqual(
        expect.arrayContaining([...needed]),
      )
      earlier.push(folder)
    }
  })
})

describe('the command', () => {
  it('knows core by its name alone', () => {
    const broken = node.flatMap((file) =>
      importsOf(file.text)
        .filter(({ module }) =>
          module.startsWith('.')
            ? !posix.join(posix.dirname(file.path), module).startsWith('packages/node/')
            : packageOf(module) === 'graft-learn' && module !== 'graft-learn',
        )
        .map(({ module }) => `${file.path} imports ${module}`),
    )
    expect(broken).toEqual([])
  })
})
