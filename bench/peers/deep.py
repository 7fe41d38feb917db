#!/usr/bin/env python3
"""Deep adaptation with PyTorch, timed: the other side of bench/deep.mjs.

usage: deep.py METHOD FOLDER THREADS EPOCHS
LeNet-5 on the digits of FOLDER (see bench/deep/digits-files.mjs), 64 rows of each domain in a step: the same layers, losses,
optimiser (Adam with a penalty on weights, gradients clipped) and schedules as bench/deep/epochs.mjs. Prints one JSON line: the
median milliseconds of an epoch after the first, and the share of the target that is right in the end.
"""
import json
import math
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

BATCH = 64
RATE = 1e-3
DECAY = 5e-4
LARGEST_NORM = 20


def read(folder, name):
    labels = torch.frombuffer(bytearray(open(os.path.join(folder, name + ".labels"), "rb").read()), dtype=torch.uint8)
    pixels = torch.frombuffer(bytearray(open(os.path.join(folder, name + ".pixels"), "rb").read()), dtype=torch.float32)
    return pixels.reshape(len(labels), 1, 28, 28), labels.long()


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.images = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        """The two hidden dense layers and the logits."""
        first = F.relu(self.fc1(self.images(x).flatten(1)))
        second = F.relu(self.fc2(first))
        return first, second, self.fc3(second)


def rise(part):
    """How the weight of the adaptation grows from 0 to 1 over training."""
    return 2 / (1 + math.exp(-10 * part)) - 1


class ReverseGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return -ctx.factor * gradient, None


class Dann(nn.Module):
    """
    A discriminator of two hidden layers behind a reversed gradient. Gives the loss, its factor and a measure beside it: the
    discriminator's share of right answers.
    """

    def __init__(self):
        super().__init__()
        self.scores = nn.Sequential(
            nn.Linear(84, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1), nn.Flatten(0)
        )
        self.domains = torch.cat([torch.ones(BATCH), torch.zeros(BATCH)])

    def renew(self, *_):
        pass

    def forward(self, values, part):
        scores = self.scores(ReverseGradient.apply(values[1], rise(part)))
        # Each domain counts once: the mean over both, twice.
        loss = 2 * F.binary_cross_entropy_with_logits(scores, self.domains)
        right = ((scores.detach() > 0) == (self.domains > 0)).float().mean()
        return loss, 1, right


class Dan(nn.Module):
    """
    Multi-kernel MMD of both hidden layers and the logits over all pairs of a batch, the bandwidth their mean squared
    distance; the kernels are weighed by DAN's quadratic program in each epoch, on SAMPLE rows of each domain.
    """

    SAMPLE = 1024

    def __init__(self):
        super().__init__()
        self.factors = torch.tensor([0.25, 0.5, 1, 2, 4])
        self.weights = [torch.full((5,), 0.2)] * 3
        sign = torch.cat([torch.ones(BATCH), -torch.ones(BATCH)])
        same = torch.outer(sign, sign)
        within, across = 1 / (BATCH * (BATCH - 1)), -1 / BATCH**2
        self.pairs = torch.where(same > 0, within, across).fill_diagonal_(0)

    def renew(self, network, source, target):
        with torch.no_grad():
            layers = [network(images[torch.randperm(len(images))[: self.SAMPLE]]) for images in (source, target)]
            self.weights = [self.optimum(*pair) for pair in zip(*layers)]

    def optimum(self, source, target):
        (s1, s2), (t1, t2) = ((x[0::2], x[1::2]) for x in (source, target))
        distances = torch.stack([(a - b).square().sum(1) for a, b in ((s1, s2), (t1, t2), (s1, t2), (s2, t1))])
        kernels = torch.exp(-distances[..., None] / (self.factors * distances.mean()))
        terms = (kernels[0] + kernels[1] - kernels[2] - kernels[3]).double()
        mean, steps = terms.mean(0), terms[0::2] - terms[1::2]
        covariance = steps.T @ steps / len(steps) + 1e-3 * torch.eye(5)
        best, weights = 0, torch.eye(5)[(mean / covariance.diagonal().sqrt()).argmax()]
        # So few kernels that all sets of those with a weight can be tried.
        for chosen in range(1, 32):
            places = [u for u in range(5) if chosen >> u & 1]
            found = torch.linalg.solve(covariance[places][:, places], mean[places])
            if found.min() > 0 and found @ mean[places] > best:
                best, weights = found @ mean[places], torch.zeros(5)
                weights[places] = (found / found.sum()).float()
        return weights

    def forward(self, values, part):
        parts = [self.discrepancy(x, weights) for x, weights in zip(values, self.weights)]
        return sum(parts), rise(part), torch.zeros(())

    def discrepancy(self, x, weights):
        x = x - x.detach().mean(0)
        lengths = x.square().sum(1)
        distances = torch.relu(torch.addmm(lengths[:, None] + lengths, x, x.T, alpha=-2))
        bandwidth = distances.detach().sum() / (len(x) * (len(x) - 1))
        kernels = torch.exp(distances * (-1 / (self.factors * bandwidth))[:, None, None])
        return weights @ (kernels * self.pairs).sum((1, 2))


def batches(rows, generator):
    """Row numbers of each step, all rows in a new order on every pass."""
    left = torch.empty(0, dtype=torch.long)
    while True:
        while len(left) < BATCH:
            left = torch.cat([left, torch.randperm(rows, generator=generator)])
        yield left[:BATCH]
        left = left[BATCH:]


def main():
    method, folder, threads, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    (source, labels), (target, hidden) = read(folder, "source"), read(folder, "target")
    network, adaptation = LeNet(), {"dann": Dann, "dan": Dan}[method]()
    parameters = [*network.parameters(), *adaptation.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=RATE, weight_decay=DECAY)
    steps = max(len(source), len(target)) // BATCH
    rows = [batches(len(images), generator) for images in (source, target)]
    times = []
    for epoch in range(epochs):
        start = time.perf_counter()
        sums = torch.zeros(4)
        adaptation.renew(network, source, target)
        for step in range(steps):
            part = (epoch * steps + step) / (epochs * steps)
            optimiser.param_groups[0]["lr"] = RATE * (1 + 10 * part) ** -0.75
            here, there = (next(each) for each in rows)
            values = network(torch.cat([source[here], target[there]]))
            classification = F.cross_entropy(values[2][:BATCH], labels[here])
            discrepancy, factor, measured = adaptation(values, part)
            optimiser.zero_grad()
            (classification + factor * discrepancy).backward()
            norm = nn.utils.clip_grad_norm_(parameters, LARGEST_NORM)
            optimiser.step()
            sums += torch.stack([classification.detach(), discrepancy.detach(), measured, norm])
        times.append(1000 * (time.perf_counter() - start))
    names = ["classification", "adaptation", "measured", "norm"]
    losses = {name: value / steps for name, value in zip(names, sums.tolist())}
    with torch.no_grad():
        accuracy = (network(target)[2].argmax(1) == hidden).float().mean()
    print(
        json.dumps(
            {
                "milliseconds": statistics.median(times[1:]),
                "losses": losses,
                "accuracy": float(accuracy),
                "torch": torch.__version__,
            }
        )
    )


main()
