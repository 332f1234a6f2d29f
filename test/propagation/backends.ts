import { existsSync } from 'node:fs';
import { nativeTensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import type { DenseOptions } from '../../src/propagation/dense.ts';

export interface BackendUnderTest {
  readonly name: string;
  readonly options: DenseOptions;
  /** Why it can't be tested here. */
  readonly skip?: string;
}

/** A TensorFlow.js Node package to test in place of the installed one: see test/native/build-tensorflow.sh. */
export const nativeModule = process.env.CRACKLE_TFJS_NODE;

/** Every backend, the native one only where its library loads; says so where it doesn't. */
export function backends(): BackendUnderTest[] {
  const portable = ['simd', 'wasm', 'cpu'].map((name) => ({ name, options: { backend: name } }));
  const native = {
    name: 'tensorflow-gpu',
    options: { backend: 'tensorflow-gpu', ...(nativeModule === undefined ? {} : { module: nativeModule }) },
  };
  let skip: string | undefined;
  if (nativeModule !== undefined && !existsSync(nativeModule)) skip = `CRACKLE_TFJS_NODE: ${nativeModule} isn't there`;
  else {
    try {
      nativeTensorFlow(nativeModule);
    } catch (error) {
      skip = (error as Error).message;
    }
  }
  if (skip === undefined) return [...portable, native];
  console.log(`skipped: tests on the native TensorFlow library: ${skip}`);
  return [...portable, { ...native, skip }];
}
