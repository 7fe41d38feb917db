#!/usr/bin/env python3
"""Training steps of a convolutional network with PyTorch, timed: the other side of bench/fine-tuning.mjs.

usage: fine_tuning.py MODEL.onnx CLASSES BATCH THREADS STEPS
The network is that of the file, its operators (Conv, Clip, Relu, Add, GlobalAveragePool, Flatten) being called as
PyTorch's own in the file's order, all weights trained; a new linear head on its output "features"; AdamW, softmax
cross-entropy. Prints one JSON line: the median milliseconds of STEPS steps after 3 that do not count.
"""
import json
import statistics
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper


def padded(x, pads):
    """PyTorch pads both ends alike: what does not is padded before."""
    top, left, bottom, right = pads
    if top == bottom and left == right:
        return x, (top, left)
    return F.pad(x, (left, right, top, bottom)), 0


def forward(graph, parameters, constants, x):
    values = {graph.input[0].name: x}
    for node in graph.node:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        given = [values.get(name) for name in node.input]
        if node.op_type == "Conv":
            weight, bias = (parameters[name] for name in node.input[1:3])
            image, padding = padded(given[0], attributes.get("pads", [0, 0, 0, 0]))
            strides, groups = attributes.get("strides", [1, 1]), attributes.get("group", 1)
            result = F.conv2d(image, weight, bias, strides, padding, 1, groups)
        elif node.op_type == "Clip":
            low, high = (constants[name] for name in node.input[1:3])
            result = F.hardtanh(given[0], low, high)
        elif node.op_type == "Relu":
            result = F.relu(given[0])
        elif node.op_type == "Add":
            result = given[0] + given[1]
        elif node.op_type == "GlobalAveragePool":
            result = given[0].mean((2, 3), keepdim=True)
        elif node.op_type == "Flatten":
            result = given[0].flatten(1)
        else:
            raise SystemExit(f"{node.op_type} is not among the operators that this script knows")
        values[node.output[0]] = result
    return values["features"]


def main():
    path, classes, batch, threads, steps = sys.argv[1], *map(int, sys.argv[2:6])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    graph = onnx.load(path).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    parameters = {name: torch.nn.Parameter(torch.tensor(np.array(x))) for name, x in tensors.items() if x.ndim > 0}
    constants = {name: float(x) for name, x in tensors.items() if x.ndim == 0}
    images = torch.rand(batch, 3, 224, 224) * 2 - 1
    labels = torch.arange(batch) % classes
    with torch.no_grad():
        width = forward(graph, parameters, constants, images[:1]).shape[1]
    head = torch.nn.Linear(width, classes)
    optimiser = torch.optim.AdamW([*parameters.values(), *head.parameters()], lr=1e-4, weight_decay=1e-2)
    times = []
    for _ in range(3 + steps):
        start = time.perf_counter()
        optimiser.zero_grad()
        loss = F.cross_entropy(head(forward(graph, parameters, constants, images)), labels)
        loss.backward()
        optimiser.step()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps({"milliseconds": statistics.median(times[3:]), "loss": float(loss.detach()), "torch": torch.__version__}))


main()
