/** What papers on closed-form adaptation compare on the same tasks, from none to the latest. */
export const comparedMethods: readonly string[] = [
  'none',
  'pca',
  'sa',
  'coral',
  'tca',
  'gfk',
  'jda',
  'tjm',
  'bda',
  'w-bda',
  'jgsa',
  'sstca',
  'sca',
  'artl',
  'easytl',
  'meda',
]
