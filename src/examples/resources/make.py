"""Makes digits.pt and digits.onnx from digits.safetensors, with PyTorch: python3 make.py"""
import json
import struct

import numpy
import torch


def read(path):
    """The tensors of a safetensors file that has floats alone."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: torch.from_numpy(
            numpy.frombuffer(data[slice(*entry["data_offsets"])], numpy.float32)
            .reshape(entry["shape"])
            .copy()
        )
        for name, entry in header.items()
    }


model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
model.load_state_dict(read("digits.safetensors"))
model.eval()
torch.save(model.state_dict(), "digits.pt")
torch.onnx.export(
    model,
    torch.zeros(1, 64),
    "digits.onnx",
    input_names=["pixels"],
    output_names=["logits"],
    dynamic_axes={"pixels": {0: "batch"}, "logits": {0: "batch"}},
)
