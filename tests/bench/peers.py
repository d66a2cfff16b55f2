#!/usr/bin/env python3
"""Times the Python libraries that explain trees beside Shapscope, one thread each.

    python3 tests/bench/peers.py [--shapscope build/shapscope-cli] [--only WORD] [--quick]

Measured are those peers that this Python can import (xgboost and numpy are needed; lightgbm,
catboost, shap, fasttreeshap, woodelf, shapiq are welcome). Models: 100 trees on 100,000 rows of 50
standard normal features. A peer gets as many rows as fill about --seconds (woodelf, which
prepares much, all rows), after a warm-up, and is timed from arrays in memory to values; Shapscope
explains the rows of a file, and its time is the `seconds` that its result carries. Both as ns per
(row, tree), the best of three.
"""
import argparse
import contextlib
import importlib
import importlib.metadata
import io
import os
import subprocess
import tempfile
import time

import numpy as np

N_ROWS, N_FEATURES, N_TREES = 100_000, 50, 100


class Contest:
    """Rows, a folder, and the table that grows."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.n_rows = 2_000 if options.quick else N_ROWS
        self.n_trees = 5 if options.quick else N_TREES
        random = np.random.default_rng(1)
        x = random.standard_normal((self.n_rows, N_FEATURES)).astype(np.float32)
        noise = random.standard_normal(self.n_rows)
        self.target = (x[:, :10] @ random.standard_normal(10) + np.sin(3 * x[:, 10])
                       + x[:, 11] * x[:, 12] + x[:, 13] * x[:, 14] + noise)
        self.rows = x
        self.background = random.standard_normal(x.shape).astype(np.float32)
        np.save(self.path("rows.npy"), x)

    def path(self, name):
        return os.path.join(self.folder, name)

    def ours(self, model, n_rows=None, background=None, interactions=False):
        """Returns (ns per row and tree, the arrays of the last run)."""
        words = [self.options.shapscope, "explain", model, self.path("rows.npy"), "-o",
                 self.path("ours.npz"), "--threads", "1"]
        if n_rows is not None:
            words += ["--rows", f"0:{n_rows}"]
        if background is not None:
            np.save(self.path("background.npy"), background)
            words += ["--background", self.path("background.npy")]
        if interactions:
            words += ["--interactions"]
        seconds = []
        for _ in range(3):
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            with np.load(self.path("ours.npz")) as file:
                arrays = {name: file[name] for name in
                          ("values", "interactions" if interactions else "values", "seconds")}
            seconds.append(float(arrays["seconds"]))
        return min(seconds) / ((n_rows or self.n_rows) * self.n_trees) * 1e9, arrays

    def peer(self, explain, n_whole):
        """Calls explain(n), with n_whole rows or as many as fill the time; (ns, n, values)."""
        n = n_whole or 2
        timed(explain, 2)
        seconds, values = timed(explain, n)
        while not n_whole and seconds < self.options.seconds / 4 and n < self.n_rows:
            n = min(4 * n, self.n_rows)
            seconds, values = timed(explain, n)
        for _ in range(2):
            again, values = timed(explain, n)
            seconds = min(seconds, again)
        return seconds / (n * self.n_trees) * 1e9, n, values

    def line(self, what, name, explain, ours, expected, n_whole=None):
        """A line of the table; a peer that fails says why."""
        try:
            nanoseconds, n, values = self.peer(explain, n_whole)
        except Exception as error:  # a peer's fault is a result, too
            print(f"| {what} | {name} | - | | {ours:,.1f} | | {type(error).__name__}: {error} |")
            return
        rows = min(n, len(expected))
        difference = np.abs(np.asarray(values)[:rows] - expected[:rows]).max()
        print(f"| {what} | {name} | {n:,} | {nanoseconds:,.0f} | {ours:,.1f} |"
              f" {nanoseconds / ours:,.0f} | {difference:.1e} |", flush=True)


def timed(explain, n):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        start = time.perf_counter()
        values = explain(n)
        return time.perf_counter() - start, values


def version(package):
    return f"{package} {importlib.metadata.version(package)}"


def find(module):
    try:
        return importlib.import_module(module)
    except Exception:  # some fail at import time in ways of their own
        return None


def train_xgboost(contest, depth):
    import xgboost

    booster = xgboost.train({"max_depth": depth, "eta": 0.1, "tree_method": "hist", "nthread": 1},
                            xgboost.DMatrix(contest.rows, contest.target), contest.n_trees)
    path = contest.path(f"depth{depth}.json")
    booster.save_model(path)
    return booster, path


def frame(rows):
    import pandas

    return pandas.DataFrame(rows, columns=[f"f{i}" for i in range(rows.shape[1])])


def shap_explainer(shap, booster, background=None):
    """Its own C code: else XGBoost's values would be asked for."""
    if background is None:
        explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    else:
        whole = shap.maskers.Independent(background, max_samples=len(background))
        explainer = shap.TreeExplainer(booster, data=whole)
    explainer.model.model_type = "internal"
    return explainer


