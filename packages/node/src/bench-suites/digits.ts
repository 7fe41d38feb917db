import { comparedMethods } from './compared-methods.ts'
import type { Suite } from './suite.ts'

const mnist = 'digits/mnist2000.npz'
const usps = 'digits/usps1800.npz'

/** 2000 digits of MNIST and 1800 of USPS at 16 × 16 pixels: the pair that JDA, TJM and MEDA were measured on. */
export const digits: Suite = {
  id: 'digits',
  title: 'MNIST and USPS, 16 × 16 pixels',
  publishedIn:
    'the benchmark table of jindongwang/transferlearning (github.com/jindongwang/transferlearning), itself gathered from the papers',
  tasks: [
    { name: 'USPS to MNIST', source: usps, target: mnist },
    { name: 'MNIST to USPS', source: mnist, target: usps },
  ],
  published: {
    none: [44.7, 65.9],
    tca: [51.2, 56.3],
    gfk: [46.5, 61.2],
    jda: [59.7, 67.3],
    tjm: [52.3, 63.3],
    coral: [30.5, 49.2],
    jgsa: [68.2, 80.4],
    meda: [72.1, 89.5],
  },
  publishedMeans: {},
  methods: comparedMethods,
}
