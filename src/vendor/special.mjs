export { default as erf } from '@stdlib/math-base-special-erf';
export { default as erfc } from '@stdlib/math-base-special-erfc';
export { default as erfcx } from '@stdlib/math-base-special-erfcx';
export { default as gammainc } from '@stdlib/math-base-special-gammainc';
export { default as gammaln } from '@stdlib/math-base-special-gammaln';
