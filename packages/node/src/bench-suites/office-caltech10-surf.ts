import { comparedMethods } from './compared-methods.ts'
import type { Suite } from './suite.ts'

const domains: Readonly<Record<string, string>> = { C: 'caltech', A: 'amazon', W: 'webcam', D: 'dslr' }
const names = ['C-A', 'C-W', 'C-D', 'A-C', 'A-W', 'A-D', 'W-C', 'W-A', 'W-D', 'D-C', 'D-A', 'D-W']
const file = (letter: string): string => `office-caltech10-surf/${domains[letter]}.npz`

/** Ten object classes in four domains, SURF histograms of 800 bins (Gong, Shi, Sha, Grauman 2012). */
export const officeCaltech10Surf: Suite = {
  id: 'office-caltech10-surf',
  title: 'Office-Caltech10, SURF histograms of 800 bins',
  publishedIn:
    'the benchmark table of jindongwang/transferlearning (github.com/jindongwang/transferlearning), itself gathered from the papers',
  tasks: names.map((name) => {
    const [source, target] = name.split('-') as [string, string]
    return { name, source: file(source), target: file(target) }
  }),
  published: {
    none: [23.7, 25.8, 25.5, 26.0, 29.8, 25.5, 19.9, 23.0, 59.2, 26.3, 28.5, 63.4],
    pca: [39.5, 34.6, 44.6, 39.0, 35.9, 33.8, 28.2, 29.1, 89.2, 29.7, 33.2, 86.1],
    tca: [45.6, 39.3, 45.9, 42.0, 40.0, 35.7, 31.5, 30.5, 91.1, 33.0, 32.8, 87.5],
    gfk: [46.0, 37.0, 40.8, 40.7, 37.0, 40.1, 24.8, 27.6, 85.4, 29.3, 28.7, 80.3],
    jda: [43.1, 39.3, 49.0, 40.9, 38.0, 42.0, 33.0, 29.8, 92.4, 31.2, 33.4, 89.2],
    coral: [52.1, 46.4, 45.9, 45.1, 44.4, 39.5, 33.7, 36.0, 86.6, 33.8, 37.7, 84.7],
    jgsa: [51.5, 45.4, 45.9, 41.5, 45.8, 47.1, 33.2, 39.9, 90.5, 29.9, 38.0, 91.9],
    meda: [56.5, 53.9, 50.3, 43.9, 53.2, 45.9, 34.0, 42.7, 88.5, 34.9, 41.2, 87.5],
    easytl: [52.6, 53.9, 51.6, 42.3, 43.1, 48.4, 35.4, 38.2, 79.6, 36.1, 38.3, 86.1],
  },
  publishedMeans: {
    none: 31.4,
    pca: 43.6,
    tca: 46.2,
    gfk: 43.1,
    jda: 46.8,
    coral: 48.8,
    tjm: 46.3,
    jgsa: 50.0,
    meda: 52.7,
    easytl: 50.5,
  },
  methods: comparedMethods,
}
