/// <reference types="@webgpu/types" />

/** What an adapter says of itself. */
export type AdapterWords = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>;

/**
 * Model and driver of an adapter. Dawn knows no architecture of some cards (H100 and H200 among them) and one for all of Apple's, so that only the model tells
 * cards apart whose logarithms may round differently. A word that the model begins with is left out.
 */
export function adapterName({ vendor, architecture, device, description }: AdapterWords): string {
  const model = device.replace(/-+$/, '');
  const words = [vendor, architecture].filter((word) => !model.startsWith(word));
  return [...words, model, description].filter((word) => word !== '').join(' ') || 'an adapter without a name';
}
