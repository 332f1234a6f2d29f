import type { Builder } from './builder.ts';
import type { ResidualModel } from './model.ts';

/**
 * Where batch norm and relu stand. `torchvision`: behind the convolutions, as in torchvision's models (He et al., arXiv:1512.03385, with a
 * bottleneck's stride in its 3 × 3 convolution). `pre-activation`: before them (He et al., arXiv:1603.05027; arXiv:2509.22649, eq. 17).
 */
export type ResidualLayout = 'torchvision' | 'pre-activation';

/** The two layouts, the default first. */
export const residualLayouts = ['torchvision', 'pre-activation'] as const satisfies readonly ResidualLayout[];

/** How a layout puts operations together; every function returns the number of its last operation. */
export interface LayoutRules {
  stem(build: Builder, kind: 'imagenet' | 'cifar', channels: number): number;
  block(build: Builder, x: number, kind: ResidualModel['block'], channels: number, stride: number): number;
  /** What the head pools. */
  end(build: Builder, x: number): number;
}

/** Kernel, stride and channels of the convolutions of a block's residual branch. */
function branchOf(kind: ResidualModel['block'], channels: number, stride: number): [number, number, number][] {
  return kind === 'basic'
    ? [
        [3, stride, channels],
        [3, 1, channels],
      ]
    : [
        [1, 1, channels],
        [3, stride, channels],
        [1, 1, 4 * channels],
      ];
}

function stemConvolution(build: Builder, kind: 'imagenet' | 'cifar', channels: number): number {
  return kind === 'imagenet' ? build.convolution(0, channels, 7, 2) : build.convolution(0, channels, 3);
}

const pooling = { kernel: 3, stride: 2, padding: 1 };

const changes = (build: Builder, x: number, channels: number, stride: number): boolean =>
  stride !== 1 || build.shape(x).channels !== channels;

const rules: Record<ResidualLayout, LayoutRules> = {
  /** relu(BN(W2∗relu(BN(W1∗x))) + x), the skip a convolution and a batch norm where its shape changes; the residual branch runs first. */
  torchvision: {
    stem(build, kind, channels) {
      const x = build.activated(stemConvolution(build, kind, channels));
      return kind === 'imagenet' ? build.windowed('max-pool', x, pooling) : x;
    },
    block(build, x, kind, channels, stride) {
      const branch = branchOf(kind, channels, stride);
      let y = x;
      for (const [i, [kernel, step, wide]] of branch.entries()) {
        const normed = build.pointwise('batch-norm', build.convolution(y, wide, kernel, step));
        y = i < branch.length - 1 ? build.pointwise('relu', normed) : normed;
      }
      const outer = build.shape(y).channels;
      const skip = changes(build, x, outer, stride)
        ? build.pointwise('batch-norm', build.convolution(x, outer, 1, stride))
        : x;
      return build.pointwise('relu', build.addition(y, skip));
    },
    end: (_build, x) => x,
  },
  /** x + W2∗relu(BN(W1∗relu(BN(x)))), the skip a convolution where its shape changes; the residual branch runs first. */
  'pre-activation': {
    stem(build, kind, channels) {
      const x = stemConvolution(build, kind, channels);
      return kind === 'imagenet' ? build.windowed('max-pool', build.activated(x), pooling) : x;
    },
    block(build, x, kind, channels, stride) {
      const branch = branchOf(kind, channels, stride);
      const y = branch.reduce(
        (from, [kernel, step, wide]) => build.convolution(build.activated(from), wide, kernel, step),
        x,
      );
      const outer = build.shape(y).channels;
      return build.addition(y, changes(build, x, outer, stride) ? build.convolution(x, outer, 1, stride) : x);
    },
    end: (build, x) => build.activated(x),
  },
};

/** The rules of a layout. */
export function layoutRules(layout: ResidualLayout): LayoutRules {
  return rules[layout];
}
