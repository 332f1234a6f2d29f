import { nativeTensorFlow } from '../../src/propagation/backend/tensorflow.ts';

export interface BackendUnderTest {
  readonly name: string;
  /** Why it can't be tested here. */
  readonly skip?: string;
}

/** Every backend, the native one only where its library loads (see test/native/build-tensorflow.sh); says so where it doesn't. */
export function backends(): BackendUnderTest[] {
  const portable = ['simd', 'wasm', 'cpu'].map((name) => ({ name }));
  try {
    nativeTensorFlow();
    return [...portable, { name: 'tensorflow-gpu' }];
  } catch (error) {
    const skip = (error as Error).message;
    console.log(`skipped: tests on the native TensorFlow library: ${skip}`);
    return [...portable, { name: 'tensorflow-gpu', skip }];
  }
}
