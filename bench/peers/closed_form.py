#!/usr/bin/env python3
"""Closed-form domain adaptation with NumPy and SciPy, timed: the other side of bench/shallow.mjs.

usage: closed_form.py METHOD SOURCE.npz TARGET.npz [components=20]
METHOD is coral, sa or gfk. Arrays in a file: x (rows by features), y (labels; the target's only score).
Prints one JSON line: method, accuracy, and the seconds of method and nearest neighbour, without reading and scaling:
the median of the second to ninth time in this process, and the first time by itself.

coral: Sun, Feng and Saenko 2016. sa: Fernando, Habrard, Sebban and Tuytelaars 2013. gfk: Gong, Shi, Sha and Grauman
2012, with the number of components given. Of the ways to write each, the fastest one tried is the one kept: a
symmetric solver restricted to the wanted eigenvectors instead of an SVD of the data, principal angles from products
of the two bases instead of an orthogonal complement.
"""
import json
import statistics
import sys
import time

import numpy as np
import scipy.linalg


def prepare(x):
    """Divides each row by its sum where the rows are counts, then z-scores each column (population deviation)."""
    x = x.astype(np.float64)
    if x.min() >= 0 and x.max() > 1:
        x = x / np.maximum(x.sum(axis=1, keepdims=True), 1e-12)
    deviation = x.std(axis=0)
    constant = deviation == 0
    return np.where(constant, 0, (x - x.mean(axis=0)) / np.where(constant, 1, deviation))


def nearest(distances, labels):
    return labels[distances.argmin(axis=1)]


def squared_distances(a, b):
    """Squared Euclidean distances of the rows of a and b, up to a constant for each row of a."""
    return (b**2).sum(axis=1)[None] - 2 * (a @ b.T)


def symmetric_power(m, exponent):
    values, vectors = np.linalg.eigh(m)
    return (vectors * values**exponent) @ vectors.T


def coral(xs, ys, xt, _):
    """Whitens the source by its own covariance and colours it with the target's."""
    eye = np.eye(xs.shape[1])
    cs = np.cov(xs, rowvar=False) + eye
    ct = np.cov(xt, rowvar=False) + eye
    mapped = xs @ (symmetric_power(cs, -0.5) @ symmetric_power(ct, 0.5))
    return nearest(squared_distances(xt, mapped), ys)


def principal_axes(x, count):
    """The leading eigenvectors of the covariance of z-scored rows, as columns."""
    d = x.shape[1]
    _, vectors = scipy.linalg.eigh(x.T @ x, subset_by_index=[d - count, d - 1], check_finite=False)
    return vectors[:, ::-1]


def sa(xs, ys, xt, components):
    """Projects each domain to its own principal axes and rotates the source's to the target's."""
    ps, pt = principal_axes(xs, components), principal_axes(xt, components)
    return nearest(squared_distances(xt @ pt, xs @ (ps @ (ps.T @ pt))), ys)


def gfk(xs, ys, xt, components):
    """Nearest neighbour under the kernel that integrates over the geodesic between the two principal subspaces."""
    ps, pt = principal_axes(xs, components), principal_axes(xt, components)
    u, cosine, vt = np.linalg.svd(ps.T @ pt)
    start, end = ps @ u, pt @ vt.T
    angle = np.arccos(np.clip(cosine, -1, 1))
    direction = start * cosine - end
    length = np.linalg.norm(direction, axis=0)
    direction = direction / np.where(length > 1e-12, length, 1)
    safe = np.where(angle > 1e-8, angle, 1)
    sine = np.where(angle > 1e-8, np.sin(2 * safe) / (2 * safe), 1)
    mixed = np.where(angle > 1e-8, (np.cos(2 * safe) - 1) / (2 * safe), 0)
    kernel = (start * (1 + sine)) @ start.T + (direction * (1 - sine)) @ direction.T
    cross = (start * mixed) @ direction.T
    kernel += cross + cross.T
    mapped = xs @ kernel
    distances = (mapped * xs).sum(axis=1)[None] - 2 * (xt @ mapped.T)
    return nearest(distances, ys)


def main():
    method, source, target = sys.argv[1:4]
    components = int(sys.argv[4]) if len(sys.argv) > 4 else 20
    s, t = np.load(source), np.load(target)
    xs, ys, xt, yt = prepare(s["x"]), s["y"], prepare(t["x"]), t["y"]
    run = {"coral": coral, "sa": sa, "gfk": gfk}[method]
    times = []
    for _ in range(9):
        start = time.perf_counter()
        guess = run(xs, ys, xt, components)
        times.append(time.perf_counter() - start)
    seconds = statistics.median(times[1:])
    accuracy = float((guess == yt).mean())
    print(json.dumps({"method": method, "accuracy": accuracy, "seconds": seconds, "firstSeconds": times[0]}))


main()
