/**
 * portable: encodings of the format's first version, which every reader knows · compact: differences of integers and split bytes of doubles
 * too, for readers of version 2.9 on.
 */
export const encodingSets = ['portable', 'compact'] as const;

/** Encodings of Parquet files: `portable`, which every reader knows, or `compact`, smaller. */
export type EncodingSet = (typeof encodingSets)[number];
