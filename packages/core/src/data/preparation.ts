/** How features are prepared before a method sees them, each domain by itself. */
export const scales = ['none', 'zscore', 'l1-zscore', 'l2', 'minmax'] as const
export type Scale = (typeof scales)[number]
