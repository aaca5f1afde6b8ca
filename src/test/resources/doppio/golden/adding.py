"""Makes adding.csv: the first losses of PyTorch on the adding problem, which AddingProblemTest expects.

    python3 adding.py            writes adding.csv beside this file
    python3 adding.py --whole    trains to the end and prints the errors at the end

Two features a step: a number from [0, 1), and a mark that two steps have, one in each half of the
sequence. The sum of the two marked numbers is asked for.
"""

import pathlib
import sys

import torch

STEPS, BATCH, HIDDEN, RATE = 50, 32, 32, 0.01
RECORDED, WHOLE = 50, 1500
KINDS = {"RNN": torch.nn.RNN, "GRU": torch.nn.GRU, "LSTM": torch.nn.LSTM}


def batch(n):
    """Numbers, then the places of the marks, in one draw."""
    drawn = torch.rand(n, STEPS + 2)
    x = torch.zeros(n, STEPS, 2)
    x[:, :, 0] = drawn[:, :STEPS]
    half = STEPS // 2
    first = (drawn[:, STEPS] * half).long()
    second = half + (drawn[:, STEPS + 1] * half).long()
    rows = torch.arange(n)
    x[rows, first, 1] = 1
    x[rows, second, 1] = 1
    y = x[rows, first, 0] + x[rows, second, 0]
    return x, y.reshape(n, 1)


def train(kind, seed, steps):
    torch.manual_seed(seed)
    layer = KINDS[kind](2, HIDDEN, batch_first=True)
    head = torch.nn.Linear(HIDDEN, 1)
    optimizer = torch.optim.Adam([*layer.parameters(), *head.parameters()], RATE)
    losses = []
    for _ in range(steps):
        x, y = batch(BATCH)
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(head(layer(x)[0][:, -1]), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        x, y = batch(1000)
        error = torch.nn.functional.mse_loss(head(layer(x)[0][:, -1]), y).item()
    return losses, error


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
whole = "--whole" in sys.argv
lines = []
for kind in KINDS:
    for seed in (1, 2, 3):
        losses, error = train(kind, seed, WHOLE if whole else RECORDED)
        if whole:
            print(kind, seed, error, flush=True)
        lines += [f"{kind},{seed},{step},{loss!r}" for step, loss in enumerate(losses[:RECORDED])]
if not whole:
    head = f"# PyTorch {torch.__version__}: layer, seed, step, loss"
    path = pathlib.Path(__file__).with_name("adding.csv")
    path.write_text("\n".join([head, *lines]) + "\n")
