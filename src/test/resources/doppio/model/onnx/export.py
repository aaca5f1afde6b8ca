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
    model.eval()
    x = torch.randn(3, *shape)
    torch.onnx.export(model, torch.randn(1, *shape), name + ".onnx", opset_version=11 if name == "view" else 16,
                      input_names=["input"], output_names=["output"],
                      dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
    np.save(name + "-x.npy", x.numpy().astype(np.float64))
    np.save(name + "-y.npy", model(x).detach().numpy().astype(np.float64))
