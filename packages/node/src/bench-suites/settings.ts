import { methods, type Scale } from 'graft-learn'

/** How a method is run in a suite: fixed once, the same for all of its tasks. */
export interface BenchSettings {
  readonly scale: Scale
  readonly classifier: string
  readonly options: Readonly<Record<string, unknown>>
  readonly classifierOptions: Readonly<Record<string, unknown>>
}

/** What a suite's methods share, and what single methods have instead. */
interface SuiteSettings {
  readonly all: BenchSettings
  readonly methods: Readonly<Record<string, Partial<BenchSettings>>>
}

const settings: Readonly<Record<string, SuiteSettings>> = {
  'office-caltech10-surf': {
    all: { scale: 'l1-zscore', classifier: 'nearest-neighbour', options: {}, classifierOptions: {} },
    methods: {
      // Penalty picked once for all tasks; docs/office-caltech10-surf.md shows what others give.
      coral: { classifier: 'linear-svm', classifierOptions: { c: 1e-4 } },
      // Components as long as the authors' code has them.
      jgsa: { options: { scaling: 'unit' } },
    },
  },
  digits: {
    all: { scale: 'l2', classifier: 'nearest-neighbour', options: {}, classifierOptions: {} },
    methods: {
      gfk: { options: { components: 20 } },
      tjm: { options: { components: 100 } },
      jgsa: { options: { components: 100, discrimination: 0.01, scaling: 'unit' } },
    },
  },
  'amazon-reviews': {
    all: {
      scale: 'none',
      classifier: 'linear-svm',
      options: {},
      // Penalty picked once for all tasks; docs/amazon-reviews.md shows what others give.
      classifierOptions: { c: 0.01, tolerance: 1e-4 },
    },
    methods: { msda: { options: { layers: 3, features: 1000, partSize: 1000 } } },
  },
  'amazon-reviews-400': {
    all: { scale: 'zscore', classifier: 'linear-svm', options: {}, classifierOptions: { c: 1e-4 } },
    methods: {},
  },
  'simulated-shifts': {
    all: { scale: 'none', classifier: 'logistic-regression', options: {}, classifierOptions: {} },
    // In two features a projection means one component.
    methods: Object.fromEntries(
      methods
        .filter(({ options }) => 'components' in options.shape)
        .map(({ id }) => [id, { options: { components: 1 } }]),
    ),
  },
}

/** The settings of a method in a suite; a method without an entry runs with its defaults. */
export function benchSettings(suite: string, method: string): BenchSettings {
  const shared = settings[suite]!
  return { ...shared.all, ...shared.methods[method] }
}
