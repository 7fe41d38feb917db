#!/usr/bin/env python3
"""Logistic regression on frozen features with scikit-learn: the other side of bench/tuning-accuracy.mjs.

usage: logistic_regression.py MODEL.onnx TRAIN TEST
TRAIN and TEST are folders of images by class. Images are stretched to 224 x 224 by Pillow (bilinear), RGB from -1 to 1,
as MobileNet wants them; features are the output "features" by onnxruntime. Prints one JSON line: the accuracy on TEST of
scikit-learn's LogisticRegression as it comes, but for enough iterations.
"""
import json
import os
import sys

import numpy as np
import onnxruntime
from PIL import Image
from sklearn.linear_model import LogisticRegression

SIZE = 224


def load(session, folder):
    name = session.get_inputs()[0].name
    features, labels = [], []
    for label, class_name in enumerate(sorted(os.listdir(folder))):
        for file in sorted(os.listdir(os.path.join(folder, class_name))):
            with Image.open(os.path.join(folder, class_name, file)) as image:
                pixels = np.asarray(image.convert("RGB").resize((SIZE, SIZE), Image.BILINEAR), np.float32)
            batch = (pixels / 127.5 - 1).transpose(2, 0, 1)[None]
            features.append(session.run(["features"], {name: batch})[0][0])
            labels.append(label)
    return np.stack(features), np.array(labels)


def main():
    model, train, test = sys.argv[1:4]
    session = onnxruntime.InferenceSession(model)
    (x, y), (x_test, y_test) = load(session, train), load(session, test)
    fitted = LogisticRegression(max_iter=5000).fit(x, y)
    print(json.dumps({"accuracy": float(fitted.score(x_test, y_test)), "rows": len(y_test)}))


main()
