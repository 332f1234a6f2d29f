/** The versions of Node that crackle is held to, exact: what passes today passes tomorrow. */
export const nodeVersions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;
