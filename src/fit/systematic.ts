/**
 * Systematic error of an exponent, from fit window and finite size, where none is stated: by about so much exponents of networks of 1000
 * neurons differ from their limits.
 */
export const systematicError = 0.05;
