"""Makes the files that TorchFileTest reads, with PyTorch: python3 make.py"""
import collections

import numpy
import torch

torch.manual_seed(0)


class Net(torch.nn.Module):
    """Tied weights, a buffer of whole numbers, a transposed and a strided view."""

    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Linear(3, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        self.head = torch.nn.Linear(3, 3, bias=False)
        self.head.weight = self.embed.weight


net = Net()
torch.save(net.state_dict(), "float32.pt")
torch.save(net.double().state_dict(), "float64.pt")
optimizer = torch.optim.Adam(net.parameters(), 0.1)
sum(p.sum() for p in net.parameters()).backward()
optimizer.step()
torch.save(
    {
        "epoch": 3,
        "model_state_dict": net.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "loss": 0.25,
        "note": "größe",
        "big": 2**70,
        "parameters": list(net.parameters()),
    },
    "training.pt",
)
base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
torch.save(
    collections.OrderedDict(
        base=base,
        transposed=base.t(),
        column=base[:, 1],
        block=base[1:3, 2:5],
        every_second=base[::2, ::3],
        expanded=torch.tensor([1.5]).expand(2, 3),
        scalar=torch.tensor(7.0),
        empty=torch.zeros(0, 3),
        parameter=torch.nn.Parameter(torch.tensor([1.0, -2.0])),
    ),
    "views.pt",
)
values = [0, 1, 2, 100]
torch.save(
    {
        name: torch.tensor(values, dtype=getattr(torch, name))
        for name in [
            "float64", "float32", "float16", "bfloat16",
            "int64", "int32", "int16", "int8", "uint8", "bool",
        ]
    },
    "types.pt",
)
torch.save(net, "whole-model.pt")
torch.save({"w": torch.ones(2)}, "legacy.pt", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), "script.pt")

# What each holds, in double precision, by way of NumPy.
for name in ["float32", "float64", "training", "views", "types"]:
    state = torch.load(name + ".pt")
    state = state.get("model_state_dict", state)
    numpy.savez_compressed(
        name + ".npz", **{key: tensor.detach().double().numpy() for key, tensor in state.items()}
    )



class Residual(torch.nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return x + self.body(x)


# Networks of four kinds in single precision, and what they compute.
networks = {
    "images": (
        torch.nn.Sequential(
            torch.nn.Conv2d(1, 2, 3, padding=1),
            torch.nn.BatchNorm2d(2),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(8, 3),
        ),
        torch.randn(5, 1, 4, 4),
    ),
    "norm": (
        torch.nn.Sequential(
            torch.nn.Linear(4, 6), torch.nn.LayerNorm(6), torch.nn.GELU(), torch.nn.Linear(6, 2)
        ),
        torch.randn(5, 4),
    ),
    "mlp": (
        torch.nn.Sequential(
            torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Dropout(0.5), torch.nn.Linear(5, 2)
        ),
        torch.randn(5, 4),
    ),
    "residual": (
        torch.nn.Sequential(
            torch.nn.Conv2d(1, 2, 3),
            Residual(
                torch.nn.Sequential(
                    torch.nn.Conv2d(2, 2, 3, padding=1), torch.nn.BatchNorm2d(2), torch.nn.ReLU()
                )
            ),
            torch.nn.AdaptiveAvgPool2d(1),
            torch.nn.Flatten(),
            torch.nn.Linear(2, 3),
        ),
        torch.randn(5, 1, 6, 5),
    ),
}
for name, (network, x) in networks.items():
    network(x)
    network.eval()
    torch.save(network.state_dict(), name + ".pt")
    numpy.savez_compressed(name + ".npz", x=x.numpy(), y=network(x).detach().numpy())

# Two layers of a transformer's encoder with a norm behind them, in double precision, and what they
# make of a batch, with and without a causal mask.
torch.manual_seed(1)
layer = torch.nn.TransformerEncoderLayer(6, 2, 5, activation="gelu", batch_first=True)
encoder = torch.nn.TransformerEncoder(layer, 2, torch.nn.LayerNorm(6)).double().eval()
with torch.no_grad():
    for parameter in encoder.parameters():
        parameter.add_(0.1 * torch.randn_like(parameter))
x = torch.randn(3, 4, 6, dtype=torch.float64, requires_grad=True)
mask = torch.full((4, 4), float("-inf"), dtype=torch.float64).triu(1)
torch.save(encoder.state_dict(), "encoder.pt")
numpy.savez_compressed(
    "encoder.npz",
    x=x.detach().numpy(),
    y=encoder(x).detach().numpy(),
    causal=encoder(x, mask).detach().numpy(),
)
