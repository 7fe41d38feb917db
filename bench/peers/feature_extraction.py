#!/usr/bin/env python3
"""Features of images with onnxruntime and Pillow, timed: the other side of bench/feature-extraction.mjs.

usage: feature_extraction.py MODEL.onnx WORK THREADS
WORK holds images.json (dims of the decoded images, files) and decoded.f32, their values.
network: decoded images to features, the best of several batch sizes; decode: files to values (bilinear, x/127.5 - 1) in
threads; files: both, decoding ahead of the network. Prints one JSON line, milliseconds per image: the median of five
passes after one that does not count.
"""
import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
import PIL
from PIL import Image

PASSES = 5


def milliseconds(run, images):
    times = []
    for _ in range(PASSES + 1):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3 / images)
    return statistics.median(times[1:])


def main():
    model, work, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(f"{work}/images.json", encoding="utf-8") as file:
        facts = json.load(file)
    dims, files = facts["dims"], facts["files"]
    decoded = np.fromfile(f"{work}/decoded.f32", np.float32).reshape(dims)
    n, _, height, width = dims
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def decode(file):
        with Image.open(file) as image:
            pixels = np.asarray(image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR))
        return np.ascontiguousarray((pixels.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1))

    def network(batch):
        for i in range(0, n, batch):
            session.run(None, {name: decoded[i : i + batch]})

    with ThreadPoolExecutor(threads) as pool:

        def whole(batch):
            rows = []
            for row in pool.map(decode, files):
                rows.append(row)
                if len(rows) == batch:
                    session.run(None, {name: np.stack(rows)})
                    rows = []
            if rows:
                session.run(None, {name: np.stack(rows)})

        result = {
            "network": min(milliseconds(lambda b=b: network(b), n) for b in (1, 8, 32)),
            "decode": milliseconds(lambda: list(pool.map(decode, files)), n),
            "files": min(milliseconds(lambda b=b: whole(b), n) for b in (1, 8)),
        }
    runtime, pillow = f"onnxruntime {onnxruntime.__version__}", f"Pillow {PIL.__version__}"
    result["versions"] = {"network": runtime, "decode": pillow, "files": f"{runtime}, {pillow}"}
    print(json.dumps(result))


main()
