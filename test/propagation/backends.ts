import { nativeTensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import { withoutGpu } from '../gpu/adapter.ts';

export interface BackendUnderTest {
  readonly name: string;
  /** Why it can't be tested here. */
  readonly skip?: string;
}

/** Every backend, the native one only where its library loads (see test/native/build-tensorflow.sh); says so where it doesn't. */
export async function backends(): Promise<BackendUnderTest[]> {
  const lacking =
    process.env.CRACKLE_TEST_GPU === '1'
      ? await withoutGpu()
      : 'the whole agreement takes minutes without a card; CRACKLE_TEST_GPU=1 runs it on one, test/gpu a part of it anywhere';
  if (lacking !== undefined) console.log(`skipped: whole agreement of backends on WebGPU: ${lacking}`);
  const portable: BackendUnderTest[] = ['simd', 'wasm', 'cpu'].map((name) => ({ name }));
  portable.push({ name: 'webgpu', ...(lacking === undefined ? {} : { skip: lacking }) });
  try {
    nativeTensorFlow();
    return [...portable, { name: 'tensorflow-gpu' }];
  } catch (error) {
    const skip = (error as Error).message;
    console.log(`skipped: tests on the native TensorFlow library: ${skip}`);
    return [...portable, { name: 'tensorflow-gpu', skip }];
  }
}