def path_dependent(contest):
    import xgboost

    shap, fast, woodelf, shapiq = map(find, ("shap", "fasttreeshap", "woodelf", "shapiq"))
    for depth in (3, 6, 8, 12, 16):
        booster, path = train_xgboost(contest, depth)
        n_rows = 4_096 if depth > 8 and not contest.options.quick else None
        ours, arrays = contest.ours(path, n_rows)
        what = f"path-dependent, depth {depth}"
        x = contest.rows

        def line(name, explain, n_whole=None):
            contest.line(what, name, explain, ours, arrays["values"], n_whole)

        line(version("xgboost"), lambda n: booster.predict(xgboost.DMatrix(x[:n]),
                                                           pred_contribs=True)[:, :-1])
        if shap:
            explainer = shap_explainer(shap, booster)
            line(version("shap"), lambda n: explainer.shap_values(x[:n], check_additivity=False))
        if fast and depth <= 12:  # its tables have 2^depth entries a leaf
            fast_explainer = fast.TreeExplainer(booster, algorithm="v2", n_jobs=1, shortcut=False)
            line(version("fasttreeshap") + " v2",
                 lambda n: fast_explainer.shap_values(x[:n], check_additivity=False))
        if woodelf and depth <= 8:
            line(version("woodelf-explainer"),
                 lambda n: woodelf.WoodelfExplainer(booster).shap_values(frame(x[:n])),
                 contest.n_rows)
        if shapiq and depth <= 12:
            row_explainer = shapiq.TreeExplainer(booster, max_order=1, index="SV")
            line(version("shapiq"), lambda n: np.array(
                [row_explainer.explain(row).get_n_order_values(1) for row in x[:n]]))


def pairs(contest):
    import xgboost

    shap, woodelf = map(find, ("shap", "woodelf"))
    for depth in (6, 8):
        booster, path = train_xgboost(contest, depth)
        n_rows = min(contest.n_rows, 20_000)
        ours, arrays = contest.ours(path, n_rows, interactions=True)
        x = contest.rows

        def line(name, explain, n_whole=None):
            contest.line(f"pairs, depth {depth}", name, explain, ours, arrays["interactions"],
                         n_whole)

        line(version("xgboost"), lambda n: booster.predict(
            xgboost.DMatrix(x[:n]), pred_interactions=True)[:, :-1, :-1])
        if shap:
            explainer = shap_explainer(shap, booster)
            line(version("shap"), lambda n: explainer.shap_interaction_values(x[:n]))
        if woodelf:
            line(version("woodelf-explainer"), lambda n: as_matrices(
                woodelf.WoodelfExplainer(booster).shap_interaction_values(frame(x[:n]),
                                                                          as_df=True), n), n_rows)


def as_matrices(table, n):
    """Columns (a, b) of half the pairs' values to (n, M, M); the diagonal is not among them."""
    values = np.full((n, N_FEATURES, N_FEATURES), np.nan)
    for (first, second), column in table.items():
        i, j = int(first[1:]), int(second[1:])
        values[:, i, j] = values[:, j, i] = column
    return values


def interventional(contest):
    shap, woodelf = map(find, ("shap", "woodelf"))
    booster, path = train_xgboost(contest, 6)
    x = contest.rows
    for n_background in (100, contest.n_rows):
        background = contest.background[:n_background]
        ours, arrays = contest.ours(path, background=background)

        def line(name, explain, n_whole=None):
            contest.line(f"against {n_background:,} rows, depth 6", name, explain, ours,
                         arrays["values"], n_whole)

        if shap and n_background == 100:
            explainer = shap_explainer(shap, booster, background)
            line(version("shap"), lambda n: explainer.shap_values(x[:n], check_additivity=False))
        if woodelf:
            line(version("woodelf-explainer"), lambda n: woodelf.WoodelfExplainer(
                booster, frame(background)).shap_values(frame(x[:n])), contest.n_rows)


def other_libraries(contest):
    lightgbm, catboost = map(find, ("lightgbm", "catboost"))
    x = contest.rows
    if lightgbm:
        data = lightgbm.Dataset(x, contest.target)
        booster = lightgbm.train({"num_leaves": 64, "max_depth": 6, "num_threads": 1,
                                  "verbose": -1}, data, contest.n_trees)
        path = contest.path("lightgbm.txt")
        booster.save_model(path)
        ours, arrays = contest.ours(path)
        contest.line("LightGBM, depth 6", version("lightgbm"),
                     lambda n: booster.predict(x[:n], pred_contrib=True, num_threads=1)[:, :-1],
                     ours, arrays["values"])
    if catboost:
        model = catboost.CatBoostRegressor(iterations=contest.n_trees, depth=6, thread_count=1,
                                           verbose=False, allow_writing_files=False)
        model.fit(x, contest.target)
        path = contest.path("catboost.cbm")
        model.save_model(path)
        ours, arrays = contest.ours(path)
        contest.line("CatBoost, oblivious, depth 6", version("catboost"),
                     lambda n: model.get_feature_importance(
                         data=catboost.Pool(x[:n]), type="ShapValues", thread_count=1,
                         shap_calc_type="Regular")[:, :-1],
                     ours, arrays["values"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shapscope", default="build/shapscope-cli")
    parser.add_argument("--only", help="path, pairs, against or other")
    parser.add_argument("--seconds", type=float, default=4, help="of a peer's run")
    parser.add_argument("--quick", action="store_true", help="small models: does it run at all?")
    options = parser.parse_args()
    if options.quick:
        options.seconds = 0.05
    parts = {"path": path_dependent, "pairs": pairs, "against": interventional,
             "other": other_libraries}
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest(options, folder)
        print("| values | peer | its rows | its ns | Shapscope, ns | times faster |"
              " largest difference |\n|---|---|---:|---:|---:|---:|---:|", flush=True)
        for word, part in parts.items():
            if options.only in (None, word):
                part(contest)


if __name__ == "__main__":
    main()
