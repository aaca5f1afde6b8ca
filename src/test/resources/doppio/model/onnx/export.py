"""Wrote the files beside it with PyTorch 1.13: python3 export.py"""

import numpy as np
import torch
from torch import nn

torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.b1 = nn.BatchNorm2d(c)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.b2 = nn.BatchNorm2d(c)

    def forward(self, x):
        return torch.relu(x + self.b2(self.c2(torch.relu(self.b1(self.c1(x))))))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.r1 = Block(4)
        self.r2 = Block(4)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = nn.functional.adaptive_avg_pool2d(self.r2(self.r1(self.stem(x))), 1)
        return self.fc(torch.flatten(x, 1))


class View(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 2, 3)
        self.fc = nn.Linear(72, 3)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.c(x)), 1)
        return self.fc(x.view(x.size(0), -1))


def export(name, model, shape, opset, axes):
    model.eval()
    x = torch.randn(3 if axes else 1, *shape)
    torch.onnx.export(model, torch.randn(1, *shape), name + ".onnx", opset_version=opset,
                      input_names=["input"], output_names=["output"],
                      dynamic_axes={"input": axes, "output": {0: "batch"}} if axes else None)
    np.save(name + "-x.npy", x.numpy().astype(np.float64))
    np.save(name + "-y.npy", model(x).detach().numpy().astype(np.float64))


models = {
    "mlp": (nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3), nn.Softmax(1)), (6,)),
    "conv": (nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                           nn.Conv2d(4, 6, 3, groups=2), nn.ELU(), nn.AvgPool2d(2), nn.Flatten(),
                           nn.Linear(6, 3), nn.LogSoftmax(1)), (1, 8, 8)),
    "resnet": (ResNet(), (1, 8, 8)),
    "view": (View(), (1, 8, 8)),
    "gelu": (nn.Sequential(nn.Linear(5, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 8), nn.SiLU(),
                           nn.LayerNorm(8), nn.Linear(8, 2)), (5,)),
}
for name, (model, shape) in models.items():
    model.train()
    for _ in range(5):
        model(torch.randn(16, *shape))
    export(name, model, shape, 11 if name == "view" else 16, {0: "batch"})


class Steps(nn.Module):
    """A recurrent network, and a linear layer on what is picked of what it gives."""

    def __init__(self, net, pick, features):
        super().__init__()
        self.net = net
        self.pick = pick
        self.fc = nn.Linear(features, 2)

    def forward(self, x):
        return self.fc(self.pick(*self.net(x)))


torch.manual_seed(2)
free = {0: "batch", 1: "steps"}
sequences = {
    "lstm": (Steps(nn.LSTM(3, 4, batch_first=True), lambda y, s: y[:, -1], 4), 16, {0: "batch"}),
    "bilstm": (Steps(nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True), lambda y, s: y, 8), 16, free),
    "gru": (Steps(nn.GRU(3, 4, 2, batch_first=True), lambda y, s: y.mean(1), 4), 11, {0: "batch"}),
    "bigru": (Steps(nn.GRU(3, 4, batch_first=True, bidirectional=True, bias=False), lambda y, s: s[1], 4), 16, free),
    "rnn": (Steps(nn.RNN(3, 4, batch_first=True), lambda y, s: s[-1], 4), 16, {}),
}
for name, (model, opset, axes) in sequences.items():
    export(name, model, (5, 3), opset, axes)
